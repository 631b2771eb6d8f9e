import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createPace } from "./pace.ts";

function paced() {
  const time = createSimulatedTime(0);
  const pace = createPace(time.timers, time.clock.monotonicMs);
  const runs: number[] = [];
  const run = () => {
    runs.push(time.clock.monotonicMs());
    pace.started();
  };
  return { time, pace, runs, run };
}

test("createPace() runs the first wish at once, and those during a load as one after it and its rest", () => {
  const { time, pace, runs, run } = paced();
  pace.wish(run);
  assert.deepEqual(runs, [0]);
  pace.wish(run);
  time.advance(100);
  pace.wish(run);
  pace.ended();
  time.advance(899);
  pace.wish(run);
  assert.deepEqual(runs, [0]);
  time.advance(1);
  assert.deepEqual(runs, [0, 1_000]);
});

test("createPace() rests fifteen seconds at most, and not at all after a load of no time", () => {
  const { time, pace, runs, run } = paced();
  pace.wish(run);
  time.advance(20_000);
  pace.ended();
  pace.wish(run);
  time.advance(15_000);
  assert.deepEqual(runs, [0, 35_000]);
  pace.ended();
  time.advance(1);
  pace.wish(run);
  assert.deepEqual(runs, [0, 35_000, 35_001]);
});

test("createPace() forgets a wish when it is stopped", () => {
  const { time, pace, runs, run } = paced();
  pace.wish(run);
  time.advance(10);
  pace.ended();
  pace.wish(run);
  pace.stop();
  time.advance(1_000);
  assert.deepEqual(runs, [0]);
});
