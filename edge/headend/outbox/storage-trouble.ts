/** Whether the outbox's file can be written, in words for a technician, and as the 503 that boxes understand. */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { type Database, tellsDamage } from "../../../shared/runtime/database.ts";

/** What boxes wait when nothing can be stored, before their own spread. */
export const RETRY_AFTER_MS = 5_000;

/** What a body of answers may need, characters. */
const BODY_MAX = 65_536;
/** Valid JSON, so that a journal that keeps it reads as empty. */
const FILLER = `[]${" ".repeat(BODY_MAX)}`;

/**
 * Writes as much as a body of answers may need, and takes it away again: a smaller write proves nothing, it may fit
 * where an answer does not. In two transactions, since one would write neither.
 */
export async function proveRoom(database: Database): Promise<void> {
  await database.batch([
    { sql: "INSERT OR REPLACE INTO journal (id, keys, votes) VALUES (0, ?, '[]')", args: [FILLER] },
  ]);
  await database.batch([{ sql: "DELETE FROM journal WHERE id = 0" }]);
}

export interface StorageTrouble {
  /** Undefined while there is none. */
  state(): string | undefined;
  /** The storage's own errors as `outbox-unavailable`; anything else is a bug and passes. */
  told(error: unknown): unknown;
  over(): void;
}

/** @param ports `onDamage`: told when the file turns out to be damaged, which no waiting repairs */
export function createStorageTrouble(ports: {
  log: Log;
  onDamage?: (() => void) | undefined;
}): StorageTrouble {
  const { log } = ports;
  let trouble: string | undefined;
  return {
    state: () => trouble,
    told(error) {
      const code = (error as { code?: unknown } | null)?.code;
      if (error instanceof CuecastError || typeof code !== "string" || !code.startsWith("SQLITE_"))
        return error;
      const damaged = tellsDamage(error);
      const state = code.startsWith("SQLITE_FULL")
        ? "its disk is full"
        : damaged
          ? `its file is damaged (${code})`
          : `its disk refuses (${code})`;
      if (trouble !== state) log.error("outbox-unavailable", { state, error: errorMessage(error) });
      trouble = state;
      if (damaged) ports.onDamage?.();
      return new CuecastError(`Cannot write to the outbox: ${state}`, {
        code: "outbox-unavailable",
        status: 503,
        retryable: true,
        retryAfterMs: RETRY_AFTER_MS,
        cause: error,
      });
    },
    over() {
      if (trouble !== undefined) log.info("outbox-available");
      trouble = undefined;
    },
  };
}
