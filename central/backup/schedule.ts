/**
 * Backups by themselves: one every so often, the newest few kept. How one is made is a port, since it runs in a
 * process of its own: copying and reading back gigabytes must not hold up whoever publishes meanwhile.
 */
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Timers } from "../../shared/time/timers.ts";

export interface KeptBackup {
  name: string;
  madeAtMs: number;
  bytes: number;
}

export interface BackupSchedule {
  start(): void;
  /** Makes one now. @throws {CuecastError} 409 `backup-running` */
  runNow(): void;
  view(): BackupView;
  close(): void;
}

export interface BackupView {
  everyHours: number;
  keep: number;
  running: boolean;
  nextMs: number;
  /** The newest first. */
  backups: readonly KeptBackup[];
  /** Why the last try failed. */
  trouble?: string;
}

interface Ports {
  /** Makes one and resolves when it was read back; ends when the signal says so. */
  make(signal: AbortSignal): Promise<void>;
  /** What is kept, in any order. */
  list(): Promise<KeptBackup[]>;
  remove(name: string): Promise<void>;
  clock: Clock;
  timers: Timers;
  log: Log;
}

const HOUR_MS = 3_600_000;
/** After a start, edges come back first. */
const SETTLE_MS = 60_000;
/** A full disk may have room again; an hour is short beside what is at stake. */
const RETRY_MS = HOUR_MS;
/** Timers of months overflow: waits are made of these. */
const HOP_MS = HOUR_MS;

export function createBackupSchedule(
  { make, list, remove, clock, timers, log }: Ports,
  { everyHours, keep }: { everyHours: number; keep: number },
): BackupSchedule {
  const ending = new AbortController();
  let backups: KeptBackup[] = [];
  let running = false;
  let trouble: string | undefined;
  let nextMs = clock.wallMs() + SETTLE_MS;
  let cancel = () => {};

  async function look(): Promise<void> {
    backups = (await list()).sort((a, b) => b.madeAtMs - a.madeAtMs);
  }

  async function run(): Promise<void> {
    running = true;
    try {
      await make(ending.signal);
      trouble = undefined;
      await look();
      // Only ever after a good one: a disk that fails must not eat the last that is whole.
      for (const { name } of backups.slice(keep)) await remove(name);
      await look();
      nextMs = clock.wallMs() + everyHours * HOUR_MS;
      log.info("backed-up", { name: backups[0]?.name, bytes: backups[0]?.bytes });
    } catch (error) {
      if (ending.signal.aborted) return;
      trouble = errorMessage(error);
      nextMs = clock.wallMs() + Math.min(RETRY_MS, everyHours * HOUR_MS);
      log.error("backup-failed", { why: trouble });
    } finally {
      running = false;
      arm();
    }
  }

  function arm(): void {
    cancel();
    if (ending.signal.aborted || running) return;
    const waitMs = Math.min(HOP_MS, Math.max(1_000, nextMs - clock.wallMs()));
    cancel = timers.after(waitMs, () => (clock.wallMs() >= nextMs ? void run() : arm()));
  }

  return {
    start() {
      look().then(
        () => {
          const due = (backups[0]?.madeAtMs ?? 0) + everyHours * HOUR_MS;
          nextMs = Math.max(clock.wallMs() + SETTLE_MS, due);
          arm();
        },
        (error) => {
          trouble = errorMessage(error);
          arm();
        },
      );
    },
    runNow() {
      if (running) {
        throw new CuecastError("Cannot back up now: a backup is being made", {
          code: "backup-running",
          status: 409,
          retryable: true,
        });
      }
      cancel();
      void run();
    },
    view: () => ({ everyHours, keep, running, nextMs, backups, ...(trouble !== undefined && { trouble }) }),
    close() {
      ending.abort();
      cancel();
    },
  };
}
