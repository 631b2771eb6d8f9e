/**
 * The edge's outbox: answers and airings on disk before their reply, counted, and queued for central. Here its parts
 * are put together; all work on the file goes one after the other, so each may read, decide and write without
 * anything in between. After a failed write what is kept in memory is read again from the disk.
 */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import type { Receipt } from "../../../shared/protocol/answers.ts";
import { type Database, foldLog } from "../../../shared/runtime/database.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Outbox } from "./contract.ts";
import { createGroupCommit } from "./group-commit.ts";
import { createJournalMerge } from "./journal-merge.ts";
import { createKept } from "./kept.ts";
import { OUTBOX_PRAGMAS } from "./outbox-tables.ts";
import { prune } from "./prune.ts";
import { createStorageTrouble, proveRoom } from "./storage-trouble.ts";
import { type Brought, createTakeIn } from "./take-in.ts";
import { createUplinkQueue } from "./uplink-queue.ts";

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
  for (const pragma of OUTBOX_PRAGMAS) await database.all(pragma);
  const [durability] = await database.all("PRAGMA synchronous");
  if (Number(durability?.synchronous) !== 2) {
    throw new CuecastError("Cannot use the outbox: its database does not sync every transaction", {
      code: "database-refused",
    });
  }
  await database.batch([
    { sql: "INSERT OR IGNORE INTO state VALUES (1, ?, 0, 0, 0, 0)", args: [ports.newId()] },
  ]);

  const kept = createKept(database);
  const trouble = createStorageTrouble(ports);
  let stale = true;
  let closed = false;
  let pendingCall = () => {};
  let chain: Promise<unknown> = Promise.resolve();

  /** One piece of work on the file after the other. */
  function exclusive<T>(work: () => Promise<T>): Promise<T> {
    const done = chain.then(async () => {
      try {
        if (stale) await kept.load();
        stale = false;
        return await work();
      } catch (error) {
        stale = true;
        throw trouble.told(error);
      }
    });
    chain = done.catch(() => {});
    return done;
  }

  const pending = () => ({ answers: kept.waiting() > 0, counts: kept.unsentCounts });
  const merge = createJournalMerge({ database, kept, timers, log, exclusive }, limits.mergeAt);
  const takeIn = createTakeIn(
    {
      database,
      kept,
      onWritten(keys) {
        trouble.over();
        if (keys > 0) merge.came(keys);
      },
    },
    limits,
  );
  const groups = createGroupCommit<Brought, Receipt[]>(
    {
      ...{ timers, exclusive },
      told: trouble.told,
      size: ({ answers, airings }) => answers.length + airings.length,
      async commit(group) {
        const replies = await takeIn.commit(group, clock.wallMs());
        merge.whenDue();
        if (pending().answers || pending().counts) pendingCall();
        return replies;
      },
    },
    limits,
  );

  async function tidyUp(): Promise<boolean> {
    const merging = await merge.piece();
    // When no box asks any more, this alone finds out that there is room again.
    if (trouble.state() !== undefined) {
      await proveRoom(database);
      trouble.over();
    }
    return (await prune(database, kept, limits, clock.wallMs())) || merging;
  }
  let cancelPrune = () => {};
  function armPrune(delayMs: number) {
    cancelPrune = timers.after(delayMs, () => {
      exclusive(tidyUp).then(
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
    append: ({ box, answers }, known) => groups.add({ box, answers, airings: [], known }),
    async appendAirings({ box, airings }) {
      await groups.add({ box, answers: [], airings, known: undefined });
      return airings.length;
    },
    tally: kept.tallyOfCue,
    state: () => ({
      id: kept.id,
      waiting: kept.waiting(),
      ...(kept.waiting() > 0 && kept.oldestAtMs !== undefined && { oldestAtMs: kept.oldestAtMs }),
      lastNumber: kept.lastNumber,
      acknowledged: kept.acknowledged,
      rows: kept.rows,
      setAside: kept.setAside,
      ...takeIn.taken(),
      ...(trouble.state() !== undefined && { trouble: trouble.state() }),
    }),
    pending,
    onPending(call) {
      pendingCall = call;
    },
    ...createUplinkQueue({ database, kept, clock, log, exclusive, onPending: () => pendingCall() }),
    async close() {
      closed = true;
      merge.end();
      cancelPrune();
      await groups.end();
      await chain;
      await foldLog(database);
      database.close();
    },
  };
}
