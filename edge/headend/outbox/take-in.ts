/** Writes one group of answers and airings in one transaction: reads what it needs, judges, counts, lists the rows. */
import { CuecastError } from "../../../shared/errors.ts";
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Answer, Receipt } from "../../../shared/protocol/answers.ts";
import type { Database, Statement } from "../../../shared/runtime/database.ts";
import type { AiringCount } from "../../../shared/uplink/batch.ts";
import { emptyCount, withAiring } from "./airing-counts.ts";
import type { Known, OutboxState } from "./contract.ts";
import { judgeAnswer } from "./judge-answer.ts";
import type { Kept } from "./kept.ts";
import { createLedger, type Ledger, pairId, type RememberedKey, tallyId, type Vote } from "./ledger.ts";
import { countFromRow, keyFromRow, keyToJson, voteFromRow, voteToJson } from "./outbox-rows.ts";
import * as sql from "./outbox-tables.ts";

/** How many merges' worth of keys memory may hold when merging fails; then nothing more is taken. */
const MERGES_MAX = 4;

/** What one request of a box brings. */
export interface Brought {
  box: string;
  answers: readonly Answer[];
  airings: readonly Airing[];
  known: Known | undefined;
}

export interface TakeIn {
  /**
   * @returns receipts of each, once all are on disk
   * @throws {CuecastError} `outbox-full`; else the storage's own errors
   */
  commit(group: readonly Brought[], nowMs: number): Promise<Receipt[][]>;
  /** What was taken since the process started. */
  taken(): Pick<OutboxState, "receipts" | "airings">;
}

