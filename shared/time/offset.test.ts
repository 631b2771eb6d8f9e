import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeededRandom } from "../testing/seeded-random.ts";
import { agreement, bestSample, errorBoundMs, type TimeSample, timeSample, withSample } from "./offset.ts";

test("timeSample() bounds the truth whatever part of the round trip was the way out", () => {
  const trueOffsetMs = 1_795_431_900_000.25;
  for (const [out, back] of [
    [0, 0],
    [1, 99],
    [99, 1],
    [50, 50],
    [5000, 0],
  ] as const) {
    const sentMs = 777.5;
    const stamp = Math.floor(sentMs + out + trueOffsetMs);
    const sample = timeSample(stamp, sentMs, sentMs + out + back);
    assert.ok(Math.abs(sample.offsetMs - trueOffsetMs) <= sample.errorMs, `${out} out, ${back} back`);
    assert.equal(sample.errorMs, (out + back) / 2 + 0.5);
  }
});

test("errorBoundMs() grows by 100 ppm of the age", () => {
  const sample = timeSample(1000, 0, 10);
  assert.equal(errorBoundMs(sample, 10), 5.5);
  assert.equal(errorBoundMs(sample, 10 + 86_400_000), 5.5 + 8640);
});

test("bestSample() prefers a short round trip until its age costs more than a long one", () => {
  const short = timeSample(1000, 0, 2);
  const long = timeSample(1_001_000, 1_000_000, 1_000_080);
  assert.equal(bestSample([short, long], 100_000), short);
  assert.equal(bestSample([short, long], 1_000_080), long);
  assert.equal(bestSample([], 5), undefined);
});

test("withSample() forgets samples that contradict the newest, and keeps the last few", () => {
  const before = [timeSample(1000, 0, 2), timeSample(1010, 10, 12)];
  assert.equal(withSample(before, timeSample(1020, 20, 22), 8).length, 3);
  assert.deepEqual(
    withSample(before, timeSample(9020, 20, 22), 8).map((sample) => Math.round(sample.offsetMs)),
    [9000],
  );
  assert.equal(withSample(before, timeSample(1020, 20, 22), 2).length, 2);
});

test("agreement() contains the truth and is as narrow as the shortest way out and the shortest way back", () => {
  const random = createSeededRandom(7);
  const trueOffsetMs = 1_795_431_900_000.25;
  const misses: number[] = [];
  for (let round = 0; round < 2_000; round++) {
    const samples: TimeSample[] = [];
    for (let at = 0; at < 8; at++) {
      const [sentMs, out, back] = [at * 200, 20 + 40 * random(), 20 + 40 * random()];
      samples.push(timeSample(Math.floor(sentMs + out + trueOffsetMs), sentMs, sentMs + out + back));
    }
    const found = agreement(samples, 1_700, 0, 100e-6);
    const miss = Math.abs(found.offsetMs - trueOffsetMs);
    // Instants of today leave a fraction of a microsecond to the arithmetic.
    assert.ok(miss <= found.errorMs + 0.001, `${miss} of ${found.errorMs}`);
    const single = Math.min(...samples.map((sample) => errorBoundMs(sample, 1_700)));
    assert.ok(found.errorMs <= single + 0.001, `${found.errorMs} of ${single}`);
    misses.push(miss);
  }
  misses.sort((a, b) => a - b);
  assert.ok((misses[1_980] as number) < 12, `99 % within ${misses[1_980]} ms`);
});

test("agreement() follows the rate, and leaves aside what contradicts younger samples", () => {
  const before = timeSample(1_000, 0, 2);
  const after = timeSample(9_000, 1_000, 1_002);
  assert.deepEqual(agreement([], 5, 0, 0), { offsetMs: Number.NaN, errorMs: Number.POSITIVE_INFINITY });
  assert.equal(Math.round(agreement([before, after], 1_002, 0, 100e-6).offsetMs), 8_000);
  const later = agreement([before], 1_000_002, 50e-6, 10e-6);
  assert.equal(later.offsetMs, before.offsetMs + 50);
  assert.equal(later.errorMs, before.errorMs + 10);
});
