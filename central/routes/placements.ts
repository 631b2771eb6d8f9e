/** Placements: what airs when and where, as drafted; and when each would fire. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import { cueSchema } from "../../shared/protocol/schedule.ts";
import { checkRule } from "../../shared/schedule/cron.ts";

import { PLACEMENT_DEFAULTS, type Placement, placementSchema } from "../../shared/schedule/placement.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { createLock } from "../publish/lock.ts";
import { firings } from "../publish/on-air-view.ts";
import type { Drafts } from "../store/drafts.ts";
import { parseWith } from "./body.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must, unknown } from "./missing.ts";
import { type Route, route, Tagged } from "./route.ts";

const PREVIEW_SPAN_MS = 8 * 86_400_000;
const PREVIEW_MAX = 50;

const draftSchema = v.object({ placement: placementSchema, state: v.picklist(["active", "withdrawn"]) });
const listSchema = v.object({ placements: v.array(draftSchema) });
const previewSchema = v.object({
  nowMs: instantSchema,
  cues: v.array(v.object({ ...cueSchema.entries, channels: v.array(idSchema) })),
});
export type PlacementDraftReply = v.InferOutput<typeof draftSchema>;
export type PlacementsReply = v.InferOutput<typeof listSchema>;
export type PreviewReply = v.InferOutput<typeof previewSchema>;

const { id: _id, ...fields } = placementSchema.entries;
/** What an editor may leave out gets its default. */
const inputSchema = v.object({
  ...fields,
  channels: v.optional(fields.channels, []),
  generation: v.optional(fields.generation, PLACEMENT_DEFAULTS.generation),
  windowMs: v.optional(fields.windowMs, PLACEMENT_DEFAULTS.windowMs),
  lateJoin: v.optional(fields.lateJoin, PLACEMENT_DEFAULTS.lateJoin),
  prefetch: v.optional(fields.prefetch, PLACEMENT_DEFAULTS.prefetch),
  priority: v.optional(fields.priority, PLACEMENT_DEFAULTS.priority),
});

export function placementRoutes({ drafts, clock }: { drafts: Drafts; clock: Clock }): Route[] {
  const inTurn = createLock();

  async function preview(placement: Placement) {
    const nowMs = clock.wallMs();
    const programmes = new Map<string, ProgrammeTimes[]>();
    if (placement.when.kind === "programme") {
      for (const channel of placement.channels) programmes.set(channel, await drafts.programmesOf(channel));
    }
    const on = (channel: string) => programmes.get(channel) ?? [];
    return { nowMs, cues: firings(placement, on, nowMs, nowMs + PREVIEW_SPAN_MS, PREVIEW_MAX) };
  }
  const asPlacement = (id: unknown, body: object): Placement => {
    const placement: Placement = parseWith(placementSchema, { id, ...body }, "body");
    if (placement.when.kind === "cron") checkRule(placement.when.rule);
    return placement;
  };

  return [
    route("GET", "/api/v1/placements", {
      summary: "All placements",
      access: "people",
      reply: listSchema,
      handle: async () => ({ placements: await drafts.placements() }),
    }),
    route("GET", "/api/v1/placements/{id}", {
      summary: "One placement",
      access: "people",
      reply: draftSchema,
      async handle({ params }) {
        const draft = must(await drafts.placement(String(params.id)), "placement", String(params.id));
        return new Tagged(draft, tagOf(draft));
      },
    }),
    route("PUT", "/api/v1/placements/{id}", {
      summary: "Makes or replaces a placement; it goes on air with the next publication",
      access: "people",
      action: "edit",
      body: inputSchema,
      reply: placementSchema,
      handle: ({ params, body, request, changed }) =>
        inTurn(async () => {
          const placement = asPlacement(params.id, body);
          const before = await drafts.placement(placement.id);
          requireMatch(request, before, placement.id);
          await drafts.putPlacement(placement);
          const after = { placement, state: "active" };
          changed(placement.id, before, after);
          return new Tagged(placement, tagOf(after));
        }),
    }),
    route("DELETE", "/api/v1/placements/{id}", {
      summary: "Removes a placement; it leaves the air with the next publication",
      access: "people",
      action: "edit",
      status: 204,
      handle: ({ params, request, changed }) =>
        inTurn(async () => {
          const id = String(params.id);
          const before = await drafts.placement(id);
          requireMatch(request, before, id);
          if (!(await drafts.removePlacement(id))) throw unknown("placement", id);
          changed(id, before, undefined);
        }),
    }),
    route("GET", "/api/v1/preview", {
      summary: "The next firings of a placement as it is drafted, over eight days",
      access: "people",
      query: v.object({ placement: idSchema }),
      reply: previewSchema,
      handle: async ({ query }) =>
        preview(must(await drafts.placement(query.placement), "placement", query.placement).placement),
    }),
    route("POST", "/api/v1/preview", {
      summary: "The next firings of a placement that is not saved, over eight days",
      access: "people",
      action: "look",
      audited: false,
      body: v.object({ ...inputSchema.entries, id: v.optional(placementSchema.entries.id, "draft") }),
      reply: previewSchema,
      handle: ({ body: { id, ...body } }) => preview(asPlacement(id, body)),
    }),
  ];
}
