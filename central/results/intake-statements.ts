/** What a batch writes: answers, counts and alarms. Pure. */
import type { Statement } from "../../shared/runtime/database.ts";
import type { BatchRequest } from "../../shared/uplink/batch.ts";
import type { GivenAnswer, Verdict } from "./judge.ts";

const ANSWER_COLUMNS =
  "box, key, cue, interaction, version, options, rating, answered_ms, received_ms, outbox, number, verdict, due_ms";
const ANSWER_VALUES = ANSWER_COLUMNS.split(", ").map((_, index) => `value ->> ${index}`);
type AnswerRow = (string | number | null)[];

/** In the order of the columns. */
export const answerRow = (
  answer: GivenAnswer & { box: string; cue: string; outbox: string; number: number },
  verdict: Verdict,
): AnswerRow => [
  answer.box,
  answer.key,
  answer.cue,
  answer.interaction,
  answer.version,
  answer.options ? JSON.stringify(answer.options) : null,
  answer.rating ?? null,
  answer.answeredAtMs,
  answer.receivedAtMs,
  answer.outbox,
  answer.number,
  verdict,
  answer.dueMs ?? null,
];

/** One text for all of them: bound one by one, SQLite's reading of so many places takes longer than reading JSON. */
export const insertAnswers = (rows: readonly AnswerRow[]): Statement => ({
  sql: `INSERT INTO answer (${ANSWER_COLUMNS}) SELECT ${ANSWER_VALUES} FROM json_each(?)`,
  args: [JSON.stringify(rows)],
});

const sum = (counts: Iterable<number>) => [...counts].reduce((total, count) => total + count, 0);

/** Counts are absolute and only grow: an older batch that comes late changes nothing. */
export function countStatements(batch: BatchRequest): Statement[] {
  const statements: Statement[] = [];
  if (batch.tallies.length > 0) {
    statements.push({
      sql: `INSERT INTO tally_provisional (cue, outbox, interaction, version, total, options)
            SELECT value ->> 0, ?, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE SET total = excluded.total, options = excluded.options
            WHERE excluded.total >= total`,
      args: [
        batch.outbox,
        JSON.stringify(
          batch.tallies.map((each) => [
            each.cue,
            each.interaction,
            each.version,
            each.total,
            JSON.stringify(each.options),
          ]),
        ),
      ],
    });
  }
  if (batch.airings.length > 0) {
    statements.push({
      sql: `INSERT INTO airing_count (cue, outbox, interaction, version, total, outcomes, firing_errors)
            SELECT value ->> 0, ?, value ->> 1, value ->> 2, value ->> 3, value ->> 4, value ->> 5
            FROM json_each(?) WHERE true
            ON CONFLICT DO UPDATE SET total = excluded.total, outcomes = excluded.outcomes,
              firing_errors = excluded.firing_errors WHERE excluded.total >= total`,
      args: [
        batch.outbox,
        JSON.stringify(
          batch.airings.map((each) => [
            each.cue,
            each.interaction,
            each.version,
            sum(Object.values(each.outcomes)),
            JSON.stringify(each.outcomes),
            JSON.stringify(each.firingErrors),
          ]),
        ),
      ],
    });
  }
  return statements;
}

export const alarmStatement = (outbox: string, kind: string, detail: string, nowMs: number): Statement => ({
  sql: `INSERT INTO alarm (kind, outbox, detail, first_ms, last_ms, count) VALUES (?1, ?2, ?3, ?4, ?4, 1)
        ON CONFLICT DO UPDATE SET last_ms = excluded.last_ms, count = count + 1`,
  args: [kind, outbox, detail, nowMs],
});
