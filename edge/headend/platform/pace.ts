/**
 * Long work in slices, so that replies go out in between.
 *
 * A slice ends with a timer. `setImmediate` gives Deno's network no turn: with slices of 2 ms behind it, a reply took
 * 57 ms (p99 233), with a timer 1.1 ms (p99 5.3); Node's replies take the same with either. Then it rests for as long as
 * it has worked, and up to three times as long where boxes ask: an edge that is half busy with replies would be wholly
 * busy otherwise, and they would queue up. An edge that nobody asks has nobody to wait for.
 */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";

export interface Pace {
  /** Between two steps of long work: resolves at once until a slice is over, then after a rest. */
  pause(): Promise<void>;
  /** From now on it rests: before it there is no reply that could be given. */
  serving(): void;
}

export interface PacePorts {
  clock: Clock;
  timers: Timers;
  /** Replies given so far. */
  replies(): number;
}

/** How long one slice computes, ms, before its last step, which takes as long again. */
const SLICE_MS = 0.5;
/** What seems to have worked for longer was asleep, or waited for something else. */
const WORKED_MAX_MS = 5;
/** How many times as long as it has worked it rests: the first where nobody asks, the second from `PER_MS` replies a ms on. */
const REST = { least: 1, most: 3 };
/** A reply takes some 50 µs: an edge is busy for a tenth of its time then. */
const PER_MS = 2;

export function createPace({ clock, timers, replies }: PacePorts): Pace {
  let isServing = false;
  let fromMs = clock.monotonicMs();
  let before = { atMs: fromMs, replies: replies() };

  const restFor = (workedMs: number, nowMs: number) => {
    const given = replies();
    const perMs = (given - before.replies) / Math.max(1, nowMs - before.atMs);
    before = { atMs: nowMs, replies: given };
    const times = REST.least + (REST.most - REST.least) * Math.min(1, perMs / PER_MS);
    return Math.min(workedMs, WORKED_MAX_MS) * times;
  };

  return {
    async pause() {
      const nowMs = clock.monotonicMs();
      const workedMs = nowMs - fromMs;
      if (!isServing || workedMs < SLICE_MS) return;
      await new Promise<void>((resolve) => timers.after(restFor(workedMs, nowMs), resolve));
      fromMs = clock.monotonicMs();
    },
    serving() {
      isServing = true;
    },
  };
}
