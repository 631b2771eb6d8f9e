/**
 * The edge's outbox: answers and airings on disk before their reply, counted, and queued for central.
 *
 * Problem: a durable transaction costs a sync of the disk, far too slow one by one. Idea (group commit):
 * what arrives while a transaction runs, and within one turn of the event loop, shares the next one. All work
 * on the file goes one after the other, so a group may read, decide and write without anything in between.
 * After a failed write what is kept in memory is read again from the disk, which alone is right.
 */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Answer, Receipt } from "../../../shared/protocol/answers.ts";
import { type Database, foldLog, type Statement, tellsDamage } from "../../../shared/runtime/database.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { AiringCount, Tally } from "../../../shared/uplink/batch.ts";
import { emptyCount, withAiring } from "./airing-counts.ts";
import type { Known, Outbox, OutboxState } from "./contract.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { createLedger, pairId, type RememberedKey, tallyId, type Vote } from "./ledger.ts";
import {
  countFromRow,
  journalFromRow,
  keyFromRow,
  keyToJson,
  tallyFromRow,
  voteFromRow,
  voteToJson,
} from "./outbox-rows.ts";
import * as sql from "./outbox-tables.ts";
import { createRecent, PIECE_ROWS } from "./recent.ts";

export interface OutboxSettings {
  /** Most keys remembered; beyond it nothing is taken until some are forgotten. */
  rowsMax: number;
  /** Most answers or airings in one transaction. */
  groupMax: number;
  /** Most answers or airings that wait for a transaction. */
  gatheredMax: number;
  /** Keys in the journal that begin its merging into the tables; some 30 MB of memory. */
  mergeAt: number;
  /** How often what is over is removed, ms. */
  pruneEveryMs: number;
  /** How long an acknowledged answer stays, for a central that was restored from an older copy, ms. */
  acknowledgedKeptMs: number;
  /** How long an airing's key is remembered, ms. */
  airingKeyKeptMs: number;
  /** How long counts stay after their last change, ms. */
  countsKeptMs: number;
}

export const OUTBOX_DEFAULTS: OutboxSettings = {
  rowsMax: 20_000_000,
  /** About 100 ms of writing. */
  groupMax: 2_000,
  gatheredMax: 20_000,
  mergeAt: 30_000,
  pruneEveryMs: 60_000,
  acknowledgedKeptMs: 86_400_000,
  airingKeyKeptMs: 2 * 86_400_000,
  countsKeptMs: 60 * 86_400_000,
};

/** How many merges' worth of keys memory may hold when merging fails; then nothing more is taken. */
const MERGES_MAX = 4;
/** What boxes wait when nothing can be stored, before their own spread. */
const RETRY_AFTER_MS = 5_000;

interface Gathered {
  box: string;
  answers: readonly Answer[];
  airings: readonly Airing[];
  known: Known | undefined;
  resolve(receipts: Receipt[]): void;
  reject(error: unknown): void;
}

const size = (gathered: Gathered) => gathered.answers.length + gathered.airings.length;

/**
 * @param ports `database`: opened with OUTBOX_MIGRATIONS, this outbox's alone; `newId`: a random UUID; `onDamage`:
 * told when the file turns out to be damaged, which no waiting repairs
 * @throws {CuecastError} `database-refused` when it is not durable
 */
