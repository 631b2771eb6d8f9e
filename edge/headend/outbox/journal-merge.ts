/** Writes the journal's keys and votes into their tables, piece by piece between the groups: see `recent.ts`. */
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Database, Statement } from "../../../shared/runtime/database.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Kept } from "./kept.ts";
import { keyToJson, voteToJson } from "./outbox-rows.ts";
import * as sql from "./outbox-tables.ts";
import { PIECE_ROWS } from "./recent.ts";

export interface JournalMerge {
  /** That many keys came into the journal. */
  came(keys: number): void;
  /** Begins to merge, or goes on, when the journal is long enough. */
  whenDue(): void;
  /** One piece, now, by whoever has the file; the end of a pause after a failure. @returns whether more is left */
  piece(): Promise<boolean>;
  end(): void;
}

/** @param mergeAt keys in the journal that begin a merge */
export function createJournalMerge(
  ports: {
    database: Database;
    kept: Kept;
    timers: Timers;
    log: Log;
    exclusive<T>(work: () => Promise<T>): Promise<T>;
  },
  mergeAt: number,
): JournalMerge {
  const { database, kept, timers, log, exclusive } = ports;
  /** Keys that came in since the merge's last turn: it must not fall behind them. */
  let owed = 0;
  let scheduled = false;
  /** A merge failed: reading the journal again for each try would hold up answers, so pruning tries first. */
  let held = false;
  let ended = false;

  async function writePiece(): Promise<boolean> {
    const { recent } = kept;
    const piece = recent.piece();
    if (!piece) return false;
    const statements: Statement[] = [];
    if (piece.keys.length > 0)
      statements.push({ sql: sql.PUT_KEYS, args: [JSON.stringify(piece.keys.map(keyToJson))] });
    if (piece.votes.length > 0)
      statements.push({ sql: sql.PUT_VOTES, args: [JSON.stringify(piece.votes.map(voteToJson))] });
    if (piece.journalUntil !== undefined)
      statements.push({ sql: "DELETE FROM journal WHERE id <= ?", args: [piece.journalUntil] });
    await database.batch(statements);
    recent.written(piece);
    return recent.merging();
  }

  async function turn(): Promise<boolean> {
    for (;;) {
      const more = await writePiece();
      owed = Math.max(0, owed - PIECE_ROWS);
      if (!more || owed === 0) return more;
      // Requests are read and replied to between two pieces.
      await new Promise<void>((resolve) => timers.after(0, resolve));
    }
  }

  function schedule() {
    if (scheduled || held || ended) return;
    scheduled = true;
    timers.after(0, () => {
      exclusive(turn).then(
        (more) => {
          scheduled = false;
          if (more) schedule();
        },
        (error) => {
          scheduled = false;
          held = true;
          log.warn("outbox-merge-failed", { error: errorMessage(error) });
        },
      );
    });
  }

  return {
    came(keys) {
      owed = kept.recent.merging() ? owed + keys : 0;
    },
    whenDue() {
      if (kept.recent.size() >= mergeAt) schedule();
    },
    async piece() {
      const more = await writePiece();
      held = false;
      return more;
    },
    end() {
      ended = true;
    },
  };
}
