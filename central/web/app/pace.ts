/**
 * When to load again what changes often: one load at a time, and the longer it takes the longer it rests, so that a
 * page of a thousand edges spends at most a tenth of its time, and of central's, on asking.
 */
import type { Timers } from "../../../shared/time/timers.ts";

/** Rest after a load, in times of how long it took. */
const REST_PART = 9;
/** However long it took, ms. */
const REST_MAX_MS = 15_000;

export interface Pace {
  started(): void;
  ended(): void;
  /** Runs now, or once the load is over and has rested; what is wished meanwhile is the same wish. */
  wish(run: () => void): void;
  stop(): void;
}

/** @param now ms since whenever, rising */
export function createPace(timers: Timers, now: () => number): Pace {
  let startedMs: number | undefined;
  let restUntilMs = Number.NEGATIVE_INFINITY;
  let wished: (() => void) | undefined;
  let cancel = () => {};
  const serve = () => {
    cancel();
    if (!wished || startedMs !== undefined) return;
    const restMs = restUntilMs - now();
    if (restMs > 0) {
      cancel = timers.after(Math.min(restMs, REST_MAX_MS), serve);
      return;
    }
    const run = wished;
    wished = undefined;
    run();
  };
  return {
    started() {
      startedMs = now();
    },
    ended() {
      if (startedMs === undefined) return;
      const tookMs = Math.max(0, now() - startedMs);
      restUntilMs = now() + Math.min(REST_MAX_MS, REST_PART * tookMs);
      startedMs = undefined;
      serve();
    },
    wish(run) {
      wished = run;
      serve();
    },
    stop() {
      wished = undefined;
      cancel();
    },
  };
}
