/**
 * TypeScript types out of JSON schemas, as text: a package's types then stand without the library that the
 * schemas are written with. Knows what `shared/protocol/` is made of, and refuses the rest.
 */

export interface JsonSchema {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
}

/**
 * @returns a type on one line
 * @throws {Error} for a schema of a kind that no message has
 */
export function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return choices.map(typeOf).join(" | ");
  switch (schema.type) {
    case "string":
    case "boolean":
      return schema.type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return `(${typeOf(schema.items ?? {})})[]`;
    case "object":
      return objectOf(schema);
    default:
      throw new Error(`Cannot write the type of ${JSON.stringify(schema)}: it is of an unknown kind`);
  }
}

function objectOf({ properties = {}, required = [], additionalProperties }: JsonSchema): string {
  if (typeof additionalProperties === "object") return `{ [key: string]: ${typeOf(additionalProperties)} }`;
  const fields = Object.entries(properties).map(
    ([name, field]) =>
      `${name}${required.includes(name) ? "" : "?"}: ${optional(field, required.includes(name))}`,
  );
  return `{ ${fields.join("; ")} }`;
}

/** What may be missing may also be undefined, as the schemas' own types say. */
const optional = (schema: JsonSchema, isRequired: boolean) =>
  isRequired ? typeOf(schema) : `${typeOf(schema)} | undefined`;