export async function createOutbox(
  ports: {
    database: Database;
    clock: Clock;
    timers: Timers;
    log: Log;
    newId: () => string;
    onDamage?: () => void;
  },
  settings: Partial<OutboxSettings> = {},
): Promise<Outbox> {
  const { database, clock, timers, log } = ports;
  const limits = { ...OUTBOX_DEFAULTS, ...settings };
  for (const pragma of sql.OUTBOX_PRAGMAS) await database.all(pragma);
  const [durability] = await database.all("PRAGMA synchronous");
  if (Number(durability?.synchronous) !== 2) {
    throw new CuecastError("Cannot use the outbox: its database does not sync every transaction", {
      code: "database-refused",
    });
  }
  await database.batch([
    { sql: "INSERT OR IGNORE INTO state VALUES (1, ?, 0, 0, 0, 0)", args: [ports.newId()] },
  ]);

  const onDisk = {
    id: "",
    lastNumber: 0,
    acknowledged: 0,
    change: 0,
    rows: 0,
    setAside: 0,
    setAsideAhead: 0,
    journal: 0,
  };
  let recent = createRecent();
  let oldestAtMs: number | undefined;
  const tallies = new Map<string, Tally>();
  const tallyIdOfCue = new Map<string, string>();
  let unsentCounts = false;
  let stale = true;
  let trouble: string | undefined;
  const receipts: OutboxState["receipts"] = { accepted: 0, duplicate: 0, late: 0, rejected: 0 };
  let airingsTaken = 0;
  let gathered: Gathered[] = [];
  let gatheredSize = 0;
  let scheduled = false;
  let closed = false;
  let pendingCall = () => {};
  let chain: Promise<unknown> = Promise.resolve();

  function mirror(tally: Tally) {
    const id = tallyId(tally);
    tallies.set(id, tally);
    const known = tallies.get(tallyIdOfCue.get(tally.cue) ?? "");
    if (!known || tally.version >= known.version) tallyIdOfCue.set(tally.cue, id);
  }

  async function readOldest() {
    const [row] = await database.all(
      "SELECT received_ms FROM queued WHERE number > ? ORDER BY number LIMIT 1",
      [onDisk.acknowledged],
    );
    oldestAtMs = row ? Number(row.received_ms) : undefined;
  }

  async function readSetAside() {
    const [row] = await database.all("SELECT count(*) AS n, sum(number > ?) AS ahead FROM set_aside", [
      onDisk.acknowledged,
    ]);
    onDisk.setAside = Number(row?.n ?? 0);
    onDisk.setAsideAhead = Number(row?.ahead ?? 0);
  }

  async function load() {
    const [state] = await database.all("SELECT * FROM state WHERE id = 1");
    if (!state) throw new Error("Cannot read the outbox: its state is missing");
    onDisk.id = String(state.outbox);
    onDisk.lastNumber = Number(state.last_number);
    onDisk.acknowledged = Number(state.acknowledged);
    onDisk.change = Number(state.change);
    onDisk.rows = Number(state.rows);
    tallies.clear();
    tallyIdOfCue.clear();
    for (const row of await database.all("SELECT * FROM tally")) mirror(tallyFromRow(row));
    unsentCounts =
      (await database.all("SELECT 1 FROM tally WHERE change > sent LIMIT 1")).length > 0 ||
      (await database.all("SELECT 1 FROM airing_count WHERE change > sent LIMIT 1")).length > 0;
    await readOldest();
    await readSetAside();
    recent = createRecent();
    onDisk.journal = 0;
    for (const row of await database.all("SELECT * FROM journal ORDER BY id")) {
      const { id, keys, votes } = journalFromRow(row);
      recent.add(keys, votes, id);
      onDisk.journal = id;
    }
    stale = false;
  }

  /** The storage's own errors, as the 503 that boxes understand; anything else is a bug and passes. */
  function storageError(error: unknown): unknown {
    const code = (error as { code?: unknown } | null)?.code;
    if (error instanceof CuecastError || typeof code !== "string" || !code.startsWith("SQLITE_"))
      return error;
    const damaged = tellsDamage(error);
    const state = code.startsWith("SQLITE_FULL")
      ? "its disk is full"
      : damaged
        ? `its file is damaged (${code})`
        : `its disk refuses (${code})`;
    if (trouble !== state) log.error("outbox-unavailable", { state, error: errorMessage(error) });
    trouble = state;
    if (damaged) ports.onDamage?.();
    return new CuecastError(`Cannot write to the outbox: ${state}`, {
      code: "outbox-unavailable",
      status: 503,
      retryable: true,
      retryAfterMs: RETRY_AFTER_MS,
      cause: error,
    });
  }

  /** One piece of work on the file after the other. */
  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = chain.then(async () => {
      try {
        if (stale) await load();
        return await work();
      } catch (error) {
        stale = true;
        throw storageError(error);
      }
    });
    chain = done.catch(() => {});
    return done;
  }

  /** What boxes sent was written. Smaller writes prove nothing: they may fit where an answer does not. */
  function writeDone() {
    if (trouble !== undefined) log.info("outbox-available");
    trouble = undefined;
  }

  async function judgeGroup(group: readonly Gathered[], nowMs: number, change: number) {
    const keys: RememberedKey[] = [];
    const votes: Vote[] = [];
    const keysAsked: [string, string][] = [];
    const votesAsked: [string, string][] = [];
    for (const { box, answers } of group) {
      for (const { key, cue } of answers) {
        const knownKey = recent.key(box, key);
        if (knownKey) keys.push(knownKey);
        else keysAsked.push([box, key]);
        const knownVote = recent.vote(box, cue);
        if (knownVote) votes.push(knownVote);
        else votesAsked.push([box, cue]);
      }
    }
    if (keysAsked.length > 0)
      keys.push(...(await database.all(sql.SELECT_KEYS, [JSON.stringify(keysAsked)])).map(keyFromRow));
    if (votesAsked.length > 0)
      votes.push(...(await database.all(sql.SELECT_VOTES, [JSON.stringify(votesAsked)])).map(voteFromRow));
    const ledger = createLedger({
      keys,
      votes,
      tally: (id) => tallies.get(id),
      lastNumber: onDisk.lastNumber,
    });
    const replies = group.map(({ box, answers, known }) =>
      answers.map((answer) => {
        const cue = known?.cue(answer.cue);
        const interaction = known?.interaction(answer.interaction, answer.version);
        return ledger.enter(box, answer, judgeAnswer(answer, cue, interaction, nowMs), nowMs);
      }),
    );
    const queuedRows = ledger.queued.map((answer) => [answer.number, answer.receivedAtMs, answer]);
    const tallyRows = [...ledger.tallies.values()].map((tally) => [
      ...[tally.cue, tally.interaction, tally.version, tally.total, tally.options],
    ]);
    const statements: Statement[] = [];
    const put = (text: string, rows: unknown[], ...rest: number[]) => {
      if (rows.length > 0) statements.push({ sql: text, args: [JSON.stringify(rows), ...rest] });
    };
    if (ledger.keys.length > 0) {
      const keyRows = JSON.stringify(ledger.keys.map(keyToJson));
      const voteRows = JSON.stringify([...ledger.votes.values()].map(voteToJson));
      statements.push({ sql: sql.PUT_JOURNAL, args: [onDisk.journal + 1, keyRows, voteRows] });
    }
    put(sql.PUT_QUEUED, queuedRows);
    put(sql.PUT_TALLIES, tallyRows, nowMs, change);
    const replaced = new Set(keys.map((key) => pairId(key.box, key.key)));
    const added = ledger.keys.filter((key) => !replaced.has(pairId(key.box, key.key))).length;
    return { replies, ledger, statements, added };
  }

  async function countAirings(group: readonly Gathered[], nowMs: number, change: number) {
    const all = group.flatMap(({ box, airings }) => airings.map((airing) => ({ box, airing })));
    const statements: Statement[] = [];
    if (all.length === 0) return { statements, added: 0, changed: false };
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
    if (fresh.length > 0) {
      const forgetMs = nowMs + limits.airingKeyKeptMs;
      const keyRows = fresh.map(({ box, airing }) => [box, airing.key, forgetMs]);
      const countRows = [...counts.values()].map((c) => [
        ...[c.cue, c.interaction, c.version, c.outcomes, c.firingErrors],
      ]);
      statements.push({ sql: sql.PUT_AIRING_KEYS, args: [JSON.stringify(keyRows)] });
      statements.push({ sql: sql.PUT_AIRING_COUNTS, args: [JSON.stringify(countRows), nowMs, change] });
    }
    return { statements, added: fresh.length, changed: fresh.length > 0 };
  }

  async function commit(group: readonly Gathered[]) {
    if (onDisk.rows >= limits.rowsMax || recent.size() >= MERGES_MAX * limits.mergeAt) {
      throw new CuecastError("Cannot take more into the outbox: it remembers as many keys as it may", {
        code: "outbox-full",
        status: 503,
        retryable: true,
        retryAfterMs: 60_000,
      });
    }
    const nowMs = clock.wallMs();
    const change = onDisk.change + 1;
    const answers = await judgeGroup(group, nowMs, change);
    const airings = await countAirings(group, nowMs, change);
    const lastNumber = onDisk.lastNumber + answers.ledger.queued.length;
    const added = answers.added + airings.added;
    const statements = [...answers.statements, ...airings.statements];
    if (statements.length > 0) {
      await database.batch([...statements, { sql: sql.PUT_STATE, args: [lastNumber, change, added] }]);
      writeDone();
      onDisk.lastNumber = lastNumber;
      onDisk.change = change;
      onDisk.rows += added;
    }
    if (answers.ledger.keys.length > 0) {
      onDisk.journal++;
      recent.add(answers.ledger.keys, answers.ledger.votes.values(), onDisk.journal);
      owed = recent.merging() ? owed + answers.ledger.keys.length : 0;
    }
    for (const tally of answers.ledger.tallies.values()) mirror(tally);
    if (answers.ledger.tallies.size > 0 || airings.changed) unsentCounts = true;
    if (answers.ledger.queued.length > 0) oldestAtMs ??= nowMs;
    for (const receipt of answers.replies.flat()) receipts[receipt.status]++;
    airingsTaken += airings.added;
    return answers.replies;
  }

  /** Writes a piece of the journal into the tables. @returns whether more is left of this merge */
  async function mergePiece(): Promise<boolean> {
    const piece = recent.piece();
    if (!piece) return false;
    const statements: Statement[] = [];
    if (piece.keys.length > 0)
      statements.push({ sql: sql.PUT_KEYS, args: [JSON.stringify(piece.keys.map(keyToJson))] });
    if (piece.votes.length > 0)
      statements.push({ sql: sql.PUT_VOTES, args: [JSON.stringify(piece.votes.map(voteToJson))] });
    if (piece.journalUntil !== undefined)
      statements.push({ sql: "DELETE FROM journal WHERE id <= ?", args: [piece.journalUntil] });
    await database.batch(statements);
    recent.written(piece);
    return recent.merging();
  }

  /** Keys that came in since the merge's last turn: it must not fall behind them. */
  let owed = 0;
  /** @returns whether more is left of this merge */
  async function mergeTurn(): Promise<boolean> {
    for (;;) {
      const more = await mergePiece();
      owed = Math.max(0, owed - PIECE_ROWS);
      if (!more || owed === 0) return more;
      // Requests are read and replied to between two pieces.
      await new Promise<void>((resolve) => timers.after(0, resolve));
    }
  }

  let mergeScheduled = false;
  /** A merge failed: reading the journal again for each try would hold up answers, so the next turn tries. */
  let mergeHeld = false;
  function scheduleMerge() {
    if (mergeScheduled || mergeHeld) return;
    mergeScheduled = true;
    timers.after(0, () => {
      exclusive(mergeTurn).then(
        (more) => {
          mergeScheduled = false;
          if (more && !closed) scheduleMerge();
        },
        (error) => {
          mergeScheduled = false;
          mergeHeld = true;
          log.warn("outbox-merge-failed", { error: errorMessage(error) });
        },
      );
    });
  }

  function schedule() {
    if (scheduled) return;
    scheduled = true;
    timers.after(0, () => {
      exclusive(async () => {
        scheduled = false;
        const group: Gathered[] = [];
        for (let count = 0; count < limits.groupMax && gathered.length > 0; ) {
          const next = gathered.shift() as Gathered;
          count += size(next);
          gatheredSize -= size(next);
          group.push(next);
        }
        if (gathered.length > 0) schedule();
        if (group.length === 0) return;
        try {
          const replies = await commit(group);
          for (const [index, one] of group.entries()) one.resolve(replies[index] ?? []);
        } catch (error) {
          const told = storageError(error);
          for (const one of group) one.reject(told);
          throw told;
        }
        if (recent.size() >= limits.mergeAt) scheduleMerge();
        if (pending().answers || pending().counts) pendingCall();
      }).catch((error) => {
        // The file itself cannot be read: nobody may wait for ever.
        scheduled = false;
        const waiting = gathered;
        gathered = [];
        gatheredSize = 0;
        for (const one of waiting) one.reject(error);
      });
    });
  }

  function gather(box: string, answers: readonly Answer[], airings: readonly Airing[], known?: Known) {
    if (closed || gatheredSize >= limits.gatheredMax) {
      const state = closed ? "this edge is ending" : "more waits already than the disk can take";
      return Promise.reject(
        new CuecastError(`Cannot take into the outbox: ${state}`, {
          code: "outbox-unavailable",
          status: 503,
          retryable: true,
          retryAfterMs: RETRY_AFTER_MS,
        }),
      );
    }
    return new Promise<Receipt[]>((resolve, reject) => {
      const one = { box, answers, airings, known, resolve, reject };
      gathered.push(one);
      gatheredSize += size(one);
      schedule();
    });
  }

  const pending = () => ({ answers: waiting() > 0, counts: unsentCounts });
  const waiting = () => Math.max(0, onDisk.lastNumber - onDisk.acknowledged - onDisk.setAsideAhead);

  async function moveCursor(number: number) {
    await database.batch([{ sql: "UPDATE state SET acknowledged = ? WHERE id = 1", args: [number] }]);
    onDisk.acknowledged = number;
    await readOldest();
    await readSetAside();
  }

  async function prune() {
    const nowMs = clock.wallMs();
    const before = nowMs - limits.countsKeptMs;
    let keys = 0;
    let most = 0;
    const merging = await mergePiece();
    mergeHeld = false;
    const remove = async (text: string, args: number[]) => {
      const rows = await database.all(text, args);
      most = Math.max(most, rows.length);
      return rows;
    };
    for (const table of ["answer_key", "airing_key"] as const) {
      keys += (await remove(sql.pruneKeys(table), [nowMs])).length;
    }
    if (keys > 0) {
      await database.batch([{ sql: "UPDATE state SET rows = max(0, rows - ?) WHERE id = 1", args: [keys] }]);
      onDisk.rows = Math.max(0, onDisk.rows - keys);
    }
    // When no box asks any more, this alone finds out that there is room again.
    if (trouble !== undefined) {
      await database.batch([{ sql: "UPDATE state SET rows = rows WHERE id = 1" }]);
      writeDone();
    }
    await remove(sql.PRUNE_VOTES, [nowMs]);
    await remove(sql.PRUNE_QUEUED, [onDisk.acknowledged, nowMs - limits.acknowledgedKeptMs]);
    await remove(sql.pruneCounts("airing_count"), [before]);
    for (const row of await remove(sql.pruneCounts("tally"), [before])) {
      const id = `${row.cue}\n${row.interaction}\n${row.version}`;
      tallies.delete(id);
      if (tallyIdOfCue.get(String(row.cue)) === id) tallyIdOfCue.delete(String(row.cue));
    }
    return merging || most >= sql.PRUNE_MAX;
  }

  let cancelPrune = () => {};
  function armPrune(delayMs: number) {
    cancelPrune = timers.after(delayMs, () => {
      exclusive(prune).then(
        (more) => !closed && armPrune(more ? 0 : limits.pruneEveryMs),
        (error) => {
          log.warn("outbox-prune-failed", { error: errorMessage(error) });
          if (!closed) armPrune(limits.pruneEveryMs);
        },
      );
    });
  }

  await exclusive(async () => {});
  armPrune(limits.pruneEveryMs);

  return {
    append: ({ box, answers }, known) => gather(box, answers, [], known),
    async appendAirings({ box, airings }) {
      await gather(box, [], airings);
      return airings.length;
    },
    tally: (cue) => tallies.get(tallyIdOfCue.get(cue) ?? ""),
    state: () => ({
      id: onDisk.id,
      waiting: waiting(),
      ...(waiting() > 0 && oldestAtMs !== undefined && { oldestAtMs }),
      lastNumber: onDisk.lastNumber,
      acknowledged: onDisk.acknowledged,
      rows: onDisk.rows,
      setAside: onDisk.setAside,
      receipts: { ...receipts },
      airings: airingsTaken,
      ...(trouble !== undefined && { trouble }),
    }),
    pending,
    onPending(call) {
      pendingCall = call;
    },
    take: (answersMax, bytesMax) =>
      exclusive(async () => {
        const rows = await database.all("SELECT body FROM queued WHERE number > ? ORDER BY number LIMIT ?", [
          onDisk.acknowledged,
          answersMax,
        ]);
        let bytes = 0;
        const bodies = rows.map((row) => String(row.body));
        // Ids and UUIDs are ASCII, so characters are bytes. One answer goes whatever its size.
        const fit = bodies.filter((body, index) => {
          bytes += body.length + 1;
          return index === 0 || bytes <= bytesMax;
        });
        return fit.map((body) => JSON.parse(body));
      }),
    takeCounts: (most) =>
      exclusive(async () => {
        const select = (table: string) =>
          database.all(`SELECT * FROM ${table} WHERE change > sent ORDER BY change LIMIT ?`, [most]);
        const [airings, changed] = [await select("airing_count"), await select("tally")];
        unsentCounts = airings.length > 0 || changed.length > 0;
        return {
          airings: airings.map(countFromRow),
          tallies: changed.map(tallyFromRow),
          mark: onDisk.change,
        };
      }),
    countsSent: (counts) =>
      exclusive(async () => {
        const ids = (of: readonly (AiringCount | Tally)[]) =>
          JSON.stringify(of.map(({ cue, interaction, version }) => [cue, interaction, version]));
        await database.batch([
          { sql: sql.markSent("airing_count"), args: [ids(counts.airings), counts.mark] },
          { sql: sql.markSent("tally"), args: [ids(counts.tallies), counts.mark] },
        ]);
        unsentCounts =
          (await database.all("SELECT 1 FROM tally WHERE change > sent LIMIT 1")).length > 0 ||
          (await database.all("SELECT 1 FROM airing_count WHERE change > sent LIMIT 1")).length > 0;
      }),
    acknowledge: (number) =>
      exclusive(async () => {
        if (number > onDisk.acknowledged) await moveCursor(Math.min(number, onDisk.lastNumber));
      }),
    rewind: (number) =>
      exclusive(async () => {
        if (number < onDisk.acknowledged) await moveCursor(Math.max(0, number));
      }),
    adopt: (answers) =>
      exclusive(async () => {
        if (answers.length === 0) return;
        const first = onDisk.lastNumber + 1;
        const rows = answers.map((answer, index) => [
          ...[first + index, answer.receivedAtMs, { ...answer, number: first + index }],
        ]);
        const lastNumber = onDisk.lastNumber + answers.length;
        await database.batch([
          { sql: sql.PUT_QUEUED, args: [JSON.stringify(rows)] },
          { sql: sql.PUT_STATE, args: [lastNumber, onDisk.change, 0] },
        ]);
        onDisk.lastNumber = lastNumber;
        await readOldest();
        pendingCall();
      }),
    setAside: (number, reason) =>
      exclusive(async () => {
        await database.batch([
          {
            sql: "INSERT OR IGNORE INTO set_aside SELECT number, ?, ?, body FROM queued WHERE number = ?",
            args: [clock.wallMs(), reason.slice(0, 500), number],
          },
          { sql: "DELETE FROM queued WHERE number = ?", args: [number] },
        ]);
        await readOldest();
        await readSetAside();
        log.error("answer-set-aside", { number, reason });
      }),
    async close() {
      closed = true;
      cancelPrune();
      while (gathered.length > 0 || scheduled) await new Promise<void>((resolve) => timers.after(1, resolve));
      await chain;
      await foldLog(database);
      database.close();
    },
  };
}
