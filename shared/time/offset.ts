/**
 * Estimating another machine's clock from request and reply, with a bound on the error.
 *
 * Problem: a reply says what the other clock showed somewhere between sending and receiving. Idea: take the
 * middle; the truth is then at most half the round trip away, whatever the network did. The bound grows with
 * age, since clocks drift. The best of some recent samples is the one with the smallest bound now.
 * Reference: Cristian, "Probabilistic clock synchronization", 1989.
 */

export interface TimeSample {
  /** When the reply came, monotonic ms. */
  takenMs: number;
  /** Other clock minus our monotonic one, ms. */
  offsetMs: number;
  /** Bound of the error when it was taken, ms. */
  errorMs: number;
}

/** Unknown drift of a cheap oscillator against the other clock, parts per million. */
export const DRIFT_PPM = 100;

/** A stamp in whole ms was cut down by up to this. */
const STAMP_STEP_MS = 1;

/**
 * @param timeMs the other clock's stamp, whole ms
 * @param sentMs monotonic ms before sending
 * @param receivedMs monotonic ms after receiving; taken as `sentMs` if it lies before
 */
export function timeSample(timeMs: number, sentMs: number, receivedMs: number): TimeSample {
  const tripMs = Math.max(0, receivedMs - sentMs);
  return {
    takenMs: receivedMs,
    offsetMs: timeMs + STAMP_STEP_MS / 2 + tripMs / 2 - receivedMs,
    errorMs: tripMs / 2 + STAMP_STEP_MS / 2,
  };
}

/** Bound of a sample's error at a monotonic instant, ms. */
export function errorBoundMs(sample: TimeSample, monotonicMs: number): number {
  return sample.errorMs + (Math.max(0, monotonicMs - sample.takenMs) * DRIFT_PPM) / 1e6;
}

/** The sample with the smallest bound at a monotonic instant; undefined when there is none. */
export function bestSample(samples: readonly TimeSample[], monotonicMs: number): TimeSample | undefined {
  let best: TimeSample | undefined;
  for (const sample of samples) {
    if (!best || errorBoundMs(sample, monotonicMs) < errorBoundMs(best, monotonicMs)) best = sample;
  }
  return best;
}

/**
 * The samples with a new one, at most `most`, oldest first.
 *
 * Samples that contradict the new one (their bounds do not overlap) are dropped: a clock was set meanwhile,
 * and the newest is the one to believe.
 */
export function withSample(samples: readonly TimeSample[], added: TimeSample, most: number): TimeSample[] {
  const agreeing = samples.filter(
    (sample) =>
      Math.abs(sample.offsetMs - added.offsetMs) <= errorBoundMs(sample, added.takenMs) + added.errorMs,
  );
  return agreeing.concat([added]).slice(-most);
}
