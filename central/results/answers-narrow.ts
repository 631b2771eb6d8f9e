/** Answers as this release keeps them: narrow rows, and numbers for what many have in common. */
import type { Queries, Statement } from "../../shared/runtime/database.ts";
import { readKind } from "./answer-kind.ts";
import { createAnswerNumbers } from "./answer-numbers.ts";
import {
  type AnswerTable,
  type KeptAnswer,
  readGiven,
  removeStatement,
  rowsOfBox,
  verdictsStatement,
} from "./answer-table.ts";
import type { Verdict } from "./judge.ts";

/** In the order of the columns. */
export type AnswerRow = readonly [
  cue: number,
  box: string,
  key: string,
  kind: number,
  number: number,
  answeredAtMs: number,
  receivedAtMs: number,
  verdict: Verdict,
];
const COLUMNS = "cue, box, key, kind, number, answered_ms, received_ms, verdict";
const VALUES = COLUMNS.split(", ").map((_, index) => `value ->> ${index}`);

/** One text for all of them: bound one by one, SQLite's reading of so many places takes longer than reading JSON. */
export const insertAnswers = (rows: readonly AnswerRow[]): Statement => ({
  sql: `INSERT INTO answer (${COLUMNS}) SELECT ${VALUES} FROM json_each(?)`,
  args: [JSON.stringify(rows)],
});

/** As one text, for the same reason; the cue's number is the name of its boxes. */
const SELECT_GROUPS = `SELECT json_group_array(json_array(answer.rowid, answer.cue, answer.box, answer.key, kind,
    number, answered_ms, received_ms, verdict)) AS found
  FROM json_each(?) AS named CROSS JOIN json_each(named.value) AS asked
  CROSS JOIN answer ON answer.cue = CAST(named.key AS INTEGER) AND answer.box = asked.value`;
type FoundRow = [row: number, ...AnswerRow];

/** The number of a cue, in a statement. */
const NUMBER = "(SELECT id FROM cue_number WHERE cue_number.cue = ?)";

export interface AnswersNarrow extends AnswerTable {
  number: ReturnType<typeof createAnswerNumbers>["number"];
}

export function createAnswersNarrow(database: Queries): AnswersNarrow {
  const numbers = createAnswerNumbers(database);
  return {
    number: numbers.number,
    async groups(asked) {
      const ids = await numbers.cueIds(asked.keys());
      if (ids.size === 0) return [];
      const cues = new Map([...ids].map(([cue, id]) => [id, cue]));
      const boxes = Object.fromEntries([...ids].map(([cue, id]) => [id, asked.get(cue)]));
      const [row] = await database.all(SELECT_GROUPS, [JSON.stringify(boxes)]);
      const found = JSON.parse(String(row?.found ?? "[]")) as FoundRow[];
      if (found.length === 0) return [];
      const kinds = await numbers.kindsOf(new Set(found.map((each) => each[4])));
      return found.map(
        ([id, cue, box, key, kind, number, answeredAtMs, receivedAtMs, verdict]): KeptAnswer => {
          const content = kinds.get(kind);
          if (!content) throw new Error(`Cannot read an answer: its kind ${kind} is not kept`);
          return {
            ...content,
            ...{ box, key, cue: cues.get(cue) ?? "", number, answeredAtMs, receivedAtMs, verdict },
            ...{ row: id, before: false },
          };
        },
      );
    },
    setVerdicts: (changes) => verdictsStatement("answer", changes),
    async unknownCues(most) {
      const rows = await database.all(
        `SELECT cue_number.cue AS cue FROM (SELECT DISTINCT cue FROM answer WHERE verdict = 'unknown' LIMIT ?) AS open
         CROSS JOIN cue_number ON cue_number.id = open.cue`,
        [most],
      );
      return rows.map(({ cue }) => String(cue));
    },
    async unknownBoxes(cue, after, most) {
      const rows = await database.all(
        `SELECT DISTINCT box FROM answer WHERE cue = ${NUMBER} AND verdict = 'unknown' AND box > ?
         ORDER BY box LIMIT ?`,
        [cue, after, most],
      );
      return rows.map(({ box }) => String(box));
    },
    async subject(cue) {
      const [row] = await database.all(
        `SELECT body FROM answer_kind WHERE id = (SELECT kind FROM answer WHERE cue = ${NUMBER} LIMIT 1)`,
        [cue],
      );
      return row && readKind(String(row.body));
    },
    async seconds(cue, most) {
      const rows = await database.all(
        `SELECT second, body, verdict, count FROM
           (SELECT answered_ms / 1000 AS second, kind, verdict, count(*) AS count FROM
              (SELECT answered_ms, kind, verdict FROM answer WHERE cue = ${NUMBER} LIMIT ?)
            GROUP BY 1, 2, 3) AS given
         CROSS JOIN answer_kind ON answer_kind.id = given.kind`,
        [cue, most],
      );
      return rows.map(({ second, body, verdict, count }) => {
        const { outbox, options, rating } = readKind(String(body));
        return {
          ...{ second: Number(second), outbox, options, rating },
          ...{ verdict: String(verdict), count: Number(count) },
        };
      });
    },
    async counted(cue, after, most) {
      const rows = await database.all(
        `SELECT answer.box AS box, group_concat(body ->> 2, char(10)) AS given
         FROM answer CROSS JOIN answer_kind ON answer_kind.id = answer.kind
         WHERE answer.cue = ${NUMBER} AND verdict = 'counted' AND answer.box > ?
         GROUP BY answer.box ORDER BY answer.box LIMIT ?`,
        [cue, after, most],
      );
      return rows.map(({ box, given }) => ({ box: String(box), given: readGiven(given) }));
    },
    async ofBox(box) {
      const rows = await database.all(
        `SELECT found.id AS id, cue_number.cue AS cue, found.verdict AS verdict FROM (${rowsOfBox("answer")}) AS found
         CROSS JOIN cue_number ON cue_number.id = found.cue`,
        [box],
      );
      return rows.map(({ id, cue, verdict }) => ({
        ...{ row: Number(id), cue: String(cue), verdict: String(verdict) },
      }));
    },
    remove: (rows) => removeStatement("answer", rows),
    async removeOf(cue, most) {
      const removed = await database.all(
        `DELETE FROM answer WHERE rowid IN (SELECT rowid FROM answer WHERE cue = ${NUMBER} LIMIT ?) RETURNING 1 AS one`,
        [cue, most],
      );
      await database.all(
        `DELETE FROM answer_kind WHERE cue = ${NUMBER} AND NOT EXISTS (SELECT 1 FROM answer WHERE answer.cue = answer_kind.cue)`,
        [cue],
      );
      return removed.length;
    },
  };
}
