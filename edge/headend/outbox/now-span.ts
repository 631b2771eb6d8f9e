/**
 * Now, where this edge's clock and central's disagree: nobody here can tell which one is right, and each box goes by
 * one of the two. So an answer is refused for its time only when it is refused by both.
 */

/** Central's clock minus this edge's, and how far that may be wrong, ms. */
export interface CentralClock {
  offsetMs: number;
  errorMs: number;
}

/** From the clock that is behind to the one that is ahead, ms since the Unix epoch; one instant while they agree. */
export interface NowSpan {
  fromMs: number;
  toMs: number;
}

/** What two synchronised clocks may part by, beside the error of the measurement, ms. */
const AGREE_MS = 500;

export const clocksDisagree = ({ offsetMs, errorMs }: CentralClock): boolean =>
  Math.abs(offsetMs) > AGREE_MS + errorMs;

/** @param central undefined when it has not been measured since the start */
export function nowSpan(nowMs: number, central: CentralClock | undefined): NowSpan {
  if (!central || !clocksDisagree(central)) return { fromMs: nowMs, toMs: nowMs };
  const centralMs = Math.round(nowMs + central.offsetMs);
  return { fromMs: Math.min(nowMs, centralMs), toMs: Math.max(nowMs, centralMs) };
}
