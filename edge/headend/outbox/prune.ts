/** Removes from the outbox what is over: a limited number of rows a turn, and whole files of the answer log. */
import type { Database } from "../../../shared/runtime/database.ts";
import type { Kept } from "./kept.ts";
import { tallyId } from "./ledger.ts";
import type { AnswerLog } from "./log/answer-log.ts";
import * as sql from "./outbox-tables.ts";

export interface PruneLimits {
  /** How long an acknowledged answer stays, for a central that was restored from an older copy, ms. */
  acknowledgedKeptMs: number;
  /** How long counts stay after their last change, ms. */
  countsKeptMs: number;
}

/** @returns whether more is left than one turn may remove */
export async function prune(
  ports: { database: Database; kept: Kept; answers: AnswerLog },
  limits: PruneLimits,
  nowMs: number,
): Promise<boolean> {
  const { database, kept, answers } = ports;
  let most = 0;
  const remove = async (text: string, args: number[]) => {
    const rows = await database.all(text, args);
    most = Math.max(most, rows.length);
    return rows;
  };
  const keys = (await remove(sql.PRUNE_AIRING_KEYS, [nowMs])).length;
  if (keys > 0) {
    await database.batch([{ sql: "UPDATE state SET rows = max(0, rows - ?) WHERE id = 1", args: [keys] }]);
    kept.airingKeys = Math.max(0, kept.airingKeys - keys);
  }
  const before = nowMs - limits.countsKeptMs;
  await remove(sql.pruneCounts("airing_count"), [before]);
  for (const row of await remove(sql.pruneCounts("tally"), [before])) {
    const tally = {
      cue: String(row.cue),
      interaction: String(row.interaction),
      version: Number(row.version),
    };
    // One that changed since it was written is written anew.
    if ((kept.tallies.get(tallyId(tally))?.updatedMs ?? 0) <= before) kept.forget(tally);
  }
  await answers.forget(nowMs, kept.acknowledged, nowMs - limits.acknowledgedKeptMs, kept.counted);
  return most >= sql.PRUNE_MAX;
}
