/**
 * Taking in what edges send up: idempotent, judged as it comes, the batches that wait in one transaction.
 *
 * Reads come before the transaction; that is safe because this is the only writer and takes its turns one
 * at a time.
 */

import { CuecastError } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import type { Queries, Statement } from "../../shared/runtime/database.ts";
import type { Clock } from "../../shared/time/clock.ts";
import type { BatchReply, BatchRequest } from "../../shared/uplink/batch.ts";
import { UPLINK_COUNTS_MAX } from "../../shared/uplink/batch.ts";
import { createLock } from "../publish/lock.ts";
import type { Answers } from "./answers.ts";
import type { CueFinder } from "./cue-facts.ts";
import { advanceCursor, type Cursor } from "./cursor.ts";
import type { Gate } from "./gate.ts";
import { alarmStatement, countStatements, knownStatement, seenStatement } from "./intake-statements.ts";
import type { National } from "./national.ts";
import { type Arrived, createTaking } from "./taking.ts";
import { createTogether } from "./together.ts";

/** Groups judged again in one transaction after a publication. */
const REJUDGE_GROUPS_MAX = 500;
/** Cues looked at again after a publication. */
const REJUDGE_CUES_MAX = 5_000;
/** Batches that wait and are written in one transaction: it costs a page once, however many answers fall on it. */
const TOGETHER_MAX = 20;

/** Batches that wait, a thousand answers each at most: what more edges bring after an outage stays with them. */
const WAITING_MAX = 200;
const BUSY_RETRY_MS = 2_000;

type Given = Pick<Arrived, "edge" | "batch">;

interface Moved extends Arrived {
  cursor: Cursor;
  jumped?: { from: number; until: number };
}

export interface Intake {
  /**
   * @param edge who sends; kept with the outbox
   * @throws {CuecastError} 503 `too-many-batches`: nothing was taken, the edge sends it again
   */
  take(edge: string, batch: BatchRequest): Promise<BatchReply>;
  /** Judges again what was not known; after every publication and at start. */
  rejudge(): Promise<void>;
  /** Runs a task while nothing is taken in or judged. */
  exclusive<T>(task: () => Promise<T>): Promise<T>;
}

export function createIntake(ports: {
  database: Queries;
  answers: Answers;
  finder: CueFinder;
  gate: Pick<Gate, "barred">;
  national: Pick<National, "read">;
  clock: Clock;
  log: Log;
}): Intake {
  const { database, answers, finder, national, clock, log } = ports;
  const inTurn = createLock();
  const taking = createTaking(ports);

  /** Moves the cursors of the outboxes, each batch on top of the one before it. */
  async function advance(arrived: readonly Moved[]): Promise<void> {
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

  const momentsOf = async (cues: Iterable<string>) => {
    const moments: [cue: string, dueMs: number | undefined][] = [];
    for (const cue of cues) moments.push([cue, (await finder.cue(cue))?.atMs]);
    return moments;
  };

  function outboxStatements({ edge, batch, cursor, jumped, alarms }: Moved, nowMs: number): Statement[] {
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
    const arrived: Moved[] = given.map(({ edge, batch }) => ({
      ...{ edge, batch, takenBefore: 0, cursor: { taken: 0, gapFrom: undefined } },
      alarms: new Set(),
    }));
    await advance(arrived);
    const { statements, committed } = await taking.take(arrived);
    const cues = arrived.flatMap(({ batch }) =>
      [...batch.answers, ...batch.tallies, ...batch.airings].map((each) => each.cue),
    );
    await database.batch([
      ...statements,
      seenStatement(await momentsOf(new Set(cues)), nowMs),
      ...arrived.flatMap((each) => outboxStatements(each, nowMs)),
    ]);
    committed();
    for (const { edge, batch, jumped, alarms } of arrived) {
      const { outbox } = batch;
      for (const detail of alarms) log.error("outbox-alarm", { edge, outbox, detail });
      if (jumped) log.error("outbox-gap", { edge, outbox, ...jumped });
    }
    const tallied = (batch: BatchRequest) =>
      new Set([...batch.tallies, ...batch.answers].map((each) => each.cue));
    const tallies = await national.read([...new Set(arrived.flatMap(({ batch }) => [...tallied(batch)]))]);
    return arrived.map(({ batch, cursor }) => {
      const own = tallied(batch);
      const named = tallies.filter(({ cue }) => own.has(cue));
      return { taken: cursor.taken, national: named.slice(0, UPLINK_COUNTS_MAX) };
    });
  }

  const together = createTogether(inTurn, take, TOGETHER_MAX);
  let waiting = 0;

  async function takeOne(given: Given): Promise<BatchReply> {
    if (waiting >= WAITING_MAX) {
      throw new CuecastError(`Cannot take this batch now: ${WAITING_MAX} others wait`, {
        code: "too-many-batches",
        status: 503,
        retryable: true,
        retryAfterMs: BUSY_RETRY_MS,
      });
    }
    waiting++;
    try {
      return await together(given);
    } finally {
      waiting--;
    }
  }

  async function rejudgeCue(cue: string): Promise<void> {
    let after = "";
    while (true) {
      const boxes = await answers.unknownBoxes(cue, after, REJUDGE_GROUPS_MAX);
      const last = boxes.at(-1);
      if (last === undefined) return;
      after = last;
      await database.batch(await taking.again(cue, boxes));
    }
  }

  return {
    exclusive: inTurn,
    take: (edge, batch) => takeOne({ edge, batch }),
    async rejudge() {
      for (const cue of await inTurn(() => answers.unknownCues(REJUDGE_CUES_MAX))) {
        if (await finder.cue(cue)) await inTurn(() => rejudgeCue(cue));
      }
      const rows = await database.all(
        "SELECT cue FROM cue_seen WHERE due_ms IS NULL ORDER BY at_ms DESC LIMIT ?",
        [REJUDGE_CUES_MAX],
      );
      const moments = await momentsOf(rows.map(({ cue }) => String(cue)));
      const found = moments.filter(([, dueMs]) => dueMs !== undefined);
      if (found.length > 0) await inTurn(() => database.batch([knownStatement(found)]));
    },
  };
}
