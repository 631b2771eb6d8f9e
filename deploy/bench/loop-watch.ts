/**
 * How long a reply would wait for this thread's event loop, told apart from how long the thread waits for a core: the
 * second is the machine's affair, and shorter where there are more cores. Linux.
 */
import { readFileSync } from "node:fs";

/** Between two timers: how long, and how much of that this thread was ready to run and had no core, ms. */
export interface Round {
  ms: number;
  waitedMs: number;
}

export interface LoopWatched {
  /** What one who comes at any moment waits for the loop, p99; waiting for a core is left out, ms. */
  arrivalP99Ms: number;
  /** The longest round; waiting for a core is left out, ms. */
  roundWorstMs: number;
  /** The same with it. */
  lateWorstMs: number;
  /** The part of the time in which the thread waited for a core. */
  waitedShare: number;
}

const WATCH_EVERY_MS = 2;

/** This thread so far, ms. */
const waitedMs = () => Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[1]) / 1e6;

/**
 * A round that was to take `everyMs` and took longer was busy at its end: who comes in that time waits for the rest of
 * it. Long rounds are met more often than short ones, which a quantile of rounds would not show.
 *
 * @param part that waits for longer, 0.01 for p99
 */
export function arrivalWaitMs(rounds: readonly Round[], everyMs: number, part: number): number {
  const ran = rounds.map(({ ms, waitedMs: waited }) => Math.max(0, ms - waited));
  const busy = ran.map((ms) => Math.max(0, ms - everyMs));
  const wholeMs = ran.reduce((sum, ms) => sum + ms, 0);
  let least = 0;
  let most = Math.max(0, ...busy);
  for (let turn = 0; turn < 40; turn++) {
    const middle = (least + most) / 2;
    const longerMs = busy.reduce((sum, ms) => sum + Math.max(0, ms - middle), 0);
    if (longerMs > part * wholeMs) least = middle;
    else most = middle;
  }
  return most;
}

/** Watches from now on. */
export function watchLoop() {
  let rounds: Round[] = [];
  let last = { atMs: performance.now(), waitedMs: waitedMs() };
  setInterval(() => {
    const now = { atMs: performance.now(), waitedMs: waitedMs() };
    rounds.push({ ms: now.atMs - last.atMs, waitedMs: now.waitedMs - last.waitedMs });
    last = now;
  }, WATCH_EVERY_MS);
  return {
    begin() {
      rounds = [];
    },
    end(): LoopWatched {
      const sum = (of: (round: Round) => number) => rounds.reduce((total, round) => total + of(round), 0);
      const worst = (of: (round: Round) => number) => Math.max(0, ...rounds.map(of));
      return {
        arrivalP99Ms: arrivalWaitMs(rounds, WATCH_EVERY_MS, 0.01),
        roundWorstMs: worst(({ ms, waitedMs: waited }) => ms - waited),
        lateWorstMs: worst(({ ms }) => ms),
        waitedShare: sum(({ waitedMs: waited }) => waited) / sum(({ ms }) => ms),
      };
    },
  };
}
