/**
 * Whether this machine's clock is sane by itself: against its own past, and against its monotonic time. What it
 * is against central's is measured by the synchroniser.
 */
import type { Clock } from "../../../shared/time/clock.ts";

export interface ClockStep {
  /** How far wall time moved beyond what passed, ms. */
  stepMs: number;
  atMs: number;
}

/** What wall and monotonic time may part by between two readings: slewing stays far below. */
const STEP_LEAST_MS = 1_000;
/** A minute behind the past is no rounding of a file's stamp. */
const BEHIND_LEAST_MS = 60_000;

export interface OwnClock {
  /** Call it every few seconds. */
  read(): void;
  /** The last step, as long as this process runs. */
  step(): ClockStep | undefined;
  /** How far it stands behind the newest moment that is known to have passed, ms; undefined when it does not. */
  behindPastMs(): number | undefined;
  /** Some moment that has certainly passed: a publication's, an answer's, what was written down. */
  passed(atMs: number | undefined): void;
  /** Central's clock agrees with this one: whatever the past seemed to be, it was wrong. */
  confirmed(): void;
  /** The newest moment known to have passed, to be written down. */
  newestMs(): number;
}

export function createOwnClock(clock: Clock): OwnClock {
  let last: { wallMs: number; monotonicMs: number } | undefined;
  let step: ClockStep | undefined;
  let newestMs = 0;
  return {
    read() {
      const now = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
      if (last) {
        const stepMs = now.wallMs - last.wallMs - (now.monotonicMs - last.monotonicMs);
        if (Math.abs(stepMs) >= STEP_LEAST_MS) {
          step = { stepMs: Math.round(stepMs), atMs: now.wallMs };
          // Set back on purpose, as after a wrong start: what was noted meanwhile was never the past.
          if (stepMs < 0) newestMs = Math.min(newestMs, now.wallMs);
        }
      }
      last = now;
      newestMs = Math.max(newestMs, now.wallMs);
    },
    step: () => step,
    behindPastMs() {
      const behindMs = newestMs - clock.wallMs();
      return behindMs > BEHIND_LEAST_MS ? behindMs : undefined;
    },
    passed(atMs) {
      if (atMs !== undefined) newestMs = Math.max(newestMs, atMs);
    },
    confirmed() {
      newestMs = clock.wallMs();
    },
    newestMs: () => newestMs,
  };
}
