/** The OpenAPI 3.1 document, made from the routes' own schemas, with an example of each body and every problem. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { PROBLEM_MEDIA_TYPE, problemSchema } from "../../shared/protocol/problem.ts";
import { mayDo, ROLES } from "../people/roles.ts";
import { BODY_EXAMPLES } from "./examples.ts";
import { PROBLEMS, type ProblemCode, type ProblemWords } from "./problems.ts";
import { refusalsOf } from "./refusals.ts";
import { actionOf, type Route } from "./route.ts";

type Json = Record<string, unknown>;

/** What the routes are about, by the first word of their address. */
const GROUPS: readonly [group: string, words: readonly string[]][] = [
  ["Interactions", ["interactions", "interaction-tags", "interaction-versions", "images"]],
  ["Placements", ["placements", "preview", "explain", "timeline", "programmes"]],
  ["Channels", ["channels", "channel-groups", "channel-rules", "effect", "regions"]],
  ["Guide", ["guide"]],
  ["Publishing", ["on-air", "air", "publish", "rollback", "withdraw", "publications", "storm"]],
  ["Results", ["results", "unknown-cues"]],
  ["Edges and central", ["edges", "status", "events", "backups", "webhooks", "healthz", "readyz"]],
  ["Boxes and privacy", ["boxes", "box-tokens", "box-revocations", "retention"]],
  ["People", ["session", "sessions", "password", "sign-in", "oidc", "people", "tokens", "audit"]],
];

export function groupOf(path: string): string {
  if (path.startsWith("/uplink/")) return "Uplink of edges";
  const word = path.replace("/api/v1", "").split("/")[1] ?? "";
  return GROUPS.find(([, words]) => words.includes(word))?.[0] ?? "Other";
}

function jsonSchema(schema: v.GenericSchema, typeMode: "input" | "output"): Json {
  // Checks in code cannot be said in JSON Schema; the reply to a bad value says them.
  const { $schema: _, ...rest } = toJsonSchema(schema as never, { errorMode: "ignore", typeMode }) as Json;
  return rest;
}

const wordsOf = (code: ProblemCode): ProblemWords => PROBLEMS[code];

/** One response for each status that a problem of this route has. */
function problems(route: Route): Json {
  const responses: Json = {};
  for (const [status, codes] of Map.groupBy(refusalsOf(route), (code) => wordsOf(code)[0])) {
    responses[status] = {
      description: codes.map((code) => `${code}: ${wordsOf(code)[1]}`).join(". "),
      content: {
        [PROBLEM_MEDIA_TYPE]: {
          schema: { $ref: "#/components/schemas/Problem" },
          examples: Object.fromEntries(
            codes.map((code) => [code, { $ref: `#/components/examples/${code}` }]),
          ),
        },
      },
    };
  }
  return responses;
}

function requestBody(route: Route): Json | undefined {
  if (route.raw) {
    return {
      required: true,
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    };
  }
  const shown = route.bodyShown ?? route.body;
  if (!shown) return undefined;
  const example = BODY_EXAMPLES[`${route.method} ${route.path}`];
  return {
    required: true,
    content: {
      "application/json": {
        schema: jsonSchema(shown, "input"),
        ...(example !== undefined && { example }),
      },
    },
  };
}

function replyContent({ reply, produces }: Route): Json | undefined {
  if (reply) return { "application/json": { schema: jsonSchema(reply, "output") } };
  if (produces === undefined) return undefined;
  const isText = /^(text|application\/xml)/.test(produces);
  return { [produces]: { schema: { type: "string", ...(!isText && { format: "binary" }) } } };
}

const TAG_HEADER: Json = {
  ETag: { schema: { type: "string" }, description: "Of the thing as it is now: to be sent as `If-Match`" },
};

function tagParameters({ method }: Route): Json[] {
  const header = (name: string, description: string) => ({
    ...{ name, in: "header", required: false, description },
    schema: { type: "string" },
  });
  if (method === "GET")
    return [header("If-None-Match", "ETags that are known already: 304 when it is one of them")];
  const ifMatch = header(
    "If-Match",
    "The ETag that was read: 412 when somebody else changed the thing since",
  );
  if (method === "DELETE") return [ifMatch];
  return [ifMatch, header("If-None-Match", "`*`: 412 when there is such a thing already")];
}

function operation(route: Route): Json {
  const parameters: Json[] = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => ({
    name: match[1],
    in: "path",
    required: true,
    schema: { type: "string" },
  }));
  if (route.query) {
    const { properties = {}, required = [] } = jsonSchema(route.query, "input") as {
      properties?: Record<string, Json>;
      required?: string[];
    };
    for (const [name, schema] of Object.entries(properties)) {
      parameters.push({ name, in: "query", required: required.includes(name), schema });
    }
  }
  if (route.tagged) parameters.push(...tagParameters(route));
  const status = String(route.status ?? 200);
  const content = replyContent(route);
  const body = requestBody(route);
  const action = actionOf(route);
  return {
    tags: [groupOf(route.path)],
    operationId: `${route.method.toLowerCase()} ${route.path}`,
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body && { requestBody: body }),
    responses: {
      [status]: {
        description: route.summary,
        ...(content && { content }),
        ...(route.tagged && status !== "204" && { headers: TAG_HEADER }),
      },
      ...(route.tagged &&
        route.method === "GET" && { 304: { description: "As `If-None-Match` has it", headers: TAG_HEADER } }),
      ...problems(route),
      default: {
        description: "What was wrong",
        content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: "#/components/schemas/Problem" } } },
      },
    },
    security:
      route.access === "open"
        ? []
        : route.access === "edge"
          ? [{ uplink: [] }]
          : [{ token: [] }, { session: [] }],
    ...(route.access === "people" && { "x-roles": ROLES.filter((role) => mayDo(role, action)) }),
  };
}

function problemExamples(): Json {
  const examples: Json = {};
  for (const [code, [status, en]] of Object.entries<ProblemWords>(PROBLEMS)) {
    const title = code.replaceAll("-", " ");
    examples[code] = {
      summary: en,
      value: {
        type: `/problems/${code}`,
        title: title.charAt(0).toUpperCase() + title.slice(1),
        status,
        detail: en,
      },
    };
  }
  return examples;
}

/** @param version of this program */
export function openApi(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = paths[route.path] ?? {};
    paths[route.path] = path;
    path[route.method.toLowerCase()] = operation(route);
  }
  return {
    openapi: "3.1.0",
    info: { title: "Cuecast central", version },
    tags: [...GROUPS.map(([name]) => ({ name })), { name: "Uplink of edges" }],
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, "output") },
      examples: problemExamples(),
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        uplink: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "cuecast_session" },
      },
    },
  };
}
