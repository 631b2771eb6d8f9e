/** One slice of each kind of data that is past its retention. None of them holds a database for long. */
import type { Database, Queries } from "../../shared/runtime/database.ts";
import type { Kind } from "./kinds.ts";

/**
 * Removes at most so many rows of what is older.
 *
 * @returns how many were removed; 0: nothing is left that is due
 */
export type Remover = (beforeMs: number, rowsMax: number, nowMs: number) => Promise<number>;

/** How long an erasure must be remembered: the longest that an answer may still be accepted, and a month. */
const ERASURE_MS = 430 * 86_400_000;

const counted = async (database: Queries, sql: string, args: (string | number)[]): Promise<number> =>
  (await database.all(sql, args)).length;

export function createRemovers(ports: {
  authoring: Database;
  results: Queries;
  removeAnswers: Remover;
  removePublications: Remover;
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}): Record<Kind, Remover> {
  const { authoring, results, removeAnswers, removePublications, exclusive } = ports;
  return {
    async answers(beforeMs, rowsMax, nowMs) {
      await counted(
        results,
        `DELETE FROM erased_answer WHERE hash IN (SELECT hash FROM erased_answer WHERE at_ms < ? LIMIT ?) RETURNING 1 AS one`,
        [nowMs - ERASURE_MS, rowsMax],
      );
      return removeAnswers(beforeMs, rowsMax, nowMs);
    },
    airings: (beforeMs, rowsMax) =>
      exclusive(() =>
        counted(
          results,
          `DELETE FROM airing_count WHERE (cue, outbox, interaction, version) IN
             (SELECT airing_count.cue, outbox, interaction, version FROM cue_seen JOIN airing_count USING (cue)
              WHERE at_ms < ? LIMIT ?) RETURNING 1 AS one`,
          [beforeMs, rowsMax],
        ),
      ),
    audit: (beforeMs, rowsMax) =>
      counted(
        authoring,
        // By id, which is by time: nothing is searched behind the first that stays.
        `DELETE FROM audit WHERE id IN (SELECT id FROM (SELECT id, at_ms FROM audit ORDER BY id LIMIT ?2)
           WHERE at_ms < ?1) RETURNING 1 AS one`,
        [beforeMs, rowsMax],
      ),
    sessions: (beforeMs, rowsMax) =>
      counted(
        authoring,
        "DELETE FROM session WHERE hash IN (SELECT hash FROM session WHERE expires_at_ms < ? LIMIT ?) RETURNING 1 AS one",
        [beforeMs, rowsMax],
      ),
    publications: removePublications,
    deliveries: (beforeMs, rowsMax) =>
      counted(
        authoring,
        `DELETE FROM webhook_delivery WHERE id IN (SELECT id FROM webhook_delivery
           WHERE state <> 'waiting' AND at_ms < ? LIMIT ?) RETURNING 1 AS one`,
        [beforeMs, rowsMax],
      ),
  };
}
