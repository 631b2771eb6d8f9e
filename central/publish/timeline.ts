/** Programmes and cues of some channels over a span, as the timeline draws them. Pure. */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema, ordinalSchema } from "../../shared/protocol/primitives.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";
import { interactionEntrySchema, interactionKey } from "../../shared/publication/entries.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import { suppressionSchema } from "../../shared/schedule/reason.ts";
import { compareChannels } from "./changed-channels.ts";
import { programmesOn } from "./on-air-view.ts";
import { type Plan, planOf } from "./plan.ts";

/** Most programmes and cues of one reply. */
export const TIMELINE_PROGRAMMES_MAX = 20_000;
export const TIMELINE_CUES_MAX = 5_000;

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
  /** Why it does not appear; absent when it does. */
  suppressed: v.optional(v.object(suppressionSchema.entries)),
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

const durationsByPart = new WeakMap<Part, Map<string, number>>();
function durationsOf(content: Content): Map<string, number> {
  const part = content.get("interactions");
  if (!part) return new Map();
  let found = durationsByPart.get(part);
  if (!found) {
    found = new Map(
      [...part].map(([key, body]) => [
        key,
        v.parse(interactionEntrySchema, JSON.parse(String(body))).interaction.durationMs,
      ]),
    );
    durationsByPart.set(part, found);
  }
  return found;
}

interface Facts {
  durationOf(cue: Cue): number;
  /** Whether a placement is on air as it stands. */
  isOnAir(placement: string): boolean;
}

/** Cues of one channel, those that do not appear with the reason; one that appears in any region appears. */
function cuesOf(plan: Plan, channel: string, fromMs: number, untilMs: number, facts: Facts): TimelineCue[] {
  const found = new Map<string, TimelineCue>();
  for (const region of plan.variants(channel)) {
    const settled = plan.cues(region, channel, fromMs, untilMs);
    for (let row = 0; row < settled.rows.count; row++) {
      const cue = settled.cue(row);
      const why = settled.suppression(row);
      if (found.get(cue.id)?.suppressed === undefined && found.has(cue.id)) continue;
      const { placement } = settled.planned(row);
      found.set(cue.id, {
        ...{ id: cue.id, placement: placement.id, interaction: cue.interaction, version: cue.version },
        ...{ atMs: cue.atMs, priority: cue.priority, kind: placement.when.kind },
        onAir: facts.isOnAir(placement.id),
        durationMs: facts.durationOf(cue),
        ...(cue.programme !== undefined && { programme: cue.programme }),
        ...(why && { suppressed: why }),
      });
    }
  }
  return [...found.values()].sort((a, b) => a.atMs - b.atMs || b.priority - a.priority);
}

/** A placement may be on air as it is drafted, and a cue of it not: its programme moves, or a rule is another. */
function markOnAir(drafted: TimelineCue[], aired: readonly TimelineCue[]): void {
  const byId = new Map(aired.map((cue) => [cue.id, cue]));
  for (const cue of drafted) {
    const same = byId.get(cue.id);
    const alike = same?.atMs === cue.atMs && !same.suppressed === !cue.suppressed;
    cue.onAir &&= alike;
  }
}

export function makeTimeline(
  content: Content,
  onAir: Content | undefined,
  question: { channels: readonly string[]; fromMs: number; untilMs: number; nowMs: number },
): Timeline {
  const { fromMs, untilMs, nowMs } = question;
  const plan = planOf(content);
  const durations = durationsOf(content);
  const facts = {
    durationOf: (cue: Cue) => durations.get(interactionKey(cue.interaction, cue.version)) ?? 0,
    isOnAir: (placement: string) =>
      onAir?.get("placements")?.get(placement) === content.get("placements")?.get(placement),
  };
  const isChanged = onAir && onAir !== content ? compareChannels(onAir, content) : undefined;
  const channels: Timeline["channels"] = [];
  let cut = false;
  let programmesLeft = TIMELINE_PROGRAMMES_MAX;
  let cuesLeft = TIMELINE_CUES_MAX;
  for (const id of new Set(question.channels)) {
    if (!plan.hasChannel(id)) continue;
    const programmes = programmesOn(content, id).filter(
      (each) => each.endMs > fromMs && each.startMs < untilMs,
    );
    programmesLeft -= programmes.length;
    if (programmesLeft < 0 || cuesLeft <= 0) {
      cut = true;
      break;
    }
    const cues = cuesOf(plan, id, fromMs, untilMs, facts);
    if (onAir && isChanged?.(id)) {
      markOnAir(cues, cuesOf(planOf(onAir), id, fromMs, untilMs, facts));
    }
    if (cues.length > cuesLeft) cut = true;
    channels.push({
      id,
      programmes: programmes.map(({ id, title, startMs, endMs, series }) => ({
        ...{ id, title, startMs, endMs },
        ...(series !== undefined && { series }),
      })),
      cues: cues.slice(0, cuesLeft),
    });
    cuesLeft -= cues.length;
  }
  return { nowMs, channels, cut };
}
