/** Regions: their names, line-ups and the addresses of their edges, as drafted. */
import * as v from "valibot";
import { type RegionEntry, regionEntrySchema } from "../../shared/publication/entries.ts";
import { refuseUsed, usesOfRegion } from "../authoring/uses.ts";
import { createLock } from "../publish/lock.ts";
import type { Drafts } from "../store/drafts.ts";
import type { Fleet } from "../store/fleet.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must } from "./missing.ts";
import { type Route, route, Tagged } from "./route.ts";

const { id: _id, ...fields } = regionEntrySchema.entries;
const listSchema = v.object({ regions: v.array(regionEntrySchema) });
export type RegionsReply = v.InferOutput<typeof listSchema>;

export function regionRoutes({ drafts, fleet }: { drafts: Drafts; fleet: Fleet }): Route[] {
  const inTurn = createLock();
  const find = async (id: string) => (await drafts.regions()).find((region) => region.id === id);
  return [
    route("GET", "/api/v1/regions", {
      summary: "All regions",
      access: "people",
      reply: listSchema,
      handle: async () => ({ regions: await drafts.regions() }),
    }),
    route("GET", "/api/v1/regions/{id}", {
      summary: "One region",
      access: "people",
      tagged: true,
      reply: regionEntrySchema,
      async handle({ params }) {
        const region = must(await find(String(params.id)), "region", String(params.id));
        return new Tagged(region, tagOf(region));
      },
    }),
    route("PUT", "/api/v1/regions/{id}", {
      summary: "Makes or replaces a region; edges that enrol with an address are added when it is published",
      access: "people",
      action: "operate",
      tagged: true,
      body: v.object({ ...fields, edges: v.optional(fields.edges, []) }),
      reply: regionEntrySchema,
      handle: ({ params, body, request, changed }) =>
        inTurn(async () => {
          const region: RegionEntry = { id: String(params.id), ...body };
          const before = await find(region.id);
          requireMatch(request, before, region.id);
          await drafts.putRegion(region);
          changed(region.id, before, region);
          return new Tagged(region, tagOf(region));
        }),
    }),
    route("DELETE", "/api/v1/regions/{id}", {
      summary:
        "Removes a region that no placement names and no edge is enrolled in; it leaves the air with the next publication, its unused enrolment codes are void at once",
      access: "people",
      action: "operate",
      tagged: true,
      status: 204,
      handle: ({ params, request, changed }) =>
        inTurn(async () => {
          const id = String(params.id);
          const before = await find(id);
          requireMatch(request, before, id);
          must(before, "region", id);
          const placements = (await drafts.placements()).map(({ placement }) => placement);
          refuseUsed(id, usesOfRegion(id, { placements, edges: await fleet.list() }));
          await fleet.voidCodes(id);
          await drafts.removeRegion(id);
          changed(id, before, undefined);
        }),
    }),
  ];
}
