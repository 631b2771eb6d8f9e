/** Edge time and the bound of its error, from the samples and the rate that were learnt. */
import { bestSample } from "../../../shared/time/offset.ts";
import type { ClockState } from "./state.ts";

/** ms since the Unix epoch; null while nothing is known about it. */
export function edgeTimeAt(clock: ClockState, monotonicMs: number): number | null {
  const best = bestSample(clock.samples, monotonicMs);
  return best ? monotonicMs + best.offsetMs + (monotonicMs - best.takenMs) * clock.rate : null;
}

/** Bound of the error of `edgeTimeAt`, ms; Infinity while nothing is known. */
export function boundAt(clock: ClockState, monotonicMs: number): number {
  const best = bestSample(clock.samples, monotonicMs);
  return best ? best.errorMs + (monotonicMs - best.takenMs) * clock.rateError : Number.POSITIVE_INFINITY;
}
