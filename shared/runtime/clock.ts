/** This machine's clock and timers, behind their ports. */
import type { Clock } from "../time/clock.ts";
import type { Timers } from "../time/timers.ts";

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const systemTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
