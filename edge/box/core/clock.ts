/**
 * Edge time on the box: samples, jumps, and what survives a reboot.
 *
 * Monotonic time carries the estimate. When wall and monotonic time part, either the wall clock was set or
 * the monotonic one stood still in suspend; they cannot be told apart for sure. Backwards, or by more than
 * any suspend: the wall clock was set, and the estimate stands. Forwards by less: taken for a suspend, with
 * the whole jump added to the error bound, so that the truth stays inside either way; firing then waits a
 * little for a new sample.
 *
 * Two samples hours apart tell how much faster one clock runs than the other; a day without network then costs
 * a second and not nine. What the two leave open, and what temperature does, stays in the bound.
 */
import { DRIFT_PPM, type TimeSample, timeSample, withSample } from "../../../shared/time/offset.ts";
import { around, chance, clockErrorMs, type Draft, edgeNow, put, report, want } from "./draft.ts";
import type { Reply, Stamp } from "./messages.ts";
import { LIMITS } from "./pace.ts";
import type { Anchor, ClockState } from "./state.ts";

/** Edge time against the wall clock, as stored. */
export interface ClockEntry {
  /** Edge minus wall, ms. */
  aheadMs: number;
  errorMs: number;
  /** Edge time of the writing: time never lies before it again. */
  edgeMs: number;
  /** As in `ClockState`; absent in entries of earlier releases. */
  rate?: number;
  rateError?: number;
}

/** Parting of wall and monotonic time that slewing and rounding explain, ms, and per ms that passed. */
const PARTING_MS = 50;
const PARTING_PER_MS = 0.001;

/** A wall clock before this (2001) counts from the machine's start. */
const WALL_LEAST_MS = 1e12;

/** The doubt is over by then, and what the sleep took is told: a newer schedule no longer has it. */
const ASK_AFTER_SLEEP_MS = 5_000;

/** From samples of two edges the rate is learnt over at least this: clocks 60 ms apart then make 8 ppm. */
const RATE_SPAN_MS = 7_200_000;
/** From those of one edge over this; the best of a burst is the near end. */
const RATE_BURST_MS = 60_000;
/** How far a rate may stray from what it was: warmth, age. A quartz in a room stays within 5 ppm. */
const RATE_STRAY = 10e-6;
/** A span this long makes a new rate whatever is known, so that it follows the seasons. */
const RATE_RENEW_MS = 43_200_000;

/** Compares the two sides with those of the last step, and corrects the estimate when they parted. */
export function watchClock(draft: Draft, stamp: Stamp): void {
  const state = draft.next;
  const passedMs = Math.max(0, stamp.steadyMs - state.lastMonotonicMs);
  const partedMs = stamp.wallClockMs - state.lastWallMs - passedMs;
  state.lastWallMs = stamp.wallClockMs;
  state.lastMonotonicMs = stamp.steadyMs;
  if (!state.running || Math.abs(partedMs) <= PARTING_MS + passedMs * PARTING_PER_MS) return;

  const asleep = partedMs >= LIMITS.suspendMinMs && partedMs <= LIMITS.suspendMaxMs;
  const shiftMs = asleep ? partedMs : 0;
  state.sleptMs += shiftMs;
  const widenMs = partedMs > 0 && partedMs <= LIMITS.suspendMaxMs ? partedMs : 0;
  state.clock = {
    ...state.clock,
    anchor: null,
    jumpedMs: stamp.steadyMs,
    samples: state.clock.samples.map((sample) => ({
      ...sample,
      offsetMs: sample.offsetMs + shiftMs,
      errorMs: sample.errorMs + widenMs,
    })),
  };
  report(draft, "info", "clock-jumped", { byMs: Math.round(partedMs), asleep });
  // Only a suspend leaves the estimate in doubt; a clock that was set left it as it was.
  sampleAgain(draft, asleep);
  // A set asleep for hours has an old schedule: ask as after a start, once the time tells what the old one owes.
  const { channel } = state;
  if (asleep && channel) want(draft, state.tuned, "schedule", ASK_AFTER_SLEEP_MS, channel);
  persistClock(draft);
}

/** Starts a burst of samples. @param doubt whether firing waits for the first of them */
export function sampleAgain(draft: Draft, doubt: boolean): void {
  const { clock } = draft.next;
  const doubtUntilMs = doubt ? draft.steadyMs + LIMITS.doubtMs : clock.doubtUntilMs;
  // The burst ends in a write; without network, an hour does.
  const storedMs = draft.steadyMs;
  draft.next.clock = { ...clock, burstLeft: LIMITS.sampleBurst, doubtUntilMs, storedMs };
  want(draft, "time", "time", 0);
}

/**
 * A cue is near: on a line so long that the bound is wide, the estimate is made of as many samples as are kept.
 * On a good line nothing is asked; nor when they were taken for the cue before.
 */
