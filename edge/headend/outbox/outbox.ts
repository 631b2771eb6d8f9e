/**
 * The edge's outbox: answers and airings on disk before their reply, counted, and queued for central. Here its parts
 * are put together: the answer log, and the database for the rest. All work on them goes one after the other, so each
 * may read, decide and write without anything in between. After a failed write what is kept in memory is read again
 * from the disk.
 */
import { CuecastError } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Receipt } from "../../../shared/protocol/answers.ts";
import { type Database, foldLog } from "../../../shared/runtime/database.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Tally } from "../../../shared/uplink/batch.ts";
import type { Outbox } from "./contract.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createKept } from "./kept.ts";
import { countEntry } from "./ledger.ts";
import { type AnswerLogSettings, openAnswerLog } from "./log/answer-log.ts";
import type { LogFolder } from "./log/files.ts";
import {
  createMarkWriter,
  OUTBOX_LACKED,
  OUTBOX_OLDER,
  outboxAnother,
  readMark,
  standingOf,
} from "./mark.ts";
import type { CentralClock } from "./now-span.ts";
import { moveOlderQueue } from "./older-queue.ts";
import { BEGIN_STATE, OUTBOX_PRAGMAS } from "./outbox-tables.ts";
import { prune } from "./prune.ts";
import { createRepeats } from "./repeats.ts";
import { createStorageTrouble, tellsSystem } from "./storage-trouble.ts";
import { type BroughtAirings, createTakeAirings } from "./take-airings.ts";
import { type BroughtAnswers, createTakeAnswers } from "./take-answers.ts";
import { createUplinkQueue } from "./uplink-queue.ts";

export interface OutboxSettings {
  /** Most answers remembered, and most airings; beyond it nothing is taken until some are forgotten. */
  rowsMax: number;
  /** Most answers or airings in one transaction. */
  groupMax: number;
  /** Most answers or airings that wait for a transaction. */
  gatheredMax: number;
  /** How often tallies are written; those of the log beyond are counted again at a start, ms. */
  tallyEveryMs: number;
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
  // 80 MB of memory for the filters of so many.
  rowsMax: 20_000_000,
  /** About 20 ms of judging and writing. */
  groupMax: 2_000,
  gatheredMax: 20_000,
  tallyEveryMs: 5_000,
  pruneEveryMs: 60_000,
  acknowledgedKeptMs: 86_400_000,
  airingKeyKeptMs: 2 * 86_400_000,
  countsKeptMs: 60 * 86_400_000,
};

/**
 * @param ports `database`: opened with OUTBOX_MIGRATIONS, `folder`: of the answer log, both this outbox's alone;
 * `newId`: a random UUID; `centralClock`: absent where there is no central to measure; `onDamage`: told when the database turns out to be damaged, which no waiting repairs
 * @throws {CuecastError} `database-refused` when it is not durable
 */
