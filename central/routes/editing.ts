/** Drafts: regions, channels, the guide as imported, interactions and placements. */
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { type Channel, channelSchema } from "../../shared/guide/channel.ts";
import { programmeSchema } from "../../shared/guide/programme.ts";
import { idSchema, instantSchema, ordinalSchema } from "../../shared/protocol/primitives.ts";
import { cueSchema } from "../../shared/protocol/schedule.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import {
  interactionEntrySchema,
  type RegionEntry,
  regionEntrySchema,
} from "../../shared/publication/entries.ts";
import { checkRule } from "../../shared/schedule/cron.ts";
import { PLACEMENT_DEFAULTS, type Placement, placementSchema } from "../../shared/schedule/placement.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { checkInteraction } from "../authoring/interaction-checks.ts";
import { firings } from "../publish/on-air-view.ts";
import type { Drafts } from "../store/drafts.ts";
import { instantParam } from "./app.ts";
import { parseWith } from "./body.ts";
import { type Route, route } from "./route.ts";

const PROGRAMMES_MAX = 5_000;
const PREVIEW_SPAN_MS = 8 * 86_400_000;
const PREVIEW_MAX = 50;

const recordSchema = v.record(v.string(), v.unknown());
const draftSchema = v.object({ placement: placementSchema, state: v.picklist(["active", "withdrawn"]) });
const { id: _id, ...regionFields } = regionEntrySchema.entries;
const { id: _channel, ...channelFields } = channelSchema.entries;
const { id: _placement, ...placementFields } = placementSchema.entries;
/** What an editor may leave out gets its default. */
const placementInputSchema = v.object({
  ...placementFields,
  channels: v.optional(placementFields.channels, []),
  generation: v.optional(placementFields.generation, PLACEMENT_DEFAULTS.generation),
  windowMs: v.optional(placementFields.windowMs, PLACEMENT_DEFAULTS.windowMs),
  lateJoin: v.optional(placementFields.lateJoin, PLACEMENT_DEFAULTS.lateJoin),
  prefetch: v.optional(placementFields.prefetch, PLACEMENT_DEFAULTS.prefetch),
  priority: v.optional(placementFields.priority, PLACEMENT_DEFAULTS.priority),
});

const unknown = (what: string, id: string) =>
  new CuecastError(`Cannot find ${what} ${id}: there is none`, { code: `unknown-${what}`, status: 404 });
const must = <T>(found: T | undefined, what: string, id: string): T => {
  if (found === undefined) throw unknown(what, id);
  return found;
};

