/** A short past of one figure, for a line on the status page: a reading every so often, the oldest forgotten. */

/** Half an hour at one reading every ten seconds. */
const READINGS_MAX = 180;
const READING_EVERY_MS = 10_000;

export interface History {
  /** @param total a count that only rises */
  read(total: number, monotonicMs: number): void;
  /** Rise per second between readings, oldest first. */
  rates(): readonly number[];
}

export function createHistory(): History {
  let last: { total: number; atMs: number } | undefined;
  const rates: number[] = [];
  return {
    read(total, atMs) {
      if (last && atMs - last.atMs < READING_EVERY_MS) return;
      if (last) rates.push(((total - last.total) * 1000) / (atMs - last.atMs));
      if (rates.length > READINGS_MAX) rates.shift();
      last = { total, atMs };
    },
    rates: () => rates,
  };
}
