/** Whether the outbox's files can be written, in words for a technician, and as the 503 that boxes understand. */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { tellsDamage } from "../../../shared/runtime/database.ts";
import { SYSTEM_WORDS, systemState } from "../../../shared/system-state.ts";
import type { Clock } from "../../../shared/time/clock.ts";

/** What boxes wait when nothing can be stored, before their own spread. */
export const RETRY_AFTER_MS = 5_000;
const FULL_RETRY_AFTER_MS = 60_000;

/**
 * A trouble is over once nothing has failed for so long, ms: on a full disk the log's last block may have room while the
 * database has none, and what changes every second holds no alert.
 */
const CALM_MS = 5_000;

export const outboxFull = () =>
  new CuecastError("Cannot take more into the outbox: it remembers as many keys as it may", {
    code: "outbox-full",
    status: 503,
    retryable: true,
    retryAfterMs: FULL_RETRY_AFTER_MS,
  });

export interface StorageTrouble {
  /** Undefined while there is none. */
  state(): string | undefined;
  /** The storage's own errors as `outbox-unavailable`; anything else is a bug and passes. */
  told(error: unknown): unknown;
  /** A write went well. */
  wentWell(): void;
}

const codeOf = (error: unknown): string => {
  const code = error instanceof CuecastError ? "" : (error as { code?: unknown } | null)?.code;
  return typeof code === "string" ? code : "";
};
/** Whether a system call failed: its code is that of `errno`. */
export const tellsSystem = (error: unknown): boolean => /^E[A-Z0-9]+$/.test(codeOf(error));

/** What a system call or SQLite said; undefined when the error is none of theirs. */
function stateOf(error: unknown): string | undefined {
  const code = codeOf(error);
  const state = systemState(error);
  if (state === "full") return "its disk is full";
  if (tellsDamage(error)) return `its file is damaged (${code})`;
  if (state !== undefined && code !== "") return `${SYSTEM_WORDS[state]} (${code})`;
  return code.startsWith("SQLITE_") || tellsSystem(error) ? `its disk refuses (${code})` : undefined;
}

/** @param ports `onDamage`: told when the database turns out to be damaged, which no waiting repairs */
export function createStorageTrouble(ports: {
  log: Log;
  clock: Pick<Clock, "monotonicMs">;
  onDamage?: (() => void) | undefined;
}): StorageTrouble {
  const { log, clock } = ports;
  let trouble: string | undefined;
  let failedMs = 0;
  return {
    state: () => trouble,
    told(error) {
      const state = stateOf(error);
      if (state === undefined) return error;
      if (trouble !== state) log.error("outbox-unavailable", { state, error: errorMessage(error) });
      trouble = state;
      failedMs = clock.monotonicMs();
      if (tellsDamage(error)) ports.onDamage?.();
      return new CuecastError(`Cannot write to the outbox: ${state}`, {
        code: "outbox-unavailable",
        status: 503,
        retryable: true,
        retryAfterMs: RETRY_AFTER_MS,
        cause: error,
      });
    },
    wentWell() {
      if (trouble === undefined || clock.monotonicMs() - failedMs < CALM_MS) return;
      log.info("outbox-available");
      trouble = undefined;
    },
  };
}
