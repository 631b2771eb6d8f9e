/**
 * How many boxes stand behind the pulls. A box that is told to come back after `refreshMs` is seen about once in
 * such a time; so the times that replies told, added up over a window, are the boxes' time within it. Boxes that
 * just started, or were switched to another channel, ask more often: the figure is rather too high than too low.
 * Before a window is full nothing is known, and nothing is said.
 */

/** The longest `refreshMs` is five minutes: twice that sees every box at least once. */
export const WINDOW_MS = 600_000;
/** Half a window will do for a first figure. */
const LEAST_MS = 300_000;
/** Boxes add up to a fifth of spread, which is as often below as above. */
const READING_EVERY_MS = 10_000;

export interface BoxesEstimate {
  /** @param askedAgainMs sum of every `refreshMs` that was served so far, ms */
  read(askedAgainMs: number, monotonicMs: number): void;
  /** Undefined while it is too early to tell. */
  boxes(): number | undefined;
}

export function createBoxesEstimate(): BoxesEstimate {
  const readings: { askedAgainMs: number; atMs: number }[] = [];
  return {
    read(askedAgainMs, atMs) {
      const last = readings.at(-1);
      if (last && atMs - last.atMs < READING_EVERY_MS) return;
      readings.push({ askedAgainMs, atMs });
      while (readings.length > 2 && atMs - (readings[1]?.atMs ?? atMs) >= WINDOW_MS) readings.shift();
    },
    boxes() {
      const first = readings[0];
      const last = readings.at(-1);
      if (!first || !last || last.atMs - first.atMs < LEAST_MS) return undefined;
      return Math.round((last.askedAgainMs - first.askedAgainMs) / (last.atMs - first.atMs));
    },
  };
}
