/**
 * Erasing what is kept of one box: its answers go, the counts they are in stay. What it sends later to a cue that it
 * had answered is not taken in again (`gate.ts`), so nothing is counted twice.
 */
import type { Queries } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Gate } from "./gate.ts";

export interface Erased {
  /** Answers that were removed. */
  answers: number;
  cues: number;
}

/**
 * Answers of a box, found cue by cue: they are kept by cue, and an index by box would cost each answer that is taken in
 * more than all other work on it.
 */
const OF_BOX = `WITH RECURSIVE kept (cue) AS (
    SELECT min(cue) FROM answer UNION ALL
    SELECT (SELECT min(cue) FROM answer WHERE answer.cue > kept.cue) FROM kept WHERE kept.cue IS NOT NULL)
  SELECT answer.rowid AS id, answer.cue, answer.verdict FROM kept CROSS JOIN answer
    ON answer.cue = kept.cue AND answer.box = ?`;

/** @param exclusive runs a task while nothing is taken in */
export function createErasure(ports: {
  database: Queries;
  gate: Gate;
  clock: Clock;
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}) {
  const { database, gate, clock, exclusive } = ports;
  return (box: string): Promise<Erased> =>
    exclusive(async () => {
      const rows = await database.all(OF_BOX, [box]);
      const cues = [...new Set(rows.map((row) => String(row.cue)))];
      // Nobody can judge them any more.
      const unknown = rows.filter((row) => row.verdict === "unknown");
      await database.batch([
        ...gate.erasure(box, cues, clock.wallMs()),
        {
          sql: `INSERT INTO verdict_count (cue, verdict, count)
                SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
                ON CONFLICT DO UPDATE SET count = count + excluded.count`,
          args: [
            JSON.stringify(
              unknown.flatMap(({ cue }) => [
                [cue, "unknown", -1],
                [cue, "erased", 1],
              ]),
            ),
          ],
        },
        {
          sql: "DELETE FROM answer WHERE rowid IN (SELECT value FROM json_each(?))",
          args: [JSON.stringify(rows.map(({ id }) => id))],
        },
        { sql: "UPDATE draw_winner SET box = NULL WHERE box = ?", args: [box] },
      ]);
      await gate.reload();
      return { answers: rows.length, cues: cues.length };
    });
}
