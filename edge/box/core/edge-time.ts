/** Edge time and the bound of its error, from the samples and the rate that were learnt. */
import { type Agreement, agreement } from "../../../shared/time/offset.ts";
import type { ClockState } from "./state.ts";

function agreed(clock: ClockState, monotonicMs: number): Agreement {
  return agreement(clock.samples, monotonicMs, clock.rate, clock.rateError);
}

/** ms since the Unix epoch; null while nothing is known about it. */
export function edgeTimeAt(clock: ClockState, monotonicMs: number): number | null {
  return monotonicMs + agreed(clock, monotonicMs).offsetMs || null;
}

/** Bound of the error of `edgeTimeAt`, ms; Infinity while nothing is known. */
export function boundAt(clock: ClockState, monotonicMs: number): number {
  return agreed(clock, monotonicMs).errorMs;
}
