/** Guide sources: addresses that central fetches by itself. */
import * as v from "valibot";
import { sourceFields, sourceViewSchema } from "../guide/source.ts";
import type { SourceRunner } from "../guide/source-runner.ts";
import { type Route, route } from "./route.ts";

export function guideSourceRoutes({ sourceRunner }: { sourceRunner: SourceRunner }): Route[] {
  return [
    route("GET", "/api/v1/guide/sources", {
      summary: "Guide sources, how their last try went, and when the next one is",
      access: "people",
      reply: v.object({ sources: v.array(sourceViewSchema) }),
      handle: async () => ({ sources: await sourceRunner.views() }),
    }),
    route("PUT", "/api/v1/guide/sources/{id}", {
      summary: "Makes or replaces a guide source; it is asked at once",
      access: "people",
      action: "operate",
      secret: true,
      body: v.object(sourceFields),
      reply: sourceViewSchema,
      handle: ({ params, body }) => sourceRunner.put({ id: String(params.id), ...body }),
    }),
    route("DELETE", "/api/v1/guide/sources/{id}", {
      summary: "Removes a guide source; what it brought stays",
      access: "people",
      action: "operate",
      status: 204,
      handle: ({ params }) => sourceRunner.remove(String(params.id)),
    }),
    route("POST", "/api/v1/guide/sources/{id}/run", {
      summary: "Asks a guide source now, and waits for what comes of it",
      access: "people",
      action: "guide",
      reply: sourceViewSchema,
      handle: ({ params }) => sourceRunner.run(String(params.id)),
    }),
  ];
}