export function sharpenClock(draft: Draft): void {
  const { clock, settings } = draft.next;
  if (clockErrorMs(draft) <= LIMITS.sharpMs) return;
  const isYoung = (sample: TimeSample) => draft.steadyMs - sample.takenMs < settings.pace.sampleMs;
  const young = clock.sampled ? clock.samples.filter(isYoung).length : 0;
  const burstLeft = Math.max(clock.burstLeft, LIMITS.samples - young);
  if (burstLeft === clock.burstLeft) return;
  draft.next.clock = { ...clock, burstLeft };
  want(draft, "time", "time", 0);
}

/** Takes the estimate from the store; leaves it unknown when the wall clock contradicts it. */
export function restoreClock(draft: Draft, entry: ClockEntry): void {
  const edgeMs = draft.wallClockMs + entry.aheadMs;
  const awayMs = edgeMs - entry.edgeMs;
  // One that starts anew at every boot says nothing of how long the power was off.
  if (!(awayMs >= 0) || awayMs > LIMITS.suspendMaxMs || draft.wallClockMs < WALL_LEAST_MS) {
    report(draft, "warn", "clock-unknown", { awayMs });
    return;
  }
  const errorMs = entry.errorMs + LIMITS.rebootErrorMs + (awayMs * DRIFT_PPM) / 1e6;
  draft.next.clock = {
    ...draft.next.clock,
    rate: entry.rate || 0,
    rateError: entry.rateError || DRIFT_PPM / 1e6,
    samples: [{ takenMs: draft.steadyMs, offsetMs: edgeMs - draft.steadyMs, errorMs }],
  };
}

/** A reply of `GET /v1/time`. */
export function takeTime(draft: Draft, reply: Reply, edge: string, probe: boolean): void {
  const clock = draft.next.clock;
  // Sent before a sleep and delivered after it: the round trip looks short, and the stamp is hours old.
  if (reply.sentMs < clock.jumpedMs) return;
  const { timeMs } = reply.content as { timeMs: number };
  const sample = timeSample(timeMs, reply.sentMs, reply.receivedMs);
  // What the store told is no sample: the first real one replaces it.
  const before = clock.sampled ? clock.samples : [];
  const samples = withSample(before, sample, LIMITS.samples);
  // One that contradicts those before says that the other clock was set: nothing is learnt across that.
  const agrees = samples.length > before.length || samples.length === LIMITS.samples;
  const learnt = learnRate(agrees ? clock : { ...clock, anchor: null }, { ...sample, edge });
  draft.next.clock = {
    ...learnt,
    samples,
    sampled: true,
    doubtUntilMs: 0,
    burstLeft: probe ? clock.burstLeft : Math.max(0, clock.burstLeft - 1),
  };
  if (clock.burstLeft > 0 && draft.next.clock.burstLeft === 0) persistClock(draft);
}

/** When to sample next, monotonic. */
export function nextSampleMs(draft: Draft): number {
  const pace = draft.next.settings.pace;
  if (draft.next.clock.burstLeft > 0) {
    return draft.steadyMs + LIMITS.sampleBurstMs * (1 + chance(draft));
  }
  return draft.steadyMs + around(draft, pace.sampleMs);
}

/** Once an hour, also without network: a reboot then costs the drift of an hour, not of a day. */
export function persistHourly(draft: Draft): void {
  const dueMs = draft.next.clock.storedMs + draft.next.settings.pace.lineUpMs;
  if (draft.steadyMs >= dueMs) persistClock(draft);
}

/** After a burst and a jump, too: at every sample it would wear flash. */
function persistClock(draft: Draft): void {
  const { clock } = draft.next;
  const { rate, rateError } = clock;
  draft.next.clock = { ...clock, storedMs: draft.steadyMs };
  const edgeMs = edgeNow(draft);
  if (edgeMs === null) return;
  const entry: ClockEntry = {
    aheadMs: Math.round(edgeMs - draft.wallClockMs),
    errorMs: Math.ceil(clockErrorMs(draft)) + 1,
    edgeMs: Math.round(edgeMs),
    rate,
    rateError,
  };
  put(draft, "clock", entry);
}

/** What a new sample says about the rate. The anchor is one of a short round trip, hours back. */
function learnRate(clock: ClockState, sample: Anchor): ClockState {
  const { anchor } = clock;
  const spanMs = anchor ? sample.takenMs - anchor.takenMs : 0;
  if (!anchor || (spanMs < RATE_BURST_MS && sample.errorMs < anchor.errorMs))
    return { ...clock, anchor: sample };
  const rate = (sample.offsetMs - anchor.offsetMs) / spanMs;
  const rateError = (sample.errorMs + anchor.errorMs) / spanMs + RATE_STRAY;
  const renews = spanMs >= RATE_RENEW_MS;
  const leastMs = sample.edge === anchor.edge ? RATE_BURST_MS : RATE_SPAN_MS;
  if (spanMs < leastMs || (rateError > clock.rateError && !renews)) return clock;
  const learnt = { ...clock, anchor: renews ? sample : anchor };
  // Far from an edge the samples are too rough to say anything.
  return rateError > DRIFT_PPM / 1e6 ? learnt : { ...learnt, rate, rateError };
}