export async function createOutbox(
  ports: {
    database: Database;
    folder: LogFolder;
    clock: Clock;
    timers: Timers;
    log: Log;
    newId: () => string;
    centralClock?: () => CentralClock | undefined;
    onDamage?: () => void;
  },
  settings: Partial<OutboxSettings & AnswerLogSettings> = {},
): Promise<Outbox> {
  const { database, folder, clock, timers, log, centralClock = () => undefined } = ports;
  const limits = { ...OUTBOX_DEFAULTS, ...settings };
  for (const pragma of OUTBOX_PRAGMAS) await database.all(pragma);
  const [durability] = await database.all("PRAGMA synchronous");
  if (Number(durability?.synchronous) !== 2) {
    throw new CuecastError("Cannot use the outbox: its database does not sync every transaction", {
      code: "database-refused",
    });
  }
  await database.batch([{ sql: BEGIN_STATE, args: [ports.newId()] }]);
  const kept = createKept(database);
  await kept.load();
  const mark = createMarkWriter(folder);
  const markBefore = await readMark(folder);
  const standing = standingOf(kept, markBefore);
  if (standing === "another") {
    ports.onDamage?.();
    throw outboxAnother();
  }
  const [seed] = await database.all("SELECT seed_high, seed_low FROM state WHERE id = 1");
  const answers = await openAnswerLog(
    {
      folder,
      seed: [Number(seed?.seed_high), Number(seed?.seed_low)],
      lastNumber: Math.max(kept.lastNumber, kept.acknowledged),
      acknowledged: kept.acknowledged,
      counted: kept.counted,
    },
    settings,
  );

  if (standing === "begun" && (markBefore || answers.entries() > 0))
    log.warn("outbox-new", { why: OUTBOX_LACKED });
  if (standing === "older") log.error("outbox-older", { why: OUTBOX_OLDER });

  const trouble = createStorageTrouble(ports);
  let stale = true;
  let closed = false;
  let pendingCall = () => {};
  let chain: Promise<unknown> = Promise.resolve();

  /** What is kept in memory, as the disk has it. */
  async function load() {
    await kept.load();
    // A database that was made for a log that is older begins to count where that ends.
    if (kept.counted.sequence < 0) await writeTallies();
    for await (const entries of answers.replay(kept.counted)) {
      const tallies = new Map<string, Tally>();
      for (const entry of entries) countEntry(entry, tallies, (id) => kept.tallies.get(id)?.tally);
      kept.change++;
      for (const tally of tallies.values()) kept.mirror(tally, kept.change, clock.wallMs());
    }
    kept.oldestAtMs = await answers.oldestAtMs(kept.acknowledged);
  }

  async function writeTallies() {
    const end = answers.end();
    const { statements, written } = kept.tallyStatements(end, answers.lastNumber());
    await database.batch(statements);
    written();
  }

  /** @returns when it is written: it may be waited for */
  async function beginMark(): Promise<{ written: Promise<void> }> {
    const [state] = await database.all("SELECT change FROM state WHERE id = 1");
    return { written: mark.write({ outbox: kept.id, change: Number(state?.change) }) };
  }

  /**
   * What a log that is damaged or taken away would cost is small then. By itself SQLite does so every 1,000 pages, which
   * a quiet edge does not write in days.
   */
  const foldSome = () => database.all("PRAGMA wal_checkpoint(PASSIVE)");

  /** One piece of work on the files after the other. */
  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = chain.then(async () => {
      try {
        if (stale) await load();
        stale = false;
        return await work();
      } catch (error) {
        // A group that the log refused changed nothing in memory.
        if (!(error instanceof CuecastError) && !tellsSystem(error)) stale = true;
        throw trouble.told(error);
      }
    });
    chain = done.catch(() => {});
    return done;
  }

  const waiting = () => {
    const sent = kept.acknowledged + kept.setAsideAhead.size;
    return Math.max(0, answers.lastNumber() - sent - answers.missing(kept.acknowledged));
  };
  const pending = () => ({ answers: waiting() > 0, counts: kept.unsentCounts() });
  const onWritten = () => {
    trouble.wentWell();
    pendingCall();
  };
  const takeAnswers = createTakeAnswers({ log: answers, kept, centralClock, onWritten }, limits);
  const takeAirings = createTakeAirings({ database, kept, onWritten }, limits);
  const grouping = { timers, exclusive, told: trouble.told };
  const answerGroups = createGroupCommit<BroughtAnswers, Receipt[]>(
    {
      ...grouping,
      size: (brought) => brought.answers.length,
      commit: (group) => takeAnswers.commit(group, clock.wallMs()),
    },
    limits,
  );
  const airingGroups = createGroupCommit<BroughtAirings, undefined>(
    {
      ...grouping,
      size: (brought) => brought.airings.length,
      async commit(group) {
        await takeAirings.commit(group, clock.wallMs());
        return group.map(() => undefined);
      },
    },
    limits,
  );

  async function tidyUp(): Promise<boolean> {
    // When no box asks any more, this alone finds out that there is room again.
    if (trouble.state() !== undefined) {
      await answers.proveRoom();
      trouble.wentWell();
    }
    await foldSome();
    return await prune({ database, kept, answers }, limits, clock.wallMs());
  }
  const again = createRepeats(timers, exclusive, log);
  try {
    await exclusive(async () => {
      await moveOlderQueue(database, answers, clock.wallMs());
      // From now on a log that is gone is missed.
      if (kept.counted.sequence !== answers.end().sequence) await writeTallies();
      if (standing === "begun") await foldSome();
      await (await beginMark()).written;
    });
  } catch (error) {
    await answers.close();
    throw error;
  }
  again("outbox-prune-failed", limits.pruneEveryMs, tidyUp);
  again("outbox-tallies-failed", limits.tallyEveryMs, async () => {
    await answers.writeAgain();
    // `cuecast doctor` takes some away beside us.
    if (kept.setAside > 0) await kept.readSetAside();
    const { sequence, at } = answers.end();
    if (sequence !== kept.counted.sequence || at !== kept.counted.at) await writeTallies();
    await beginMark();
    return false;
  });

  return {
    append: ({ box, answers }, known) => answerGroups.add({ box, answers, known }),
    async appendAirings({ box, airings }) {
      await airingGroups.add({ box, airings });
      return airings.length;
    },
    tally: kept.tallyOfCue,
    state: () => ({
      id: kept.id,
      waiting: waiting(),
      ...(waiting() > 0 && kept.oldestAtMs !== undefined && { oldestAtMs: kept.oldestAtMs }),
      lastNumber: answers.lastNumber(),
      acknowledged: kept.acknowledged,
      rows: answers.entries() + kept.airingKeys,
      setAside: kept.setAside,
      damaged: [...(standing === "older" ? [OUTBOX_OLDER] : []), ...answers.damage()],
      receipts: takeAnswers.receipts(),
      airings: takeAirings.taken(),
      ...(trouble.state() !== undefined && { trouble: trouble.state() }),
    }),
    pending,
    onPending(call) {
      pendingCall = call;
    },
    ...createUplinkQueue({ database, kept, answers, clock, log, exclusive }),
    async close() {
      if (closed) return;
      closed = true;
      again.end();
      await Promise.all([answerGroups.end(), airingGroups.end()]);
      await exclusive(async () => {
        await writeTallies();
        await (await beginMark()).written;
      }).catch(() => {});
      await chain;
      await answers.close();
      await foldLog(database);
      database.close();
    },
  };
}
