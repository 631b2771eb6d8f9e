/**
 * Erasing what is kept of one box: its answers go, the counts they are in stay. What it sends later to a cue that it
 * had answered is not taken in again (`gate.ts`), so nothing is counted twice.
 */
import type { Queries } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { Answers } from "./answers.ts";
import type { DrawEntries } from "./draw-entries.ts";
import type { Gate } from "./gate.ts";

export interface Erased {
  /** Answers that were removed. */
  answers: number;
  cues: number;
}

/** @param exclusive runs a task while nothing is taken in */
export function createErasure(ports: {
  database: Queries;
  answers: Answers;
  gate: Gate;
  entries: Pick<DrawEntries, "erasure">;
  /** Runs a task while no draw is picked. */
  picking<T>(task: () => Promise<T>): Promise<T>;
  clock: Clock;
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}) {
  const { database, answers, gate, entries, picking, clock, exclusive } = ports;
  const erase = (box: string): Promise<Erased> =>
    exclusive(async () => {
      const { answers: rows, removal } = await answers.ofBox(box);
      const cues = [...new Set(rows.map(({ cue }) => cue))];
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
        ...removal,
        ...(await entries.erasure(box)),
        { sql: "UPDATE draw_winner SET box = NULL WHERE box = ?", args: [box] },
      ]);
      await gate.reload();
      return { answers: rows.length, cues: cues.length };
    });
  return (box: string): Promise<Erased> => picking(() => erase(box));
}
