/** Placements: what airs when and where, as drafted; and when each would fire. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { idSchema } from "../../shared/protocol/primitives.ts";
import { checkRule } from "../../shared/schedule/cron.ts";
import {
  PLACED_SOMEWHERE,
  PLACEMENT_DEFAULTS,
  type Placement,
  placementSchema,
} from "../../shared/schedule/placement.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { refuseArchived } from "../authoring/archiving.ts";
import { checkPlacement } from "../authoring/placement-checks.ts";
import type { DraftView } from "../publish/draft-view.ts";
import type { Lock } from "../publish/lock.ts";
import { planWith } from "../publish/plan.ts";
import { makePreview, PREVIEW_MAX, type Preview, previewSchema } from "../publish/preview.ts";
import type { Publisher } from "../publish/publish.ts";
import type { Drafts } from "../store/drafts.ts";
import { parseWith } from "./body.ts";
import { requireMatch, tagOf } from "./match.ts";
import { must, unknown } from "./missing.ts";
import { limitParam, nextSchema, onePage } from "./paging.ts";
import { type Route, route, Tagged } from "./route.ts";

/** Firings previewed when nobody says how many. */
const PREVIEW_COUNT = 50;

const draftSchema = v.object({ placement: placementSchema, state: v.picklist(["active", "withdrawn"]) });
/** Absent: nothing of it is on air. */
const airedSchema = v.object({ placement: v.optional(placementSchema) });
/** Where pages are asked for; all of them otherwise, as the page and the command line want. */
const PLACEMENTS_A_PAGE_MAX = 1_000;
const listSchema = v.object({ placements: v.array(draftSchema), next: nextSchema });
const countParam = v.optional(
  v.pipe(
    v.string(),
    v.regex(/^[1-9][0-9]{0,3}$/, "Cannot read the count: not a whole number"),
    v.transform(Number),
    v.maxValue(PREVIEW_MAX),
  ),
  String(PREVIEW_COUNT),
);
export type PlacementDraftReply = v.InferOutput<typeof draftSchema>;
export type PlacementAiredReply = v.InferOutput<typeof airedSchema>;
export type PlacementsReply = v.InferOutput<typeof listSchema>;
export type PreviewReply = Preview;

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

interface Ports {
  drafts: Drafts;
  draftView: DraftView;
  publisher: Pick<Publisher, "onAir">;
  clock: Clock;
  authoring: Lock;
}

export function placementRoutes({ drafts, draftView, publisher, clock, authoring: inTurn }: Ports): Route[] {
  async function preview(placement: Placement, count: number, withdrawn = false) {
    const plan = planWith(await draftView.content(), placement);
    return makePreview(plan, placement, clock.wallMs(), count, withdrawn);
  }
  const asPlacement = (id: unknown, body: object): Placement => {
    const placement: Placement = parseWith(placementSchema, { id, ...body }, "body");
    if (placement.when.kind === "cron") checkRule(placement.when.rule);
    const [first, ...others] = checkPlacement(placement);
    if (first) {
      const message = `Cannot take this placement: ${first.path}: ${first.message}`;
      throw new CuecastError(message, { code: "bad-body", status: 400, errors: [first, ...others] });
    }
    return placement;
  };

  return [
    route("GET", "/api/v1/placements", {
      summary: "All placements by id; with `limit` a page at a time",
      access: "people",
      query: v.object({ after: v.optional(idSchema), limit: limitParam(PLACEMENTS_A_PAGE_MAX) }),
      reply: listSchema,
      async handle({ query: { after, limit } }) {
        if (limit === undefined && after === undefined) return { placements: await drafts.placements() };
        const most = limit ?? PLACEMENTS_A_PAGE_MAX;
        const found = await drafts.placements({ after: after ?? "", most: most + 1 });
        const { page, next } = onePage(found, most, (last) => last.placement.id);
        return { placements: page, next };
      },
    }),
    route("GET", "/api/v1/placements/{id}", {
      summary: "One placement",
      access: "people",
      tagged: true,
      reply: draftSchema,
      async handle({ params }) {
        const draft = must(await drafts.placement(String(params.id)), "placement", String(params.id));
        return new Tagged(draft, tagOf(draft));
      },
    }),
    route("GET", "/api/v1/placements/{id}/air", {
      summary: "The placement as it is on air, whatever is drafted since; nothing where it is not",
      access: "people",
      reply: airedSchema,
      async handle({ params }) {
        const entry = publisher.onAir()?.content.get("placements")?.get(String(params.id));
        return entry === undefined ? {} : { placement: v.parse(placementSchema, JSON.parse(String(entry))) };
      },
    }),
    route("PUT", "/api/v1/placements/{id}", {
      summary: "Makes or replaces a placement; it goes on air with the next publication",
      access: "people",
      action: "edit",
      tagged: true,
      body: v.pipe(inputSchema, v.partialCheck(...PLACED_SOMEWHERE)),
      reply: placementSchema,
      handle: ({ params, body, request, changed }) =>
        inTurn(async () => {
          const placement = asPlacement(params.id, body);
          const before = await drafts.placement(placement.id);
          requireMatch(request, before, placement.id);
          refuseArchived(placement.interaction, await drafts.archivedOf(placement.interaction), "place");
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
      tagged: true,
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
      summary:
        "The next firings of a placement as it is drafted, over eight days, and those that are suppressed",
      access: "people",
      query: v.object({ placement: idSchema, count: countParam }),
      reply: previewSchema,
      async handle({ query }) {
        const draft = must(await drafts.placement(query.placement), "placement", query.placement);
        return preview(draft.placement, query.count, draft.state === "withdrawn");
      },
    }),
    route("POST", "/api/v1/preview", {
      summary: "The next firings of a placement that is not saved, over eight days",
      access: "people",
      action: "look",
      audited: false,
      query: v.object({ count: countParam }),
      body: v.object({ ...inputSchema.entries, id: v.optional(placementSchema.entries.id, "draft") }),
      reply: previewSchema,
      handle: ({ query, body: { id, ...body } }) => preview(asPlacement(id, body), query.count),
    }),
  ];
}
