import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createPace } from "./pace.ts";

/** Steps of so long each, all of them at once as far as the pace lets them. */
function work(steps: number, stepMs: number, { isServing = true, repliesPerMs = 0 } = {}) {
  const time = createSimulatedTime(0);
  const rests: number[] = [];
  const timers = {
    after(delayMs: number, run: () => void) {
      rests.push(delayMs);
      return time.timers.after(delayMs, run);
    },
  };
  const replies = () => repliesPerMs * time.clock.monotonicMs();
  const { pause, serving } = createPace({ clock: time.clock, timers, replies });
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

test("createPace() works for half a millisecond, and rests for as long where nobody asks", async () => {
  const { all, time, done, rests } = work(4, 0.25);
  await settled();
  assert.equal(done(), 2);
  time.advance(0.4);
  await settled();
  assert.equal(done(), 2);
  time.advance(0.1);
  await settled();
  assert.equal(done(), 4, "a slice begins when the rest is over");
  time.advance(0.5);
  await all;
  assert.deepEqual(rests, [0.5, 0.5]);
});

test("createPace() rests longer the more boxes ask, at most three times as long as it worked", async () => {
  for (const [repliesPerMs, restMs] of [
    [0, 2],
    [0.5, 3],
    [1, 4],
    [2, 6],
    [20, 6],
  ] as const) {
    const { all, time, rests } = work(1, 2, { repliesPerMs });
    await settled();
    assert.deepEqual(rests, [restMs], `${repliesPerMs} replies a ms`);
    time.advance(restMs);
    await all;
  }
});

test("createPace() goes by what boxes ask now, not by what they asked before", async () => {
  const time = createSimulatedTime(0);
  const rests: number[] = [];
  let replies = 0;
  const after = (delayMs: number, run: () => void) => {
    rests.push(delayMs);
    return time.timers.after(delayMs, run);
  };
  const { pause, serving } = createPace({ clock: time.clock, timers: { after }, replies: () => replies });
  serving();
  for (const given of [0, 99, 0]) {
    replies += given;
    time.advance(1);
    const paused = pause();
    time.advance(3);
    await paused;
  }
  assert.deepEqual(rests, [1, 3, 1]);
});

test("createPace() does not rest for as long as this machine was asleep", async () => {
  const { time, rests } = work(1, 60_000);
  await settled();
  assert.deepEqual(rests, [5]);
  time.advance(5);
});

test("createPace() does not rest until boxes are answered", async () => {
  const { all, rests } = work(999, 1, { isServing: false });
  await all;
  assert.deepEqual(rests, []);
});