export function editingRoutes({ drafts, clock }: { drafts: Drafts; clock: Clock }): Route[] {
  async function saveInteraction(body: Record<string, unknown>) {
    const given = parseWith(
      v.object({ interaction: recordSchema, correct: v.optional(v.unknown()) }),
      body,
      "body",
    );
    const id = parseWith(idSchema, given.interaction.id, "id");
    const newest = await drafts.interaction(id);
    const version = (newest?.interaction.version ?? 0) + 1;
    const entry = parseWith(
      interactionEntrySchema,
      { ...given, interaction: { ...given.interaction, version } },
      "body",
    );
    const errors = checkInteraction(entry);
    if (errors.length > 0) {
      throw new CuecastError(`Cannot save ${id}: ${errors[0]?.message}`, {
        code: "bad-interaction",
        status: 400,
        errors,
      });
    }
    if (newest) {
      const asNewest = {
        ...entry,
        interaction: { ...entry.interaction, version: newest.interaction.version },
      };
      if (canonicalJson(asNewest) === canonicalJson(newest)) return { ...newest, created: false };
    }
    await drafts.addInteraction(entry, clock.wallMs());
    return { ...entry, created: true };
  }

  return [
    route("GET", "/api/v1/regions", {
      summary: "All regions",
      access: "people",
      reply: v.object({ regions: v.array(regionEntrySchema) }),
      handle: async () => ({ regions: await drafts.regions() }),
    }),
    route("PUT", "/api/v1/regions/{id}", {
      summary: "Makes or replaces a region; edges that enrol with an address are added when it is published",
      access: "people",
      body: v.object({ ...regionFields, edges: v.optional(regionFields.edges, []) }),
      reply: regionEntrySchema,
      async handle({ params, body }) {
        const region: RegionEntry = { id: String(params.id), ...body };
        await drafts.putRegion(region);
        return region;
      },
    }),
    route("GET", "/api/v1/channels", {
      summary: "All channels, by number",
      access: "people",
      reply: v.object({ channels: v.array(channelSchema) }),
      handle: async () => ({
        channels: (await drafts.channels()).sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1)),
      }),
    }),
    route("PUT", "/api/v1/channels/{id}", {
      summary: "Makes or replaces a channel",
      access: "people",
      body: v.object(channelFields),
      reply: channelSchema,
      async handle({ params, body }) {
        const channel: Channel = { id: String(params.id), ...body };
        await drafts.putChannel(channel);
        return channel;
      },
    }),
    route("GET", "/api/v1/programmes", {
      summary: "A channel's programmes over a span, by start",
      access: "people",
      query: v.object({ channel: idSchema, fromMs: instantParam, untilMs: instantParam }),
      reply: v.object({ programmes: v.array(programmeSchema) }),
      handle: async ({ query }) => ({
        programmes: await drafts.programmes(query.channel, query.fromMs, query.untilMs, PROGRAMMES_MAX),
      }),
    }),
    route("GET", "/api/v1/interactions", {
      summary: "The newest version of every interaction",
      access: "people",
      reply: v.object({ interactions: v.array(interactionEntrySchema) }),
      handle: async () => ({ interactions: await drafts.interactions() }),
    }),
    route("GET", "/api/v1/interactions/{id}", {
      summary: "One interaction: the newest version or the one asked for",
      access: "people",
      query: v.object({
        version: v.optional(v.pipe(v.string(), v.regex(/^\d{1,9}$/), v.transform(Number), ordinalSchema)),
      }),
      reply: v.object({ ...interactionEntrySchema.entries, versions: v.array(ordinalSchema) }),
      async handle({ params, query }) {
        const id = String(params.id);
        const entry = must(await drafts.interaction(id, query.version), "interaction", id);
        return { ...entry, versions: await drafts.versions(id) };
      },
    }),
    route("POST", "/api/v1/interactions", {
      summary: "Saves an interaction as its next version; the same content again makes no new one",
      access: "people",
      body: recordSchema,
      reply: v.object({ ...interactionEntrySchema.entries, created: v.boolean() }),
      handle: ({ body }) => saveInteraction(body),
    }),
    route("GET", "/api/v1/placements", {
      summary: "All placements",
      access: "people",
      reply: v.object({ placements: v.array(draftSchema) }),
      handle: async () => ({ placements: await drafts.placements() }),
    }),
    route("GET", "/api/v1/placements/{id}", {
      summary: "One placement",
      access: "people",
      reply: draftSchema,
      handle: async ({ params }) =>
        must(await drafts.placement(String(params.id)), "placement", String(params.id)),
    }),
    route("PUT", "/api/v1/placements/{id}", {
      summary: "Makes or replaces a placement; it goes on air with the next publication",
      access: "people",
      body: placementInputSchema,
      reply: placementSchema,
      async handle({ params, body }) {
        const placement: Placement = parseWith(placementSchema, { id: params.id, ...body }, "body");
        if (placement.when.kind === "cron") checkRule(placement.when.rule);
        await drafts.putPlacement(placement);
        return placement;
      },
    }),
    route("DELETE", "/api/v1/placements/{id}", {
      summary: "Removes a placement; it leaves the air with the next publication",
      access: "people",
      status: 204,
      async handle({ params }) {
        if (!(await drafts.removePlacement(String(params.id)))) throw unknown("placement", String(params.id));
      },
    }),
    route("GET", "/api/v1/preview", {
      summary: "The next firings of a placement as it is drafted, over eight days",
      access: "people",
      query: v.object({ placement: idSchema }),
      reply: v.object({
        nowMs: instantSchema,
        cues: v.array(v.object({ ...cueSchema.entries, channels: v.array(idSchema) })),
      }),
      async handle({ query }) {
        const { placement } = must(await drafts.placement(query.placement), "placement", query.placement);
        const nowMs = clock.wallMs();
        const programmes = new Map<string, ProgrammeTimes[]>();
        if (placement.when.kind === "programme") {
          for (const channel of placement.channels)
            programmes.set(channel, await drafts.programmesOf(channel));
        }
        const on = (channel: string) => programmes.get(channel) ?? [];
        return { nowMs, cues: firings(placement, on, nowMs, nowMs + PREVIEW_SPAN_MS, PREVIEW_MAX) };
      },
    }),
  ];
}
