/**
 * Long work in slices, so that replies go out in between.
 *
 * A slice ends with a timer. `setImmediate` gives Deno's network no turn: with slices of 2 ms behind it, a reply took
 * 57 ms (p99 233), with a timer 1.1 ms (p99 5.3); Node's replies take the same with either. Then it rests for as long as
 * it has worked, and up to four times as long where many boxes ask: an edge that is half busy with replies would be wholly
 * busy otherwise, and they would queue up. An edge that nobody asks has nobody to wait for: its slices are longer, and
 * after each it looks whether somebody came.
 */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";

export interface Pace {
  /** Between two steps of long work: resolves at once until a slice is over, then after a rest. */
  pause(): Promise<void>;
  /** From now on it rests: before it there is no reply that could be given. */
  serving(): void;
  /** Whether many boxes ask now, or asked since it was last told or paused. */
  isAsked(): boolean;
}

export interface PacePorts {
  clock: Clock;
  timers: Timers;
  /** Replies given so far. */
  replies(): number;
}

/** How long one slice computes, ms, before its last step: most steps take 0.2 to 0.4, and most slices are one. */
const SLICE_MS = 0.25;
/** The same where nobody asks: a timer takes a millisecond or two however short it is, and would be most of the time. */
const SLICE_ALONE_MS = 4;
/** What seems to have worked for longer was asleep, or waited for something else. */
const WORKED_MAX_MS = 5;
/** How many times as long as it has worked it rests: the first where few ask, the second from `PER_MS` replies a ms on. */
const REST = { least: 1, most: 4 };
/** A reply takes some 50 µs: an edge is busy for a tenth of its time then. */
const PER_MS = 2;
/** From here on many ask: a hundred replies a second. */
const MANY_PER_MS = 0.1;
/** Below it nobody asks: of twenty replies a second hardly one meets a slice. */
const ASKED_PER_MS = 0.02;
/** Replies are counted over so long at least, ms: within a slice and its rest there may be none by chance. */
const COUNTED_MS = 100;

export function createPace({ clock, timers, replies }: PacePorts): Pace {
  let isServing = false;
  let fromMs = clock.monotonicMs();
  let counted = { atMs: fromMs, replies: replies() };
  let perMs = 0;

  function count(nowMs: number): void {
    const forMs = nowMs - counted.atMs;
    if (forMs < COUNTED_MS) return;
    const given = replies();
    perMs = (given - counted.replies) / forMs;
    counted = { atMs: nowMs, replies: given };
  }

  const restFor = (workedMs: number) => {
    const times = REST.least + (REST.most - REST.least) * Math.min(1, perMs / PER_MS);
    return Math.min(workedMs, WORKED_MAX_MS) * times;
  };

  return {
    async pause() {
      const nowMs = clock.monotonicMs();
      count(nowMs);
      const isAsked = perMs >= ASKED_PER_MS;
      const workedMs = nowMs - fromMs;
      if (!isServing || workedMs < (isAsked ? SLICE_MS : SLICE_ALONE_MS)) return;
      await new Promise<void>((resolve) => timers.after(isAsked ? restFor(workedMs) : 0, resolve));
      fromMs = clock.monotonicMs();
    },
    serving() {
      isServing = true;
    },
    isAsked() {
      count(clock.monotonicMs());
      return perMs >= MANY_PER_MS;
    },
  };
}
