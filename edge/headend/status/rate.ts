/** How fast a counter has been rising over the last minute. */

/** Readings kept: one every 5 s for a minute, and the one before. */
const READINGS_MAX = 13;

export interface Rate {
  /** Takes a reading; call it every 5 s. */
  read(count: number, monotonicMs: number): void;
  perSecond(): number;
}

export function createRate(): Rate {
  const readings: { count: number; atMs: number }[] = [];
  return {
    read(count, atMs) {
      readings.push({ count, atMs });
      if (readings.length > READINGS_MAX) readings.shift();
    },
    perSecond() {
      const first = readings[0];
      const last = readings.at(-1);
      if (!first || !last || last.atMs <= first.atMs) return 0;
      return ((last.count - first.count) * 1000) / (last.atMs - first.atMs);
    },
  };
}
