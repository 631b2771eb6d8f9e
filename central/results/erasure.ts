/**
 * Erasing what is kept of one box: its answers go, the counts they are in stay. What it sends later to a cue that it
 * had answered is not taken in again (`gate.ts`), so nothing is counted twice.
 */
import type { Database } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Gate } from "./gate.ts";

export interface Erased {
  /** Answers that were removed. */
  answers: number;
  cues: number;
}

/** @param exclusive runs a task while nothing is taken in */
export function createErasure(ports: {
  database: Database;
  gate: Gate;
  clock: Clock;
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}) {
  const { database, gate, clock, exclusive } = ports;
  return (box: string): Promise<Erased> =>
    exclusive(async () => {
      const rows = await database.all(
        "SELECT cue, verdict, count(*) AS count FROM answer WHERE box = ? GROUP BY 1, 2",
        [box],
      );
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
              unknown.flatMap(({ cue, count }) => [
                [cue, "unknown", -Number(count)],
                [cue, "erased", Number(count)],
              ]),
            ),
          ],
        },
        { sql: "DELETE FROM answer WHERE box = ?", args: [box] },
        { sql: "UPDATE draw_winner SET box = NULL WHERE box = ?", args: [box] },
      ]);
      await gate.reload();
      return { answers: rows.reduce((sum, row) => sum + Number(row.count), 0), cues: cues.length };
    });
}
