import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createPace } from "./pace.ts";

/** Steps of so long each, all of them at once as far as the pace lets them. */
function work(steps: number, stepMs: number, isServing = true) {
  const time = createSimulatedTime(0);
  const rests: number[] = [];
  const timers = {
    after(delayMs: number, run: () => void) {
      rests.push(delayMs);
      return time.timers.after(delayMs, run);
    },
  };
  const { pause, serving } = createPace({ clock: time.clock, timers });
  if (isServing) serving();
  let done = 0;
  const all = (async () => {
    for (let step = 0; step < steps; step++) {
      time.advance(stepMs);
      done++;
      await pause();
    }
  })();
  return { all, time, done: () => done, rests };
}
/** Everything that waits for nothing but promises has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("createPace() works for a millisecond, and rests for as long", async () => {
  const { all, time, done, rests } = work(4, 0.5);
  await settled();
  assert.equal(done(), 2);
  time.advance(0.9);
  await settled();
  assert.equal(done(), 2);
  time.advance(0.1);
  await settled();
  assert.equal(done(), 4, "a slice begins when the rest is over");
  time.advance(1);
  await all;
  assert.deepEqual(rests, [1, 1]);
});

test("createPace() does not rest for as long as this machine was asleep", async () => {
  const { time, rests } = work(1, 60_000);
  await settled();
  assert.deepEqual(rests, [5]);
  time.advance(5);
});

test("createPace() does not rest until boxes are answered", async () => {
  const { all, rests } = work(999, 1, false);
  await all;
  assert.deepEqual(rests, []);
});
