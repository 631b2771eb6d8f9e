/** Regions: their names, line-ups and the addresses of their edges, as drafted. */
import * as v from "valibot";
import { type RegionEntry, regionEntrySchema } from "../../shared/publication/entries.ts";
import { createLock } from "../publish/lock.ts";
import type { Drafts } from "../store/drafts.ts";
import { requireMatch, tagOf } from "./match.ts";
import { type Route, route, Tagged } from "./route.ts";

const { id: _id, ...fields } = regionEntrySchema.entries;
const listSchema = v.object({ regions: v.array(regionEntrySchema) });
export type RegionsReply = v.InferOutput<typeof listSchema>;

export function regionRoutes({ drafts }: { drafts: Drafts }): Route[] {
  const inTurn = createLock();
  return [
    route("GET", "/api/v1/regions", {
      summary: "All regions",
      access: "people",
      reply: listSchema,
      handle: async () => ({ regions: await drafts.regions() }),
    }),
    route("PUT", "/api/v1/regions/{id}", {
      summary: "Makes or replaces a region; edges that enrol with an address are added when it is published",
      access: "people",
      action: "operate",
      body: v.object({ ...fields, edges: v.optional(fields.edges, []) }),
      reply: regionEntrySchema,
      handle: ({ params, body, request, changed }) =>
        inTurn(async () => {
          const region: RegionEntry = { id: String(params.id), ...body };
          const before = (await drafts.regions()).find(({ id }) => id === region.id);
          requireMatch(request, before, region.id);
          await drafts.putRegion(region);
          changed(region.id, before, region);
          return new Tagged(region, tagOf(region));
        }),
    }),
  ];
}
