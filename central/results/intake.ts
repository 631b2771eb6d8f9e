/**
 * Taking in what edges send up: idempotent, judged as it comes, the batches that wait in one transaction.
 *
 * Reads come before the transaction; that is safe because this is the only writer and takes its turns one
 * at a time. Judging always looks at the whole group (one box, one cue) and writes the difference to what was
 * counted before, so an earlier answer that arrives later takes the vote back.
 */

import type { Log } from "../../shared/log.ts";
import type { Queries, Row, Statement } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { BatchReply, BatchRequest, Tally, UplinkAnswer } from "../../shared/uplink/batch.ts";
import { UPLINK_COUNTS_MAX } from "../../shared/uplink/batch.ts";
import { createLock } from "../publish/lock.ts";
import type { CueFinder } from "./cue-facts.ts";
import { advanceCursor, type Cursor } from "./cursor.ts";
import type { Gate } from "./gate.ts";
import { alarmStatement, answerRow, countStatements, insertAnswers } from "./intake-statements.ts";
import { type CueFacts, choicesOf, type GivenAnswer, judgeAnswers, type Verdict } from "./judge.ts";
import { createTogether } from "./together.ts";

/** Groups judged again in one transaction after a publication. */
const REJUDGE_GROUPS_MAX = 500;
/** Cues looked at again after a publication. */
const REJUDGE_CUES_MAX = 5_000;
/** Batches that wait and are written in one transaction: it costs a page once, however many answers fall on it. */
const TOGETHER_MAX = 20;

interface Given {
  /** Who sends. */
  edge: string;
  batch: BatchRequest;
}

interface Arrived extends Given {
  /** The cursor's number before this batch. */
  takenBefore: number;
  cursor: Cursor;
  jumped?: { from: number; until: number };
  alarms: Set<string>;
}

interface Fresh {
  answer: UplinkAnswer;
  from: Arrived;
  stored: StoredAnswer;
}

interface StoredAnswer extends GivenAnswer {
  box: string;
  cue: string;
  outbox: string;
  number: number;
  /** Undefined: not stored yet. */
  verdict: Verdict | undefined;
}

