import assert from "node:assert/strict";
import { test } from "node:test";
import { bestSample, errorBoundMs, timeSample, withSample } from "./offset.ts";

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
