/**
 * Group commit: what arrives while a transaction runs, and within one turn of the event loop, shares the next one.
 *
 * Problem: a durable transaction costs a sync of the disk, far too slow for each request. Idea (DeWitt and others
 * 1984): one sync serves all who wait; each is told when it is done.
 */
import { CuecastError } from "../../../shared/errors.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import { RETRY_AFTER_MS } from "./storage-trouble.ts";

export interface GroupCommit<Item, Reply> {
  /** @throws {CuecastError} `outbox-unavailable`, 503, when too much waits; else what `commit` throws */
  add(item: Item): Promise<Reply>;
  /** Takes nothing more; resolves when what waited is written or refused. */
  end(): Promise<void>;
}

export interface GroupCommitPorts<Item, Reply> {
  timers: Timers;
  /** One piece of work on the file after the other. */
  exclusive<T>(work: () => Promise<T>): Promise<T>;
  /** Writes a group. @returns a reply for each, in order */
  commit(group: readonly Item[]): Promise<Reply[]>;
  /** What those who wait are told of an error. */
  told(error: unknown): unknown;
  /** Answers or airings in it. */
  size(item: Item): number;
}

interface Waiting<Item, Reply> {
  item: Item;
  resolve(reply: Reply): void;
  reject(error: unknown): void;
}

/** @param limits `groupMax`: most in one transaction; `gatheredMax`: most that wait for one; both by `size` */
export function createGroupCommit<Item, Reply>(
  ports: GroupCommitPorts<Item, Reply>,
  limits: { groupMax: number; gatheredMax: number },
): GroupCommit<Item, Reply> {
  const { timers, exclusive, commit, told, size } = ports;
  let gathered: Waiting<Item, Reply>[] = [];
  let gatheredSize = 0;
  let working = false;
  let ended = false;

  function nextGroup() {
    let taken = 0;
    const cut = gathered.findIndex(({ item }) => {
      if (taken >= limits.groupMax) return true;
      taken += size(item);
      return false;
    });
    gatheredSize -= taken;
    return gathered.splice(0, cut < 0 ? gathered.length : cut);
  }

  async function commitNext() {
    const group = nextGroup();
    try {
      const replies = await commit(group.map(({ item }) => item));
      group.forEach((one, index) => {
        one.resolve(replies[index] as Reply);
      });
    } catch (error) {
      const why = told(error);
      for (const one of group) one.reject(why);
      throw why;
    }
  }

  /** One group after the other, until nothing waits. */
  async function commitAll() {
    while (gathered.length > 0) {
      try {
        await exclusive(commitNext);
      } catch (error) {
        // Whoever waits shares its fate: nobody may wait for ever on a file that cannot be read.
        const waiting = gathered;
        gathered = [];
        gatheredSize = 0;
        for (const one of waiting) one.reject(error);
      }
    }
    working = false;
  }

  /** The first waits for what comes in its turn; those after it have waited for the group before. */
  function begin() {
    if (working) return;
    working = true;
    timers.after(0, () => void commitAll());
  }

  return {
    add(item) {
      if (ended || gatheredSize >= limits.gatheredMax) {
        const state = ended ? "this edge is ending" : "more waits already than the disk can take";
        return Promise.reject(
          new CuecastError(`Cannot take into the outbox: ${state}`, {
            code: "outbox-unavailable",
            status: 503,
            retryable: true,
            retryAfterMs: RETRY_AFTER_MS,
          }),
        );
      }
      return new Promise((resolve, reject) => {
        gathered.push({ item, resolve, reject });
        gatheredSize += size(item);
        begin();
      });
    },
    async end() {
      ended = true;
      while (working) await new Promise<void>((resolve) => timers.after(1, resolve));
    },
  };
}
