/** A channel's schedule over its window, as boxes get it. WIRE.md, "Schedule". */
import type { Cue, Schedule, ScheduleProgramme } from "../protocol/schedule.ts";
import { compareCues, fetchOf } from "./cue.ts";
import type { Placement } from "./placement.ts";
import type { TextRoom } from "./text-room.ts";

export const HOUR_MS = 3_600_000;
/** 48 h: a weekend without a line, in one pull. */
export const WINDOW_MS = 48 * HOUR_MS;
/** Five minutes between pulls when nothing is near. */
export const REFRESH_MS = 300_000;
/** While a cue is near or on the screen, so that a withdrawal or an overrun arrives in time. */
export const REFRESH_NEAR_MS = 30_000;
/** How long before its moment an embargoed cue, which has no fetch window, counts as near. */
export const EMBARGO_NEAR_MS = 300_000;

/** The window that holds an instant: it moves in whole hours. */
export function windowAt(nowMs: number): Span {
  const fromMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return { fromMs, untilMs: fromMs + WINDOW_MS };
}

export interface Span {
  fromMs: number;
  untilMs: number;
}

/**
 * When boxes must ask more often because of a cue: from its fetch window until it has left the screen. Both
 * ends belong to it.
 *
 * @param atMs its moment
 * @param untilMs last instant at which it may begin
 * @param durationMs how long its interaction stays
 */
export function nearSpanOf(
  { prefetch, embargo }: Pick<Placement, "prefetch" | "embargo">,
  atMs: number,
  untilMs: number,
  durationMs: number,
): Span {
  const fromMs = embargo ? atMs - EMBARGO_NEAR_MS : fetchOf(prefetch, atMs).fromMs;
  return { fromMs, untilMs: untilMs + durationMs };
}

export interface ChannelInputs {
  channel: string;
  epoch: number;
  revision: number;
  programmes: readonly ScheduleProgramme[];
  /** Of any span that covers the window, in any order. */
  cues: readonly Cue[];
}

/** Those of a window, as boxes get them. */
const programmesIn = (programmes: readonly ScheduleProgramme[], { fromMs, untilMs }: Span) =>
  programmes
    .filter((programme) => programme.endMs > fromMs && programme.startMs < untilMs)
    .map(({ id, title, startMs, endMs }) => ({ id, title, startMs, endMs }))
    .sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));

/**
 * Writes a schedule as JSON, the same characters as of `makeSchedule()`.
 *
 * @param writeCues `ChannelHorizon.writeCues()` of the window
 */
export function writeSchedule(
  room: TextRoom,
  { channel, epoch, revision, programmes }: Omit<ChannelInputs, "cues">,
  writeCues: () => void,
  window: Span,
  refreshMs: number,
): void {
  const { fromMs, untilMs } = window;
  const head = { channel, epoch, revision, fromMs, untilMs, refreshMs };
  room.text(JSON.stringify({ ...head, programmes: programmesIn(programmes, window) }).slice(0, -1));
  room.ascii(',"cues":[');
  writeCues();
  room.ascii("]}");
}

/** @param refreshMs REFRESH_MS or REFRESH_NEAR_MS, by `nearSpan` of the channel's cues */
export function makeSchedule(inputs: ChannelInputs, window: Span, refreshMs: number): Schedule {
  const { fromMs, untilMs } = window;
  return {
    channel: inputs.channel,
    epoch: inputs.epoch,
    revision: inputs.revision,
    fromMs,
    untilMs,
    refreshMs,
    programmes: programmesIn(inputs.programmes, window),
    cues: inputs.cues.filter((cue) => cue.untilMs >= fromMs && cue.atMs < untilMs).sort(compareCues),
  };
}