export interface Intake {
  /** @param edge who sends; kept with the outbox */
  take(edge: string, batch: BatchRequest): Promise<BatchReply>;
  /** Judges again what was not known; after every publication and at start. */
  rejudge(): Promise<void>;
  /** Runs a task while nothing is taken in or judged. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}

const groupKey = (answer: { box: string; cue: string }) => `${answer.box}\n${answer.cue}`;
const answerKey = (answer: { box: string; cue: string; key: string }) => `${groupKey(answer)}\n${answer.key}`;

/** Of one cue and boxes: a box that is named twice would bring its answers twice. */
const SELECT_GROUPS = `SELECT answer.* FROM (SELECT DISTINCT value AS box FROM json_each(?2) ORDER BY 1) AS asked
  CROSS JOIN answer ON answer.cue = ?1 AND answer.box = asked.box`;

function fromRow(row: Row): StoredAnswer {
  return {
    box: String(row.box),
    key: String(row.key),
    cue: String(row.cue),
    interaction: String(row.interaction),
    version: Number(row.version),
    options: row.options === null ? undefined : (JSON.parse(String(row.options)) as string[]),
    rating: row.rating === null ? undefined : Number(row.rating),
    answeredAtMs: Number(row.answered_ms),
    receivedAtMs: Number(row.received_ms),
    dueMs: row.due_ms === null ? undefined : Number(row.due_ms),
    outbox: String(row.outbox),
    number: Number(row.number),
    verdict: row.verdict as Verdict,
  };
}

const reused = (number: number) => `number ${number} came again with other content`;
/** What an edge keeps of an answer and sends the same each time; its box, cue and key are known to agree. */
const contentOf = (answer: GivenAnswer) =>
  JSON.stringify([
    ...[answer.interaction, answer.version, answer.options ?? null, answer.rating ?? null],
    ...[answer.answeredAtMs, answer.receivedAtMs],
  ]);

export function createIntake(ports: {
  database: Queries;
  finder: CueFinder;
  gate: Pick<Gate, "barred">;
  clock: Clock;
  log: Log;
}): Intake {
  const { database, finder, gate, clock, log } = ports;
  const inTurn = createLock();

  async function factsFor(answers: readonly StoredAnswer[]) {
    const facts = new Map<string, CueFacts | undefined>();
    const key = ({ cue, interaction, version }: { cue: string; interaction: string; version: number }) =>
      `${cue}\n${interaction}\n${version}`;
    for (const answer of answers) {
      if (facts.has(key(answer))) continue;
      const cue = await finder.cue(answer.cue);
      const entry = cue && (await finder.entry(answer.interaction, answer.version));
      facts.set(key(answer), cue && entry && { interaction: entry.interaction, atMs: cue.atMs });
    }
    return (answer: { cue: string; interaction: string; version: number }) => facts.get(key(answer));
  }

  /** Verdicts of whole groups, and what they change in the tallies. */
  async function judge(groups: Iterable<StoredAnswer[]>) {
    const all = [...groups];
    const factsOf = await factsFor(all.flat());
    const verdicts = new Map<StoredAnswer, Verdict>();
    const tallies = new Map<string, [string, string, number, string, number]>();
    const counts = new Map<string, [string, string, number]>();
    const add = (answer: StoredAnswer, verdict: Verdict, by: number) => {
      const countKey = `${answer.cue}\n${verdict}`;
      const count = counts.get(countKey) ?? [answer.cue, verdict, 0];
      counts.set(countKey, count);
      count[2] += by;
      const facts = verdict === "counted" ? factsOf(answer) : undefined;
      if (!facts) return;
      for (const option of ["", ...(choicesOf(answer, facts.interaction) ?? [])]) {
        const tallyKey = `${answer.cue}\n${answer.interaction}\n${answer.version}\n${option}`;
        const tally = tallies.get(tallyKey) ?? [answer.cue, answer.interaction, answer.version, option, 0];
        tallies.set(tallyKey, tally);
        tally[4] += by;
      }
    };
    for (const group of all) {
      // Once counted, an answer stays known even if its cue can no longer be found.
      const judged = judgeAnswers(group, (answer) => factsOf(answer as StoredAnswer));
      for (const answer of group) {
        const found = judged.get(answer.key) ?? "unknown";
        const verdict = found === "unknown" && answer.verdict ? answer.verdict : found;
        verdicts.set(answer, verdict);
        if (verdict === answer.verdict) continue;
        if (answer.verdict) add(answer, answer.verdict, -1);
        add(answer, verdict, 1);
      }
    }
    const statements: Statement[] = [];
    const changed = [...verdicts].filter(([answer, verdict]) => answer.verdict && answer.verdict !== verdict);
    if (changed.length > 0) {
      statements.push({
        sql: `UPDATE answer SET verdict = change.value ->> 3 FROM json_each(?) AS change
              WHERE answer.cue = change.value ->> 0 AND answer.box = change.value ->> 1
                AND answer.key = change.value ->> 2`,
        args: [JSON.stringify(changed.map(([{ cue, box, key }, verdict]) => [cue, box, key, verdict]))],
      });
    }
    statements.push(
      {
        sql: `INSERT INTO tally (cue, interaction, version, option, count)
              SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3, value ->> 4 FROM json_each(?) WHERE true
              ON CONFLICT DO UPDATE SET count = count + excluded.count`,
        args: [JSON.stringify([...tallies.values()].filter((tally) => tally[4] !== 0))],
      },
      {
        sql: `INSERT INTO verdict_count (cue, verdict, count)
              SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each(?) WHERE true
              ON CONFLICT DO UPDATE SET count = count + excluded.count`,
        args: [JSON.stringify([...counts.values()].filter((count) => count[2] !== 0))],
      },
    );
    return { verdicts, statements };
  }

  /** Stored answers of the same box to the same cue as any of these, by group; groups without any are left out. */
  async function readGroups(
    of: Iterable<{ box: string; cue: string }>,
  ): Promise<Map<string, StoredAnswer[]>> {
    const boxes = new Map<string, string[]>();
    for (const { cue, box } of of) {
      const there = boxes.get(cue);
      if (there) there.push(box);
      else boxes.set(cue, [box]);
    }
    const groups = new Map<string, StoredAnswer[]>();
    for (const [cue, asked] of boxes) {
      for (const row of await database.all(SELECT_GROUPS, [cue, JSON.stringify(asked)])) {
        const answer = fromRow(row);
        const group = groups.get(groupKey(answer));
        if (group) group.push(answer);
        else groups.set(groupKey(answer), [answer]);
      }
    }
    return groups;
  }

  /** What stores the answers that are new; raises the alarms of numbers that came with other content. */
  async function takeAnswers(arrived: readonly Arrived[]): Promise<Statement[]> {
    const all = arrived.flatMap(({ batch }) => batch.answers);
    if (all.length === 0) return [];
    const groups = await readGroups(all);
    const fresh = new Map<string, Fresh>();
    for (const from of arrived) {
      const { outbox } = from.batch;
      const numbers = new Map<number, string>();
      for (const answer of from.batch.answers) {
        const id = answerKey(answer);
        const twin =
          fresh.get(id)?.stored ?? groups.get(groupKey(answer))?.find(({ key }) => key === answer.key);
        if (!twin) fresh.set(id, { answer, from, stored: { ...answer, outbox, verdict: undefined } });
        else if (twin.outbox === outbox && twin.number === answer.number) {
          if (contentOf(twin) !== contentOf(answer)) from.alarms.add(reused(answer.number));
        }
        if ((numbers.get(answer.number) ?? id) !== id) from.alarms.add(reused(answer.number));
        numbers.set(answer.number, id);
      }
    }
    for (const answer of await gate.barred([...fresh.values()].map(({ answer }) => answer))) {
      fresh.delete(answerKey(answer));
    }
    if (fresh.size === 0) return [];
    // What is stored under a number that was taken is known, or was removed and is barred.
    for (const { answer, from } of fresh.values()) {
      if (answer.number <= from.takenBefore) from.alarms.add(reused(answer.number));
    }
    const touched = new Map<string, StoredAnswer[]>();
    for (const { stored: each } of fresh.values()) {
      const key = groupKey(each);
      const group = groups.get(key) ?? [];
      group.push(each);
      groups.set(key, group);
      touched.set(key, group);
    }
    const { verdicts, statements } = await judge(touched.values());
    const rows = [...fresh.values()].map(({ stored: each }) =>
      answerRow(each, verdicts.get(each) ?? "unknown"),
    );
    return [insertAnswers(rows), ...statements];
  }

  async function national(cues: readonly string[]): Promise<Tally[]> {
    if (cues.length === 0) return [];
    const rows = await database.all(
      `SELECT cue, interaction, version, option, count FROM tally
       WHERE cue IN (SELECT value FROM json_each(?)) ORDER BY cue, interaction, version, option`,
      [JSON.stringify(cues)],
    );
    const tallies = new Map<string, Tally>();
    for (const row of rows) {
      const [cue, interaction, version] = [String(row.cue), String(row.interaction), Number(row.version)];
      const key = `${cue}\n${interaction}\n${version}`;
      const tally = tallies.get(key) ?? { cue, interaction, version, total: 0, options: {} };
      tallies.set(key, tally);
      if (row.option === "") tally.total = Number(row.count);
      else tally.options[String(row.option)] = Number(row.count);
    }
    return [...tallies.values()];
  }

  /** Moves the cursors of the outboxes, each batch on top of the one before it. */
  async function advance(arrived: readonly Arrived[]): Promise<void> {
    const rows = await database.all(
      "SELECT id, taken, gap_from FROM outbox WHERE id IN (SELECT value FROM json_each(?))",
      [JSON.stringify(arrived.map(({ batch }) => batch.outbox))],
    );
    const cursors = new Map<string, Cursor>(
      rows.map((row) => [
        String(row.id),
        { taken: Number(row.taken), gapFrom: row.gap_from == null ? undefined : Number(row.gap_from) },
      ]),
    );
    for (const from of arrived) {
      const { outbox, answers } = from.batch;
      const before = cursors.get(outbox) ?? { taken: 0, gapFrom: undefined };
      const { cursor, jumped } = advanceCursor(
        before,
        answers.map((answer) => answer.number),
      );
      cursors.set(outbox, cursor);
      Object.assign(from, { takenBefore: before.taken, cursor, jumped });
    }
  }

  function outboxStatements({ edge, batch, cursor, jumped, alarms }: Arrived, nowMs: number): Statement[] {
    const { outbox } = batch;
    const alarmRows = [...alarms].map((detail) => alarmStatement(outbox, "number-reused", detail, nowMs));
    if (jumped) {
      const detail = `answers ${jumped.from} to ${jumped.until} were acknowledged once and are not here`;
      alarmRows.push(alarmStatement(outbox, "gap", detail, nowMs));
    }
    return [
      ...countStatements(batch),
      ...alarmRows,
      {
        sql: `INSERT INTO outbox (id, edge, taken, gap_from, seen_ms) VALUES (?, ?, ?, ?, ?)
              ON CONFLICT DO UPDATE SET taken = excluded.taken, gap_from = excluded.gap_from,
                seen_ms = excluded.seen_ms, edge = excluded.edge`,
        args: [outbox, edge, cursor.taken, cursor.gapFrom ?? null, nowMs],
      },
    ];
  }

  /** Several batches in one transaction, in their order. */
  async function take(given: readonly Given[]): Promise<BatchReply[]> {
    const nowMs = clock.wallMs();
    const arrived: Arrived[] = given.map(({ edge, batch }) => ({
      ...{ edge, batch, takenBefore: 0, cursor: { taken: 0, gapFrom: undefined } },
      alarms: new Set(),
    }));
    await advance(arrived);
    const statements = await takeAnswers(arrived);
    const cues = arrived.flatMap(({ batch }) =>
      [...batch.answers, ...batch.tallies, ...batch.airings].map((each) => each.cue),
    );
    await database.batch([
      ...statements,
      {
        sql: `INSERT INTO cue_seen (cue, at_ms) SELECT value, ? FROM json_each(?) WHERE true
              ON CONFLICT DO UPDATE SET at_ms = excluded.at_ms`,
        args: [nowMs, JSON.stringify([...new Set(cues)])],
      },
      ...arrived.flatMap((each) => outboxStatements(each, nowMs)),
    ]);
    for (const { edge, batch, jumped, alarms } of arrived) {
      const { outbox } = batch;
      for (const detail of alarms) log.error("outbox-alarm", { edge, outbox, detail });
      if (jumped) log.error("outbox-gap", { edge, outbox, ...jumped });
    }
    const tallied = (batch: BatchRequest) =>
      new Set([...batch.tallies, ...batch.answers].map((each) => each.cue));
    const tallies = await national([...new Set(arrived.flatMap(({ batch }) => [...tallied(batch)]))]);
    return arrived.map(({ batch, cursor }) => {
      const own = tallied(batch);
      const named = tallies.filter(({ cue }) => own.has(cue));
      return { taken: cursor.taken, national: named.slice(0, UPLINK_COUNTS_MAX) };
    });
  }

  const together = createTogether(inTurn, take, TOGETHER_MAX);

  async function rejudgeCue(cue: string): Promise<void> {
    let after = "";
    while (true) {
      const rows = await database.all(
        `SELECT DISTINCT box FROM answer WHERE cue = ? AND verdict = 'unknown' AND box > ? ORDER BY box LIMIT ?`,
        [cue, after, REJUDGE_GROUPS_MAX],
      );
      if (rows.length === 0) return;
      after = String(rows.at(-1)?.box);
      const groups = await readGroups(rows.map((row) => ({ box: String(row.box), cue })));
      const { statements } = await judge(groups.values());
      await database.batch(statements);
    }
  }

  return {
    exclusive: inTurn,
    take: (edge, batch) => together({ edge, batch }),
    async rejudge() {
      const rows = await inTurn(() =>
        database.all("SELECT DISTINCT cue FROM answer WHERE verdict = 'unknown' LIMIT ?", [REJUDGE_CUES_MAX]),
      );
      for (const row of rows) {
        const cue = String(row.cue);
        if (await finder.cue(cue)) await inTurn(() => rejudgeCue(cue));
      }
    },
  };
}
