/**
 * Storm forecast: how many requests a second a publication would make the boxes of a region ask at most, and when.
 *
 * Problem: central does not know who watches what. Idea: tell it for one box that stays on a channel, and take the
 * worst channel at every moment; then no way of zapping makes more of it. A cue costs a box two requests, drawn at
 * random within its fetch window (the schedule again, and the interaction), or within the spread after an embargo;
 * from then on the schedule again every half minute until it is gone; and an answer while it is on the screen. A
 * box that rests asks every five minutes. Rates of the cues of one channel add up; a sweep finds the peak. Pure.
 */
import * as v from "valibot";
import { idSchema, instantSchema, ordinalSchema } from "../../shared/protocol/primitives.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";
import { interactionEntrySchema, interactionKey } from "../../shared/publication/entries.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import { planOf } from "./plan.ts";
import type { Work } from "./work.ts";

/** How far ahead storms are foretold. */
export const STORM_SPAN_MS = 24 * 3_600_000;
/** Peaks told over time: one for each. */
export const STORM_BUCKET_MS = 300_000;
/** Most cues looked at; half a second's work. */
const CUES_MAX = 200_000;
/** What a box does: docs/box.md. */
const RESTING_EVERY_MS = 300_000;
const RESTING_RATE = 1_000 / RESTING_EVERY_MS;
const REVALIDATES_EVERY_MS = 30_000;
/** The schedule again, and the interaction. */
const REQUESTS_OF_A_FETCH = 2;
/** A window that is shorter is drawn from as if it were so long: a request has its own length. */
const WINDOW_LEAST_MS = 1_000;

export const stormSchema = v.object({
  fromMs: instantSchema,
  bucketMs: v.number(),
  regions: v.array(
    v.object({
      region: idSchema,
      name: v.string(),
      /** Requests a second for each box, at the worst moment on the worst channel. */
      peak: v.number(),
      peakAtMs: v.optional(instantSchema),
      channel: v.optional(idSchema),
      /** Cues that are fetched, revalidated or answered at that moment. */
      cues: v.array(
        v.object({ id: idSchema, interaction: idSchema, version: ordinalSchema, atMs: instantSchema }),
      ),
      /** The worst channel's peak of every bucket, requests a second for each box. */
      peaks: v.array(v.number()),
      edges: v.array(
        v.object({
          id: idSchema,
          /** As the edge estimates; absent while it does not know. */
          boxes: v.optional(v.number()),
          /** Requests a second that it measured it can take. */
          takesPerSecond: v.optional(v.number()),
        }),
      ),
    }),
  ),
  /** Channels that were not looked at: there are too many cues. */
  uncounted: v.number(),
});
export type Storm = v.InferOutput<typeof stormSchema>;

interface Step {
  atMs: number;
  /** Requests a second for each box, from then on. */
  by: number;
}

/** @param onScreenMs how long the interaction stays, 0 when it cannot be answered */
export function stepsOf(cue: Cue, onScreenMs: number): Step[] {
  const steps: Step[] = [];
  const add = (fromMs: number, untilMs: number, requests: number) => {
    const lengthMs = Math.max(WINDOW_LEAST_MS, untilMs - fromMs);
    const by = (requests * 1_000) / lengthMs;
    steps.push({ atMs: fromMs, by }, { atMs: fromMs + lengthMs, by: -by });
  };
  const fetchFromMs = cue.fetch?.fromMs ?? cue.atMs;
  const fetchUntilMs = cue.fetch?.untilMs ?? cue.atMs + (cue.spreadMs ?? 0);
  add(fetchFromMs, fetchUntilMs, REQUESTS_OF_A_FETCH);
  const untilMs = Math.max(cue.untilMs, fetchUntilMs);
  if (untilMs > fetchUntilMs) add(fetchUntilMs, untilMs, (untilMs - fetchUntilMs) / REVALIDATES_EVERY_MS);
  if (onScreenMs > 0) add(cue.atMs, cue.atMs + onScreenMs, 1);
  const share = cue.audience?.share ?? 1;
  return steps.map(({ atMs, by }) => ({ atMs, by: by * share }));
}

