/**
 * Long work in slices, so that replies go out in between.
 *
 * A slice ends with a timer. `setImmediate` gives Deno's network no turn: with slices of 2 ms behind it, a reply took
 * 57 ms (p99 233), with a timer 1.1 ms (p99 5.3); Node's replies take the same with either. Then it rests for as long as
 * it has worked: an edge that is half busy with replies would be wholly busy otherwise, and they would queue up.
 */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";

export interface Pace {
  /** Between two steps of long work: resolves at once until a slice is over, then after a rest. */
  pause(): Promise<void>;
  /** From now on it rests: before it there is no reply that could be given. */
  serving(): void;
}

/** How long one slice computes, ms, before its last step. */
const SLICE_MS = 1;
/** What seems to have worked for longer was asleep, or waited for something else. */
const REST_MAX_MS = 5;

export function createPace({ clock, timers }: { clock: Clock; timers: Timers }): Pace {
  let isServing = false;
  let fromMs = clock.monotonicMs();
  return {
    async pause() {
      const workedMs = clock.monotonicMs() - fromMs;
      if (!isServing || workedMs < SLICE_MS) return;
      await new Promise<void>((resolve) => timers.after(Math.min(workedMs, REST_MAX_MS), resolve));
      fromMs = clock.monotonicMs();
    },
    serving() {
      isServing = true;
    },
  };
}
