/**
 * Removes what is past its retention: once an hour, slice by slice, with a pause after each, so that intake and
 * editors come in between. What is left when a run has done its share goes with the next.
 */
import { errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Timers } from "../../shared/time/timers.ts";
import { KINDS, type Kind, type RetentionDays } from "./kinds.ts";
import type { Remover } from "./removers.ts";

const DAY_MS = 86_400_000;
const EVERY_MS = 3_600_000;
/** After a start, edges come back first. */
const SETTLE_MS = 120_000;
/** When a run has not done all. */
const MORE_MS = 60_000;
/** About 20 ms of a database's time. */
export const SLICE_ROWS_MAX = 1_000;
const SLICES_MAX = 500;
const PAUSE_MS = 30;

export interface RetentionRun {
  startedMs: number;
  endedMs: number;
  /** By kind; those of which nothing was removed are left out. */
  removed: Partial<Record<Kind, number>>;
  /** Why it ended early. */
  trouble?: string | undefined;
  /** It did its share, and more is due. */
  more: boolean;
}
export interface RetentionView {
  running: boolean;
  nextMs: number;
  /** The last runs that removed something, and the last of all; the newest first. */
  runs: readonly RetentionRun[];
}

interface Ports {
  days(): Promise<RetentionDays>;
  removers: Record<Kind, Remover>;
  /** What is remembered of runs. */
  runs: { read(): Promise<RetentionRun[]>; write(runs: readonly RetentionRun[]): Promise<void> };
  clock: Clock;
  timers: Timers;
  log: Log;
}
const RUNS_KEPT = 50;

export function createRetention({ days, removers, runs, clock, timers, log }: Ports) {
  let [running, closed] = [false, false];
  let nextMs = clock.wallMs() + SETTLE_MS;
  let cancel = () => {};
  const pause = () => new Promise<void>((resolve) => timers.after(PAUSE_MS, resolve));

  async function slices(removed: RetentionRun["removed"]): Promise<boolean> {
    const kept = await days();
    let slice = 0;
    for (const kind of KINDS) {
      for (;;) {
        if (closed || slice++ >= SLICES_MAX) return true;
        const nowMs = clock.wallMs();
        const count = await removers[kind](nowMs - kept[kind] * DAY_MS, SLICE_ROWS_MAX, nowMs);
        if (count === 0) break;
        removed[kind] = (removed[kind] ?? 0) + count;
        await pause();
      }
    }
    return false;
  }

  async function remember(run: RetentionRun): Promise<void> {
    const [last, ...before] = await runs.read();
    // A run that removed nothing gives its place to the next.
    const kept = last && Object.keys(last.removed).length === 0 && !last.trouble ? before : [last, ...before];
    await runs.write([run, ...kept.filter((each) => each !== undefined)].slice(0, RUNS_KEPT));
  }

  async function run(): Promise<void> {
    running = true;
    const removed: RetentionRun["removed"] = {};
    const startedMs = clock.wallMs();
    let trouble: string | undefined;
    let more = false;
    try {
      more = await slices(removed);
    } catch (error) {
      trouble = errorMessage(error);
      if (!closed) log.error("retention-failed", { why: trouble });
    }
    if (!closed) {
      await remember({ startedMs, endedMs: clock.wallMs(), removed, trouble, more }).catch((error) =>
        log.error("retention-failed", { why: errorMessage(error) }),
      );
    }
    if (Object.keys(removed).length > 0) log.info("removed-past-retention", { ...removed });
    running = false;
    arm(more ? MORE_MS : EVERY_MS);
  }

  function arm(waitMs: number): void {
    if (closed) return;
    nextMs = clock.wallMs() + waitMs;
    cancel = timers.after(waitMs, () => {
      ended = run();
    });
  }
  let ended: Promise<void> = Promise.resolve();

  return {
    start: () => arm(SETTLE_MS),
    /** Soon, for an admin who has just changed the settings. */
    hurry(): void {
      if (running) return;
      cancel();
      arm(1_000);
    },
    /** Resolves when a run has ended. */
    async runNow(): Promise<void> {
      cancel();
      ended = run();
      await ended;
    },
    view: async (): Promise<RetentionView> => ({ running, nextMs, runs: await runs.read() }),
    async close(): Promise<void> {
      closed = true;
      cancel();
      // A slice is short; what waits in a pause is not waited for.
      if (!running) await ended;
    },
  };
}
export type Retention = ReturnType<typeof createRetention>;
