/** Answers that waited in the database, where outboxes kept them before there was the answer log, moved into it. */
import type { Database } from "../../../shared/runtime/database.ts";
import type { UplinkAnswer } from "../../../shared/uplink/batch.ts";
import type { AnswerLog, NewEntry } from "./log/answer-log.ts";

const PAGE_ROWS = 1_000;

/** An answer that was acknowledged before, as an entry that is neither judged nor counted again. */
function asEntry(answer: UplinkAnswer): NewEntry {
  const { key, cue, interaction, version, options, rating, answeredAtMs, box, receivedAtMs } = answer;
  return {
    ...{ status: "accepted", forgetMs: 0, box, key, cue, interaction, version, answeredAtMs, count: 0 },
    ...{ options, rating, receivedAtMs },
  };
}

/** A page may be moved twice when the process ends in between; central counts it once. */
export async function moveOlderQueue(database: Database, answers: AnswerLog, nowMs: number): Promise<void> {
  await database.all("DELETE FROM queued WHERE number <= (SELECT acknowledged FROM state WHERE id = 1)");
  for (;;) {
    const rows = await database.all("SELECT number, body FROM queued ORDER BY number LIMIT ?", [PAGE_ROWS]);
    const last = rows.at(-1);
    if (!last) return;
    const entries = rows.map(({ body }) => asEntry(JSON.parse(String(body))));
    await answers.append(entries, nowMs);
    await database.all("DELETE FROM queued WHERE number <= ?", [Number(last.number)]);
  }
}
