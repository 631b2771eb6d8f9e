/** When a placement would fire, among everything else that is drafted, and where it would not and why. Pure. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import { cueSchema } from "../../shared/protocol/schedule.ts";
import { channelsOf } from "../../shared/schedule/channel-group.ts";
import { compareCues } from "../../shared/schedule/cue.ts";
import { firingsOf } from "../../shared/schedule/expand.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import { suppressionSchema } from "../../shared/schedule/reason.ts";
import type { Plan } from "./plan.ts";

/** How far ahead is looked: what a guide reaches. */
const SPAN_DAYS = 8;
const DAY_MS = 86_400_000;
/** Looked at in pieces, so that a rule that fires every minute is not settled for a week: ends, days. */
const PIECES = [1, 3, SPAN_DAYS];
/**
 * Beyond it an instant or a rare rule is looked for a piece at a time, and each firing settled by itself: so many, fewer
 * where many channels have it.
 */
const LATER = { days: 400, pieceDays: 30, firingsMost: 12, looksMost: 600 };
/** Most firings told, of each kind. */
export const PREVIEW_MAX = 1000;

const placedSchema = { channels: v.array(idSchema) };
export const previewSchema = v.object({
  nowMs: instantSchema,
  /** Firings that appear, and on which channels. */
  cues: v.array(v.object({ ...cueSchema.entries, ...placedSchema })),
  /** Firings that do not, with the reason; one cue may appear on one channel and not on another. */
  suppressed: v.array(
    v.object({
      id: idSchema,
      atMs: instantSchema,
      ...placedSchema,
      /** Only there, where regions differ. */
      regions: v.optional(v.array(idSchema)),
      ...suppressionSchema.entries,
    }),
  ),
});
export type Preview = v.InferOutput<typeof previewSchema>;

/** @param most firings told of each kind, at most PREVIEW_MAX */
export function makePreview(plan: Plan, placement: Placement, nowMs: number, most: number): Preview {
  const cues = new Map<string, Preview["cues"][number]>();
  const suppressed = new Map<string, Preview["suppressed"][number]>();
  const channels = channelsOf(placement, plan.groups).filter((channel) => plan.hasChannel(channel));
  let fromMs = nowMs;
  for (const days of PIECES) {
    const untilMs = nowMs + days * DAY_MS;
    for (const channel of channels) look(channel, fromMs, untilMs);
    if (cues.size + suppressed.size >= most) break;
    fromMs = untilMs;
  }
  const laterMost = Math.min(
    most - cues.size - suppressed.size,
    Math.max(1, Math.min(LATER.firingsMost, Math.floor(LATER.looksMost / Math.max(1, channels.length)))),
  );
  for (const { atMs } of laterFirings(placement, fromMs, laterMost))
    for (const channel of channels) look(channel, atMs, atMs + 1);
  const byMoment = (a: { atMs: number; id: string }, b: { atMs: number; id: string }) =>
    a.atMs - b.atMs || (a.id < b.id ? -1 : 1);
  return {
    nowMs,
    cues: [...cues.values()].sort(compareCues).slice(0, most),
    suppressed: [...suppressed.values()].sort(byMoment).slice(0, most),
  };

  function look(channel: string, spanFromMs: number, spanUntilMs: number): void {
    for (const region of plan.variants(channel)) {
      const settled = plan.cues(region, channel, spanFromMs, spanUntilMs);
      for (let row = 0; row < settled.rows.count; row++) {
        if (settled.planned(row).placement.id !== placement.id) continue;
        const cue = settled.cue(row);
        const why = settled.suppression(row);
        if (!why) {
          const found = cues.get(cue.id);
          if (!found) cues.set(cue.id, { ...cue, channels: [channel] });
          else if (found.channels.at(-1) !== channel) found.channels.push(channel);
          continue;
        }
        const key = `${cue.id} ${region ?? ""} ${JSON.stringify(why)}`;
        const found = suppressed.get(key);
        if (found) found.channels.push(channel);
        else {
          const where = region === undefined ? {} : { regions: [region] };
          suppressed.set(key, { id: cue.id, atMs: cue.atMs, channels: [channel], ...where, ...why });
        }
      }
    }
  }
}

/** The next firings from an instant on, of a placement that needs no guide. */
function laterFirings(placement: Placement, fromMs: number, most: number) {
  const untilMs = fromMs + LATER.days * DAY_MS;
  const pieceMs = LATER.pieceDays * DAY_MS;
  const firings: ReturnType<typeof firingsOf> = [];
  for (let startMs = fromMs; startMs < untilMs && firings.length < most; startMs += pieceMs)
    firings.push(...firingsOf(placement, startMs, startMs + pieceMs));
  return firings.slice(0, Math.max(0, most));
}
