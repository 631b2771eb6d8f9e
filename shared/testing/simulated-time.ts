/** Clock and timers in virtual time: tests move it, nothing waits. The wall side may step and drift. */
import type { Clock } from "../time/clock.ts";
import type { Timers } from "../time/timers.ts";

/** Most timers run by one `advance`, so that a loop of zero delays ends as a failure and not as a hang. */
const RUNS_MAX = 1_000_000;

export interface SimulatedTime {
  clock: Clock;
  timers: Timers;
  /** Moves both sides by `ms`, running what comes due, in order of time, then of arming. */
  advance(ms: number): void;
  /** Sets the wall side only. */
  stepWall(ms: number): void;
  /** When the next timer is due on the monotonic side; undefined when none is armed. */
  nextDueMs(): number | undefined;
}

/**
 * @param wallMs where the wall side starts, ms since the Unix epoch
 * @param driftPpm how much faster than true the wall side runs, parts per million
 */
export function createSimulatedTime(wallMs: number, driftPpm = 0): SimulatedTime {
  let monotonic = 0;
  let wallBase = wallMs;
  let wallBaseAt = 0;
  let sequence = 0;
  const armed = new Map<number, { dueMs: number; run: () => void }>();

  const wallNow = () => Math.floor(wallBase + (monotonic - wallBaseAt) * (1 + driftPpm / 1e6));
  const next = () => {
    let found: [number, { dueMs: number; run: () => void }] | undefined;
    for (const entry of armed) {
      if (!found || entry[1].dueMs < found[1].dueMs) found = entry;
    }
    return found;
  };

  return {
    clock: { wallMs: wallNow, monotonicMs: () => monotonic },
    timers: {
      after(delayMs, run) {
        const id = ++sequence;
        armed.set(id, { dueMs: monotonic + Math.max(0, delayMs), run });
        return () => armed.delete(id);
      },
    },
    advance(ms) {
      const end = monotonic + ms;
      for (let runs = 0; ; runs++) {
        if (runs > RUNS_MAX) throw new Error("Cannot advance: timers arm each other without end");
        const due = next();
        if (!due || due[1].dueMs > end) break;
        armed.delete(due[0]);
        monotonic = Math.max(monotonic, due[1].dueMs);
        due[1].run();
      }
      monotonic = end;
    },
    stepWall(ms) {
      wallBase = ms;
      wallBaseAt = monotonic;
    },
    nextDueMs: () => next()?.[1].dueMs,
  };
}
