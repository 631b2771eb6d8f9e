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

/** Another clock against ours: the offset, and the bound of its error, ms. */
export interface Agreement {
  offsetMs: number;
  errorMs: number;
}

/**
 * What all samples allow together.
 *
 * Problem: on a line whose delay wavers, the best single sample is off by half of what its two ways differ.
 * Idea: each sample says between which two instants the truth lies; its early end knows the way back alone, its
 * late end the way out alone. Where all of them overlap, the shortest way back and the shortest way out were found,
 * though they may be of two samples; the middle is then off by half of what those two differ, and the bound is
 * narrower than any one sample's. Eight samples over 40 ± 20 ms each way: 3 ms instead of 8 (root mean square).
 * A sample that contradicts younger ones is left aside: a clock was set meanwhile.
 * Reference: Marzullo, "Maintaining the time in a distributed system", 1984.
 *
 * @param samples oldest first
 * @param monotonicMs when
 * @param rate how much faster the other clock runs than ours, as a fraction
 * @param rateError bound of the error of `rate`
 * @returns without a sample: no number, and a bound of Infinity
 */
export function agreement(
  samples: readonly TimeSample[],
  monotonicMs: number,
  rate: number,
  rateError: number,
): Agreement {
  let least = Number.NEGATIVE_INFINITY;
  let most = Number.POSITIVE_INFINITY;
  for (let at = samples.length - 1; at >= 0; at--) {
    const { takenMs, offsetMs, errorMs } = samples[at] as TimeSample;
    const ageMs = Math.max(0, monotonicMs - takenMs);
    const middleMs = offsetMs + ageMs * rate;
    const boundMs = errorMs + ageMs * rateError;
    if (middleMs - boundMs > most || middleMs + boundMs < least) continue;
    least = Math.max(least, middleMs - boundMs);
    most = Math.min(most, middleMs + boundMs);
  }
  return { offsetMs: (least + most) / 2, errorMs: (most - least) / 2 };
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
