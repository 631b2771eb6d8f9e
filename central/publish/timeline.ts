/** Programmes and cues of some channels over a span, as the timeline draws them. Pure. */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema, ordinalSchema } from "../../shared/protocol/primitives.ts";
import { interactionEntrySchema, interactionKey } from "../../shared/publication/entries.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import { firings, placementsIn, programmesOn } from "./on-air-view.ts";

/** Most programmes and cues of one reply. */
export const TIMELINE_PROGRAMMES_MAX = 20_000;
export const TIMELINE_CUES_MAX = 5_000;
const FIRINGS_MAX = 1_000;

export const timelineCueSchema = v.object({
  id: idSchema,
  placement: idSchema,
  interaction: idSchema,
  version: ordinalSchema,
  atMs: instantSchema,
  /** How long it stays on the screen, ms. */
  durationMs: countSchema,
  priority: v.number(),
  programme: v.optional(idSchema),
  kind: v.picklist(["programme", "instant", "cron"]),
  /** It is on air exactly like this; else it is only drafted. */
  onAir: v.boolean(),
});
export const timelineSchema = v.object({
  nowMs: instantSchema,
  channels: v.array(
    v.object({
      id: idSchema,
      programmes: v.array(
        v.object({
          id: idSchema,
          title: v.string(),
          startMs: instantSchema,
          endMs: instantSchema,
          series: v.optional(v.string()),
        }),
      ),
      cues: v.array(timelineCueSchema),
    }),
  ),
  /** There was more than a reply holds: ask for fewer channels or a shorter span. */
  cut: v.boolean(),
});
export type Timeline = v.InferOutput<typeof timelineSchema>;
export type TimelineCue = v.InferOutput<typeof timelineCueSchema>;

const durations = new WeakMap<Part, Map<string, number>>();
function durationsOf(content: Content): Map<string, number> {
  const part = content.get("interactions");
  if (!part) return new Map();
  let found = durations.get(part);
  if (!found) {
    found = new Map(
      [...part].map(([key, body]) => [
        key,
        v.parse(interactionEntrySchema, JSON.parse(String(body))).interaction.durationMs,
      ]),
    );
    durations.set(part, found);
  }
  return found;
}

export function makeTimeline(
  content: Content,
  onAir: Content | undefined,
  question: { channels: readonly string[]; fromMs: number; untilMs: number; nowMs: number },
): Timeline {
  const { fromMs, untilMs, nowMs } = question;
  const asked = new Set(question.channels.filter((id) => content.get("channels")?.has(id)));
  const rows = new Map<string, Timeline["channels"][number]>();
  let programmes = 0;
  for (const id of asked) {
    const inside = programmesOn(content, id).filter((each) => each.endMs > fromMs && each.startMs < untilMs);
    programmes += inside.length;
    if (programmes > TIMELINE_PROGRAMMES_MAX) break;
    rows.set(id, {
      id,
      programmes: inside.map(({ id, title, startMs, endMs, series }) => ({
        ...{ id, title, startMs, endMs },
        ...(series !== undefined && { series }),
      })),
      cues: [],
    });
  }
  const length = durationsOf(content);
  const aired = onAir?.get("placements");
  const drafted = content.get("placements");
  let cues = 0;
  const add = (placement: Placement) => {
    const same = aired?.get(placement.id) === drafted?.get(placement.id);
    const narrowed = { ...placement, channels: placement.channels.filter((each) => rows.has(each)) };
    if (narrowed.channels.length === 0) return;
    for (const cue of firings(
      narrowed,
      (channel) => programmesOn(content, channel),
      fromMs,
      untilMs,
      FIRINGS_MAX,
    )) {
      for (const channel of cue.channels) {
        if (cues++ >= TIMELINE_CUES_MAX) return;
        rows.get(channel)?.cues.push({
          ...{ id: cue.id, placement: placement.id, interaction: cue.interaction, version: cue.version },
          ...{ atMs: cue.atMs, priority: cue.priority, kind: placement.when.kind, onAir: same },
          durationMs: length.get(interactionKey(cue.interaction, cue.version)) ?? 0,
          ...(cue.programme !== undefined && { programme: cue.programme }),
        });
      }
    }
  };
  for (const placement of placementsIn(content)) add(placement);
  for (const row of rows.values()) row.cues.sort((a, b) => a.atMs - b.atMs || b.priority - a.priority);
  return {
    nowMs,
    channels: [...rows.values()],
    cut: rows.size < asked.size || cues > TIMELINE_CUES_MAX,
  };
}