export function createTakeIn(
  ports: {
    database: Database;
    kept: Kept;
    /** The group is on disk. @param keys new ones, in the journal alone */
    onWritten(keys: number): void;
  },
  limits: { rowsMax: number; mergeAt: number; airingKeyKeptMs: number },
): TakeIn {
  const { database, kept } = ports;
  const receipts: OutboxState["receipts"] = { accepted: 0, duplicate: 0, late: 0, rejected: 0 };
  let airingsTaken = 0;

  /** Keys and votes of everything in the group, from memory or from the disk. */
  async function readGroup(group: readonly Brought[]) {
    const keys: RememberedKey[] = [];
    const votes: Vote[] = [];
    const keysAsked: [string, string][] = [];
    const votesAsked: [string, string][] = [];
    for (const { box, answers } of group) {
      for (const { key, cue } of answers) {
        const knownKey = kept.recent.key(box, key);
        if (knownKey) keys.push(knownKey);
        else keysAsked.push([box, key]);
        const knownVote = kept.recent.vote(box, cue);
        if (knownVote) votes.push(knownVote);
        else votesAsked.push([box, cue]);
      }
    }
    if (keysAsked.length > 0)
      keys.push(...(await database.all(sql.SELECT_KEYS, [JSON.stringify(keysAsked)])).map(keyFromRow));
    if (votesAsked.length > 0)
      votes.push(...(await database.all(sql.SELECT_VOTES, [JSON.stringify(votesAsked)])).map(voteFromRow));
    return { keys, votes };
  }

  function rowsOf(ledger: Ledger, nowMs: number, change: number): Statement[] {
    const statements: Statement[] = [];
    if (ledger.keys.length > 0) {
      const keys = JSON.stringify(ledger.keys.map(keyToJson));
      const votes = JSON.stringify([...ledger.votes.values()].map(voteToJson));
      statements.push({ sql: sql.PUT_JOURNAL, args: [kept.journal + 1, keys, votes] });
    }
    if (ledger.queued.length > 0) {
      const rows = ledger.queued.map((answer) => [answer.number, answer.receivedAtMs, answer]);
      statements.push({ sql: sql.PUT_QUEUED, args: [JSON.stringify(rows)] });
    }
    if (ledger.tallies.size > 0) {
      const rows = [...ledger.tallies.values()].map((tally) => [
        ...[tally.cue, tally.interaction, tally.version, tally.total, tally.options],
      ]);
      statements.push({ sql: sql.PUT_TALLIES, args: [JSON.stringify(rows), nowMs, change] });
    }
    return statements;
  }

  async function judge(group: readonly Brought[], nowMs: number, change: number) {
    const { keys, votes } = await readGroup(group);
    const ledger = createLedger({
      ...{ keys, votes },
      tally: (id) => kept.tallies.get(id),
      lastNumber: kept.lastNumber,
    });
    const replies = group.map(({ box, answers, known }) =>
      answers.map((answer) => {
        const cue = known?.cue(answer.cue);
        const interaction = known?.interaction(answer.interaction, answer.version);
        return ledger.enter(box, answer, judgeAnswer(answer, cue, interaction, nowMs), nowMs);
      }),
    );
    const replaced = new Set(keys.map((key) => pairId(key.box, key.key)));
    const added = ledger.keys.filter((key) => !replaced.has(pairId(key.box, key.key))).length;
    return { replies, ledger, statements: rowsOf(ledger, nowMs, change), added };
  }

  async function count(group: readonly Brought[], nowMs: number, change: number) {
    const all = group.flatMap(({ box, airings }) => airings.map((airing) => ({ box, airing })));
    if (all.length === 0) return { statements: [], added: 0 };
    const asked = JSON.stringify(all.map(({ box, airing }) => [box, airing.key]));
    const seen = new Set(
      (await database.all(sql.SELECT_AIRING_KEYS, [asked])).map((row) =>
        pairId(String(row.box), String(row.key)),
      ),
    );
    const fresh = all.filter(({ box, airing }) => {
      const id = pairId(box, airing.key);
      if (seen.has(id)) return false;
      seen.add(id);
      return true;
    });
    if (fresh.length === 0) return { statements: [], added: 0 };
    const cues = JSON.stringify(fresh.map(({ airing }) => [airing.cue, airing.interaction, airing.version]));
    const counts = new Map<string, AiringCount>(
      (await database.all(sql.SELECT_AIRING_COUNTS, [cues])).map((row) => {
        const count = countFromRow(row);
        return [tallyId(count), count];
      }),
    );
    for (const { airing } of fresh) {
      const id = tallyId(airing);
      counts.set(id, withAiring(counts.get(id) ?? emptyCount(airing), airing));
    }
    const forgetMs = nowMs + limits.airingKeyKeptMs;
    const keyRows = fresh.map(({ box, airing }) => [box, airing.key, forgetMs]);
    const countRows = [...counts.values()].map((c) => [
      ...[c.cue, c.interaction, c.version, c.outcomes, c.firingErrors],
    ]);
    const statements: Statement[] = [
      { sql: sql.PUT_AIRING_KEYS, args: [JSON.stringify(keyRows)] },
      { sql: sql.PUT_AIRING_COUNTS, args: [JSON.stringify(countRows), nowMs, change] },
    ];
    return { statements, added: fresh.length };
  }

  return {
    async commit(group, nowMs) {
      if (kept.rows >= limits.rowsMax || kept.recent.size() >= MERGES_MAX * limits.mergeAt) {
        throw new CuecastError("Cannot take more into the outbox: it remembers as many keys as it may", {
          code: "outbox-full",
          status: 503,
          retryable: true,
          retryAfterMs: 60_000,
        });
      }
      const change = kept.change + 1;
      const { replies, ledger, ...answers } = await judge(group, nowMs, change);
      const airings = await count(group, nowMs, change);
      const lastNumber = kept.lastNumber + ledger.queued.length;
      const added = answers.added + airings.added;
      const statements = [...answers.statements, ...airings.statements];
      if (statements.length > 0) {
        await database.batch([...statements, { sql: sql.PUT_STATE, args: [lastNumber, change, added] }]);
        kept.lastNumber = lastNumber;
        kept.change = change;
        kept.rows += added;
        if (ledger.keys.length > 0) {
          kept.journal++;
          kept.recent.add(ledger.keys, ledger.votes.values(), kept.journal);
        }
        ports.onWritten(ledger.keys.length);
      }
      for (const tally of ledger.tallies.values()) kept.mirror(tally);
      if (ledger.tallies.size > 0 || airings.added > 0) kept.unsentCounts = true;
      if (ledger.queued.length > 0) kept.oldestAtMs ??= nowMs;
      for (const receipt of replies.flat()) receipts[receipt.status]++;
      airingsTaken += airings.added;
      return replies;
    },
    taken: () => ({ receipts: { ...receipts }, airings: airingsTaken }),
  };
}
