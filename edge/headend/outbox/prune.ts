/** Removes from the outbox's tables what is over, a limited number of rows a turn. */
import type { Database } from "../../../shared/runtime/database.ts";
import type { Kept } from "./kept.ts";
import * as sql from "./outbox-tables.ts";

export interface PruneLimits {
  /** How long an acknowledged answer stays, for a central that was restored from an older copy, ms. */
  acknowledgedKeptMs: number;
  /** How long counts stay after their last change, ms. */
  countsKeptMs: number;
}

/** @returns whether more is left than one turn may remove */
export async function prune(
  database: Database,
  kept: Kept,
  limits: PruneLimits,
  nowMs: number,
): Promise<boolean> {
  let most = 0;
  const remove = async (text: string, args: number[]) => {
    const rows = await database.all(text, args);
    most = Math.max(most, rows.length);
    return rows;
  };
  let keys = 0;
  for (const table of ["answer_key", "airing_key"] as const) {
    keys += (await remove(sql.pruneKeys(table), [nowMs])).length;
  }
  if (keys > 0) {
    await database.batch([{ sql: "UPDATE state SET rows = max(0, rows - ?) WHERE id = 1", args: [keys] }]);
    kept.rows = Math.max(0, kept.rows - keys);
  }
  const before = nowMs - limits.countsKeptMs;
  await remove(sql.PRUNE_VOTES, [nowMs]);
  await remove(sql.PRUNE_QUEUED, [kept.acknowledged, nowMs - limits.acknowledgedKeptMs]);
  await remove(sql.pruneCounts("airing_count"), [before]);
  for (const row of await remove(sql.pruneCounts("tally"), [before])) {
    kept.forget({
      cue: String(row.cue),
      interaction: String(row.interaction),
      version: Number(row.version),
    });
  }
  return most >= sql.PRUNE_MAX;
}
