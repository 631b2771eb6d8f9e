import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createPace } from "./pace.ts";

/** Steps of a millisecond each, all of them at once as far as the pace lets them. */
function work(steps: number, isServing: boolean) {
  const time = createSimulatedTime(0);
  let waits = 0;
  const timers = {
    after(delayMs: number, run: () => void) {
      waits++;
      return time.timers.after(delayMs, run);
    },
  };
  const { pause, serving } = createPace({ clock: time.clock, timers });
  if (isServing) serving();
  let done = 0;
  const all = (async () => {
    for (let step = 0; step < steps; step++) {
      time.advance(1);
      done++;
      await pause();
    }
  })();
  return { all, time, done: () => done, waits: () => waits };
}
/** Everything that waits for nothing but promises has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("createPace() ends a slice after 2 ms of work, and goes on behind a timer", async () => {
  const { all, time, done, waits } = work(5, true);
  await settled();
  assert.equal(done(), 2);
  assert.equal(waits(), 1);
  time.advance(0);
  await settled();
  assert.equal(done(), 4, "a slice begins when the wait is over");
  time.advance(0);
  await all;
  assert.equal(waits(), 2);
});

test("createPace() works in long slices until boxes are answered", async () => {
  const { all, waits } = work(99, false);
  await all;
  assert.equal(waits(), 0);
});
