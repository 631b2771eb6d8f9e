/** The OpenAPI 3.1 document, made from the routes' own schemas. */
import { toJsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";
import { PROBLEM_MEDIA_TYPE, problemSchema } from "../../shared/protocol/problem.ts";
import type { Route } from "./route.ts";

type Json = Record<string, unknown>;

function jsonSchema(schema: v.GenericSchema, typeMode: "input" | "output"): Json {
  // Checks in code cannot be said in JSON Schema; the reply to a bad value says them.
  const { $schema: _, ...rest } = toJsonSchema(schema as never, { errorMode: "ignore", typeMode }) as Json;
  return rest;
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
  const status = String(route.status ?? 200);
  const content = route.reply && { "application/json": { schema: jsonSchema(route.reply, "output") } };
  return {
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: jsonSchema(route.body, "input") } },
      },
    }),
    ...(route.raw && {
      requestBody: {
        required: true,
        content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
      },
    }),
    responses: {
      [status]: { description: route.summary, ...(content && { content }) },
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
  };
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
    paths,
    components: {
      schemas: { Problem: jsonSchema(problemSchema, "output") },
      securitySchemes: {
        token: { type: "http", scheme: "bearer" },
        uplink: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "cuecast_session" },
      },
    },
  };
}
