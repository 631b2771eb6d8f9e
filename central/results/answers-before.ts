/** Answers that releases before narrow rows took in: read and judged where they are, and removed by their retention. */
import type { Queries, Row } from "../../shared/runtime/database.ts";
import {
  type AnswerTable,
  type KeptAnswer,
  readGiven,
  removeStatement,
  rowsOfBox,
  verdictsStatement,
} from "./answer-table.ts";
import type { Verdict } from "./judge.ts";

const TABLE = "answer_before";

const optionsOf = (row: Row) =>
  row.options === null ? undefined : (JSON.parse(String(row.options)) as string[]);
const numberOf = (value: unknown) => (value === null ? undefined : Number(value));

const fromRow = (row: Row): KeptAnswer => ({
  ...{ box: String(row.box), key: String(row.key), cue: String(row.cue) },
  ...{ interaction: String(row.interaction), version: Number(row.version) },
  ...{ options: optionsOf(row), rating: numberOf(row.rating), dueMs: numberOf(row.due_ms) },
  ...{ answeredAtMs: Number(row.answered_ms), receivedAtMs: Number(row.received_ms) },
  ...{ outbox: String(row.outbox), number: Number(row.number), verdict: row.verdict as Verdict },
  ...{ row: Number(row.id), before: true },
});

export function createAnswersBefore(database: Queries): AnswerTable {
  return {
    async groups(asked) {
      const found: KeptAnswer[] = [];
      for (const [cue, boxes] of asked) {
        const rows = await database.all(
          `SELECT ${TABLE}.rowid AS id, ${TABLE}.* FROM json_each(?2) AS asked
           CROSS JOIN ${TABLE} ON ${TABLE}.cue = ?1 AND ${TABLE}.box = asked.value`,
          [cue, JSON.stringify(boxes)],
        );
        for (const row of rows) found.push(fromRow(row));
      }
      return found;
    },
    setVerdicts: (changes) => verdictsStatement(TABLE, changes),
    async unknownCues(most) {
      const rows = await database.all(`SELECT DISTINCT cue FROM ${TABLE} WHERE verdict = 'unknown' LIMIT ?`, [
        most,
      ]);
      return rows.map(({ cue }) => String(cue));
    },
    async unknownBoxes(cue, after, most) {
      const rows = await database.all(
        `SELECT DISTINCT box FROM ${TABLE} WHERE cue = ? AND verdict = 'unknown' AND box > ? ORDER BY box LIMIT ?`,
        [cue, after, most],
      );
      return rows.map(({ box }) => String(box));
    },
    async subject(cue) {
      const [row] = await database.all(`SELECT interaction, version FROM ${TABLE} WHERE cue = ? LIMIT 1`, [
        cue,
      ]);
      return row && { interaction: String(row.interaction), version: Number(row.version) };
    },
    async seconds(cue, most) {
      const rows = await database.all(
        `SELECT answered_ms / 1000 AS second, outbox, options, rating, verdict, count(*) AS count FROM
           (SELECT answered_ms, outbox, options, rating, verdict FROM ${TABLE} WHERE cue = ?1 LIMIT ?2)
         GROUP BY 1, 2, 3, 4, 5`,
        [cue, most],
      );
      return rows.map((row) => ({
        ...{ second: Number(row.second), outbox: String(row.outbox), verdict: String(row.verdict) },
        ...{ options: optionsOf(row), rating: numberOf(row.rating), count: Number(row.count) },
      }));
    },
    async counted(cue, after, most) {
      const rows = await database.all(
        `SELECT box, group_concat(options, char(10)) AS given FROM ${TABLE}
         WHERE cue = ? AND verdict = 'counted' AND box > ? GROUP BY box ORDER BY box LIMIT ?`,
        [cue, after, most],
      );
      return rows.map(({ box, given }) => ({ box: String(box), given: readGiven(given) }));
    },
    async ofBox(box) {
      const rows = await database.all(rowsOfBox(TABLE), [box]);
      return rows.map(({ id, cue, verdict }) => ({
        ...{ row: Number(id), cue: String(cue), verdict: String(verdict) },
      }));
    },
    remove: (rows) => removeStatement(TABLE, rows),
    async removeOf(cue, most) {
      const rows = await database.all(
        `DELETE FROM ${TABLE} WHERE rowid IN (SELECT rowid FROM ${TABLE} WHERE cue = ? LIMIT ?) RETURNING 1 AS one`,
        [cue, most],
      );
      return rows.length;
    },
  };
}
