/** Guide sources: addresses that central fetches by itself. */
import * as v from "valibot";
import { type SourceView, sourceFields, sourceViewSchema } from "../guide/source.ts";
import type { SourceRunner } from "../guide/source-runner.ts";
import { createLock } from "../publish/lock.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must } from "./missing.ts";
import { type Route, route, Tagged } from "./route.ts";

const SETTINGS = Object.keys(sourceFields) as (keyof typeof sourceFields)[];

export function guideSourceRoutes({ sourceRunner }: { sourceRunner: SourceRunner }): Route[] {
  const inTurn = createLock();
  const find = async (id: string) => (await sourceRunner.views()).find((each) => each.id === id);
  /** What people change, as it is told: how it went says nothing. */
  const settingsOf = (view: SourceView | undefined) =>
    view && Object.fromEntries(SETTINGS.map((name) => [name, view[name]]));
  const tagged = (view: SourceView) => new Tagged(view, tagOf(settingsOf(view)));
  return [
    route("GET", "/api/v1/guide/sources", {
      summary: "Guide sources, how their last try went, and when the next one is",
      access: "people",
      reply: v.object({ sources: v.array(sourceViewSchema) }),
      handle: async () => ({ sources: await sourceRunner.views() }),
    }),
    route("GET", "/api/v1/guide/sources/{id}", {
      summary: "One guide source",
      access: "people",
      tagged: true,
      reply: sourceViewSchema,
      handle: async ({ params }) => tagged(must(await find(String(params.id)), "source", String(params.id))),
    }),
    route("PUT", "/api/v1/guide/sources/{id}", {
      summary: "Makes or replaces a guide source; it is asked at once",
      access: "people",
      action: "operate",
      tagged: true,
      secret: true,
      body: v.object(sourceFields),
      reply: sourceViewSchema,
      handle: ({ params, body, request }) =>
        inTurn(async () => {
          const id = String(params.id);
          requireMatch(request, settingsOf(await find(id)), id);
          return tagged(await sourceRunner.put({ id, ...body }));
        }),
    }),
    route("DELETE", "/api/v1/guide/sources/{id}", {
      summary: "Removes a guide source; what it brought stays",
      access: "people",
      action: "operate",
      tagged: true,
      status: 204,
      handle: ({ params, request }) =>
        inTurn(async () => {
          const id = String(params.id);
          requireMatch(request, settingsOf(await find(id)), id);
          await sourceRunner.remove(id);
        }),
    }),
    route("POST", "/api/v1/guide/sources/{id}/run", {
      summary:
        "Asks a guide source now, and waits for what comes of it; that it failed is told in its state (failures, why), as when it is asked by itself",
      access: "people",
      action: "guide",
      reply: sourceViewSchema,
      handle: ({ params }) => sourceRunner.run(String(params.id)),
    }),
  ];
}
