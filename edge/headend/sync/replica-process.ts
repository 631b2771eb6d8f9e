/**
 * The serving process's hold on the replica process: one command at a time, and a watchdog.
 *
 * Syncing blocks a JavaScript thread and may hang for ever; nothing but killing the process ends it. A sync
 * that still brings bytes is left to go on, up to a limit: a slow line must not start over again and again.
 */
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import { type SyncCommand, type SyncReply, syncReplySchema } from "./replica-messages.ts";

/** A running process that speaks in lines. */
export interface Child {
  send(line: string): void;
  /** At once, whatever it does. */
  kill(): void;
  onLine(call: (line: string) => void): void;
  /** Told once or more, how it ended. */
  onEnd(call: (how: string) => void): void;
}

export interface ReplicaProcess {
  /** @throws {CuecastError} `replica-stuck`, `replica-died`, `replica-garbled`; retryable */
  sync(command: SyncCommand): Promise<SyncReply>;
  /** Processes that had to be killed. */
  kills(): number;
  /** Kills the process; a running sync fails. */
  stop(): void;
}

export interface ReplicaProcessSettings {
  /** Without an answer and without new bytes for this long it is killed, ms. */
  timeoutMs: number;
  /** Without an answer for this long it is killed, ms. */
  timeoutMaxMs: number;
}

/** After a kill, as long as no sync succeeds: a line that swallows all is noticed so much later. */
const PATIENCE_TIMES = 2;

/** How much of a line that is no reply is logged, characters. */
const SAID_MAX = 300;

export const REPLICA_PROCESS_DEFAULTS: ReplicaProcessSettings = { timeoutMs: 60_000, timeoutMaxMs: 900_000 };

/**
 * @param ports `spawn`: a process that may talk to that address of air; another address gets another process;
 * `progress`: a figure that changes while a sync brings something, such as bytes on disk
 */
/** A terminal's, which its log has none of. */
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, "g");

export function createReplicaProcess(
  ports: { spawn: (airUrl: string) => Child; timers: Timers; log: Log; progress?: () => Promise<number> },
  settings: Partial<ReplicaProcessSettings> = {},
): ReplicaProcess {
  const { timers, log } = ports;
  const { timeoutMs, timeoutMaxMs } = { ...REPLICA_PROCESS_DEFAULTS, ...settings };
  let child: Child | undefined;
  /** The address that it may talk to. */
  let childUrl: string | undefined;
  let waiting: { resolve(reply: SyncReply): void; reject(error: unknown): void } | undefined;
  let kills = 0;
  let stopped = false;
  /** How long it may get nowhere: longer after one was killed, who may have been slow rather than stuck. */
  let patienceMs = timeoutMs;

  const failure = (code: string, state: string) =>
    new CuecastError(`Cannot sync: ${state}`, { code, retryable: true });

  function settle(act: (caller: NonNullable<typeof waiting>) => void) {
    const caller = waiting;
    waiting = undefined;
    if (caller) act(caller);
  }

  function drop(process: Child) {
    if (child === process) child = undefined;
    process.kill();
  }

  function take(process: Child, line: string) {
    if (child !== process) return;
    // libSQL's native code logs to the same pipe, a full disk for one; each reply is an object.
    if (!line.startsWith("{")) {
      log.warn("replica-library-said", { line: line.replace(COLOURS, "").slice(0, SAID_MAX) });
      return;
    }
    let reply: SyncReply;
    try {
      reply = v.parse(syncReplySchema, JSON.parse(line));
    } catch {
      drop(process);
      settle((caller) =>
        caller.reject(failure("replica-garbled", "the replica process said what it should not")),
      );
      return;
    }
    patienceMs = timeoutMs;
    settle((caller) => caller.resolve(reply));
  }

  function start(airUrl: string): Child {
    const process = ports.spawn(airUrl);
    childUrl = airUrl;
    process.onLine((line) => take(process, line));
    process.onEnd((how) => {
      if (child !== process) return;
      child = undefined;
      log.warn("replica-process-ended", { how });
      settle((caller) => caller.reject(failure("replica-died", `the replica process ended (${how})`)));
    });
    return process;
  }

  function watch(process: Child, sinceStartMs: number, seen: number | undefined): () => void {
    let cancelled = false;
    let cancelNext = () => {};
    const forMs = patienceMs;
    const cancel = timers.after(forMs, async () => {
      const now = await ports.progress?.().catch(() => undefined);
      if (cancelled) return;
      const elapsedMs = sinceStartMs + forMs;
      if (now !== undefined && now !== seen && elapsedMs < timeoutMaxMs) {
        cancelNext = watch(process, elapsedMs, now);
        return;
      }
      kills++;
      patienceMs = Math.min(timeoutMs * PATIENCE_TIMES, timeoutMaxMs);
      drop(process);
      log.warn("replica-process-killed", { afterMs: elapsedMs });
      settle((caller) =>
        caller.reject(
          failure(
            "replica-stuck",
            `the replica process got nowhere in ${forMs} ms and was ended; the line to air may swallow what is sent`,
          ),
        ),
      );
    });
    return () => {
      cancelled = true;
      cancel();
      cancelNext();
    };
  }

  return {
    async sync(command) {
      if (stopped) throw failure("replica-died", "this edge is ending");
      if (waiting) throw new Error("Cannot sync: a sync runs already");
      const seen = await ports.progress?.().catch(() => undefined);
      if (child && childUrl !== command.url) drop(child);
      child ??= start(command.url);
      const process = child;
      const cancel = watch(process, 0, seen);
      try {
        return await new Promise<SyncReply>((resolve, reject) => {
          waiting = { resolve, reject };
          process.send(JSON.stringify(command));
        });
      } finally {
        cancel();
      }
    },
    kills: () => kills,
    stop() {
      stopped = true;
      const process = child;
      child = undefined;
      process?.kill();
      settle((caller) => caller.reject(failure("replica-died", "this edge is ending")));
    },
  };
}