/** @param peaks by bucket, of other channels so far: raised in place. @returns the highest of this channel */
function sweep(steps: Step[], fromMs: number, peaks: number[]): { peak: number; atMs: number } {
  steps.sort((a, b) => a.atMs - b.atMs);
  let rate = RESTING_RATE;
  let sinceMs = fromMs;
  const top = { peak: rate, atMs: fromMs };
  const held = (untilMs: number) => {
    if (untilMs <= sinceMs) return;
    if (rate > top.peak) Object.assign(top, { peak: rate, atMs: sinceMs });
    const last = Math.min(peaks.length, Math.ceil((untilMs - fromMs) / STORM_BUCKET_MS));
    for (let bucket = Math.floor((sinceMs - fromMs) / STORM_BUCKET_MS); bucket < last; bucket++) {
      peaks[bucket] = Math.max(peaks[bucket] as number, rate);
    }
  };
  for (const { atMs, by } of steps) {
    if (atMs >= fromMs + STORM_SPAN_MS) break;
    held(atMs);
    rate += by;
    sinceMs = Math.max(sinceMs, atMs);
  }
  held(fromMs + STORM_SPAN_MS);
  return top;
}

function screenTimes(part: Part | undefined): Map<string, number> {
  return new Map(
    [...(part ?? new Map())].map(([key, body]) => {
      const { interaction } = v.parse(interactionEntrySchema, JSON.parse(String(body)));
      return [key, "answer" in interaction ? interaction.durationMs : 0];
    }),
  );
}

interface EdgeNow {
  id: string;
  region: string;
  boxes?: number | undefined;
  takesPerSecond?: number | undefined;
}

export function* forecastStorm(content: Content, edges: readonly EdgeNow[], nowMs: number): Work<Storm> {
  const plan = planOf(content);
  const times = screenTimes(content.get("interactions"));
  const all = [...plan.channels()].sort();
  const untilMs = nowMs + STORM_SPAN_MS;
  let counted = 0;
  let uncounted = 0;
  /** By channel and, where regions differ, region. */
  const known = new Map<string, { cue: Cue; steps: Step[] }[]>();
  const cuesOn = (channel: string, region: string | undefined) => {
    const key = `${channel} ${region ?? ""}`;
    let found = known.get(key);
    if (!found) {
      found = [];
      known.set(key, found);
      const settled = plan.cues(region, channel, nowMs - 3_600_000, untilMs);
      counted += settled.rows.count;
      for (let row = 0; row < settled.rows.count; row++) {
        if (settled.suppression(row) || settled.untilMs(row) < nowMs) continue;
        const cue = settled.cue(row);
        const onScreenMs = times.get(interactionKey(cue.interaction, cue.version)) ?? 0;
        found.push({ cue, steps: stepsOf(cue, onScreenMs) });
      }
    }
    return found;
  };
  const regions: Storm["regions"] = [];
  for (const region of plan.regions.values()) {
    const peaks = new Array<number>(STORM_SPAN_MS / STORM_BUCKET_MS).fill(RESTING_RATE);
    let top: { peak: number; atMs: number; channel?: string } = { peak: RESTING_RATE, atMs: nowMs };
    for (const channel of region.channels ?? all) {
      if (!plan.hasChannel(channel)) continue;
      const where = plan.variants(channel)[0] === undefined ? undefined : region.id;
      if (counted >= CUES_MAX && !known.has(`${channel} ${where ?? ""}`)) {
        uncounted++;
        continue;
      }
      const found = sweep(
        cuesOn(channel, where).flatMap(({ steps }) => steps),
        nowMs,
        peaks,
      );
      if (found.peak > top.peak) top = { ...found, channel };
      yield;
    }
    const { peak, atMs, channel } = top;
    const where = channel === undefined || plan.variants(channel)[0] === undefined ? undefined : region.id;
    const causes = channel === undefined ? [] : cuesOn(channel, where);
    regions.push({
      ...{
        region: region.id,
        name: region.name,
        peak,
        peaks: peaks.map((each) => Math.round(each * 1e5) / 1e5),
      },
      ...(channel !== undefined && { peakAtMs: atMs, channel }),
      cues: causes
        .filter(({ steps }) => rateAt(steps, atMs) > 0)
        .map(({ cue }) => ({
          id: cue.id,
          interaction: cue.interaction,
          version: cue.version,
          atMs: cue.atMs,
        })),
      edges: edges
        .filter((edge) => edge.region === region.id)
        .map(({ id, boxes, takesPerSecond }) => ({
          id,
          ...(boxes !== undefined && { boxes }),
          ...(takesPerSecond !== undefined && { takesPerSecond }),
        })),
    });
  }
  return { fromMs: nowMs, bucketMs: STORM_BUCKET_MS, regions, uncounted };
}

/** Rounding leaves a little of what has ended. */
function rateAt(steps: readonly Step[], atMs: number): number {
  const rate = steps.reduce((sum, { atMs: since, by }) => (since <= atMs ? sum + by : sum), 0);
  return rate > 1e-9 ? rate : 0;
}
