/** The OpenAPI document as the reference reads it: operations in a row, found by words. Pure. */

export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema | Schema[] | false;
  prefixItems?: Schema[];
  additionalProperties?: Schema | boolean;
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  description?: string;
  default?: unknown;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
}

export interface Parameter {
  name: string;
  in: "path" | "query";
  required: boolean;
  schema: Schema;
}

interface Content {
  schema?: Schema;
  example?: unknown;
  examples?: Record<string, unknown>;
}

export interface Described {
  tags: string[];
  summary: string;
  parameters?: Parameter[];
  requestBody?: { content: Record<string, Content> };
  responses: Record<string, { description: string; content?: Record<string, Content> }>;
  security: Record<string, unknown>[];
  "x-roles"?: string[];
}

export interface OpenApiDocument {
  info: { title: string; version: string };
  tags: { name: string }[];
  paths: Record<string, Record<string, Described>>;
}

export interface Operation extends Described {
  /** `put-api-v1-regions-id`: names it in the address. */
  id: string;
  method: string;
  path: string;
  group: string;
}

/** In the order of their groups; within one, of the document. */
export function operationsOf({ paths, tags }: OpenApiDocument): Operation[] {
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => ({
      ...described,
      id: `${method}${path.replaceAll(/[^A-Za-z0-9]+/g, "-")}`.replace(/-$/, ""),
      method: method.toUpperCase(),
      path,
      group: described.tags[0] ?? "",
    })),
  );
  const place = new Map(tags.map(({ name }, index) => [name, index]));
  return all.sort((a, b) => (place.get(a.group) ?? 99) - (place.get(b.group) ?? 99));
}

/** Every name within a schema: what it is searched by. */
function namesIn(schema: Schema | undefined): string[] {
  if (!schema) return [];
  const inner = [
    ...Object.values(schema.properties ?? {}),
    ...(schema.anyOf ?? schema.oneOf ?? schema.allOf ?? []),
    ...(schema.items && !Array.isArray(schema.items) ? [schema.items] : []),
  ];
  return [...Object.keys(schema.properties ?? {}), ...inner.flatMap(namesIn)];
}

const schemasOf = (content: Record<string, Content> = {}) =>
  Object.values(content).map(({ schema }) => schema);

/** Codes of the problems that an operation tells, by status. */
export function problemsOf({ responses }: Described): [status: string, codes: string[]][] {
  return Object.entries(responses).flatMap(([status, { content }]) => {
    const examples = content?.["application/problem+json"]?.examples;
    return examples ? [[status, Object.keys(examples)] as [string, string[]]] : [];
  });
}

/** What an operation gives when it goes well; undefined: no body. */
export function replyOf({ responses }: Described): { status: string; schema: Schema | undefined } {
  const status = Object.keys(responses).find((each) => each.startsWith("2")) ?? "200";
  return { status, schema: responses[status]?.content?.["application/json"]?.schema };
}

/** Everything that an operation is found by: address, summary, fields, problems. */
export function searchText(operation: Operation): string {
  const names = [
    ...(operation.parameters ?? []).map(({ name }) => name),
    ...schemasOf(operation.requestBody?.content).flatMap(namesIn),
    ...namesIn(replyOf(operation).schema),
    ...problemsOf(operation).flatMap(([, codes]) => codes),
  ];
  const { method, path, summary, group } = operation;
  return `${method} ${path} ${summary} ${group} ${[...new Set(names)].join(" ")}`.toLowerCase();
}

/** Those that hold every word; all of them for none. */
export function found<T extends { text: string }>(entries: readonly T[], question: string): T[] {
  const words = question.toLowerCase().split(/\s+/).filter(Boolean);
  return entries.filter(({ text }) => words.every((word) => text.includes(word)));
}
