/** When a placement would fire, among everything else that is drafted, and where it would not and why. Pure. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import { type Cue, cueSchema } from "../../shared/protocol/schedule.ts";
import { channelsOf } from "../../shared/schedule/channel-group.ts";
import { compareCues } from "../../shared/schedule/cue.ts";
import { firingsOf } from "../../shared/schedule/expand.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import { type Suppression, suppressionSchema } from "../../shared/schedule/reason.ts";
import type { Plan } from "./plan.ts";
import { previewReasonSchema, previewReasons } from "./preview-reasons.ts";

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

const placedSchema = {
  channels: v.array(idSchema),
  /** Only in these, where regions differ; absent: in every region that has the channel. */
  regions: v.optional(v.array(idSchema)),
};
export const previewSchema = v.object({
  nowMs: instantSchema,
  /** Firings that appear, on which channels and in which regions: one of an id for each set of regions. */
  cues: v.array(v.object({ ...cueSchema.entries, ...placedSchema })),
  /** Firings that do not, with the reason; one cue may appear on one channel and not on another. */
  suppressed: v.array(
    v.object({
      id: idSchema,
      atMs: instantSchema,
      ...placedSchema,
      ...suppressionSchema.entries,
    }),
  ),
  /** What keeps others away before any channel judges them; empty when nothing does. */
  reasons: v.array(previewReasonSchema),
});
export type Preview = v.InferOutput<typeof previewSchema>;

/** A firing on one channel, and the variants in which it fares so. */
interface Found {
  cue: Cue;
  why: Suppression | undefined;
  variants: (string | undefined)[];
}

/**
 * @param most firings told of each kind, at most PREVIEW_MAX
 * @param withdrawn whether it is, and this is what it would do
 */
export function makePreview(
  plan: Plan,
  placement: Placement,
  nowMs: number,
  most: number,
  withdrawn = false,
): Preview {
  const cues = new Map<string, Preview["cues"][number]>();
  const suppressed = new Map<string, Preview["suppressed"][number]>();
  const channels = channelsOf(placement, plan.groups).filter((channel) => plan.hasChannel(channel));
  const carried = channels.filter((channel) => variantsOf(channel).length > 0);
  let fromMs = nowMs;
  for (const days of PIECES) {
    const untilMs = nowMs + days * DAY_MS;
    for (const channel of carried) look(channel, fromMs, untilMs);
    if (cues.size + suppressed.size >= most) break;
    fromMs = untilMs;
  }
  const laterMost = Math.min(
    most - cues.size - suppressed.size,
    Math.max(1, Math.min(LATER.firingsMost, Math.floor(LATER.looksMost / Math.max(1, carried.length)))),
  );
  for (const { atMs } of laterFirings(placement, fromMs, laterMost))
    for (const channel of carried) look(channel, atMs, atMs + 1);
  const byMoment = (a: { atMs: number; id: string }, b: { atMs: number; id: string }) =>
    a.atMs - b.atMs || (a.id < b.id ? -1 : 1);
  const days = placement.when.kind === "programme" ? SPAN_DAYS : LATER.days;
  return {
    nowMs,
    cues: [...cues.values()].sort(compareCues).slice(0, most),
    suppressed: [...suppressed.values()].sort(byMoment).slice(0, most),
    reasons: previewReasons(plan, {
      ...{ placement, channels, withdrawn, fromMs: nowMs, untilMs: nowMs + days * DAY_MS },
      nowhere: channels.filter((channel) => !carried.includes(channel)),
      fires: cues.size + suppressed.size > 0,
      enough: cues.size + suppressed.size >= most,
    }),
  };

  /** The regions in which its cues may differ there, of those that it is for and that have the channel. */
  function variantsOf(channel: string): readonly (string | undefined)[] {
    const { regions } = plan;
    const has = (region: string) => regions.get(region)?.channels?.includes(channel) ?? true;
    const known = [...regions.keys()].filter((region) => placement.regions?.includes(region) ?? true);
    if (regions.size > 0 && !known.some(has)) return [];
    return plan.variants(channel).filter((region) => region === undefined || has(region));
  }

  function look(channel: string, spanFromMs: number, spanUntilMs: number): void {
    const found = new Map<string, Found>();
    const variants = variantsOf(channel);
    for (const region of variants) {
      const settled = plan.cues(region, channel, spanFromMs, spanUntilMs);
      for (let row = 0; row < settled.rows.count; row++) {
        if (settled.planned(row).placement.id !== placement.id) continue;
        const why = settled.suppression(row);
        const key = `${settled.id(row)} ${JSON.stringify(why ?? "")}`;
        const same = found.get(key);
        if (same) same.variants.push(region);
        else found.set(key, { cue: settled.cue(row), why, variants: [region] });
      }
    }
    for (const [key, one] of found) {
      const everywhere = one.variants.length === variants.length;
      put(key, one, channel, everywhere ? undefined : one.variants.filter((region) => region !== undefined));
    }
  }

  function put(key: string, { cue, why }: Found, channel: string, regions: string[] | undefined): void {
    const place = `${key} ${regions?.join(" ") ?? ""}`;
    const same = (why ? suppressed : cues).get(place);
    const placed = { channels: [channel], ...(regions && { regions }) };
    if (same?.channels.includes(channel)) return;
    if (same) same.channels.push(channel);
    else if (why) suppressed.set(place, { id: cue.id, atMs: cue.atMs, ...placed, ...why });
    else cues.set(place, { ...cue, ...placed });
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
