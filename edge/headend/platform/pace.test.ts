import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createPace } from "./pace.ts";

/**
 * Steps of so long each, all of them at once as far as the pace lets them; before them boxes asked for a while at the same
 * rate.
 */
function work(steps: number, stepMs: number, { isServing = true, repliesPerMs = 0.1 } = {}) {
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
  let done = 0;
  const all = (async () => {
    time.advance(1000);
    await pause();
    if (isServing) serving();
    // The slice so far seems to have been long.
    const first = pause();
    time.advance(100);
    await first;
    rests.length = 0;
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

test("createPace() works for a quarter of a millisecond where boxes ask, and rests for as long and longer", async () => {
  const { time, done, rests } = work(4, 0.125);
  await settled();
  assert.equal(done(), 2);
  time.advance(0.2);
  await settled();
  assert.equal(done(), 2);
  time.advance(0.1);
  await settled();
  assert.equal(done(), 4, "a slice begins when the rest is over");
  time.advance(0.3);
  assert.deepEqual(
    rests.map((ms) => ms.toFixed(2)),
    ["0.29", "0.29"],
  );
});

test("createPace() works for four milliseconds where nobody asks, and then lets others have one turn", async () => {
  for (const repliesPerMs of [0, 0.01]) {
    const { all, time, done, rests } = work(8, 1, { repliesPerMs });
    await settled();
    assert.equal(done(), 4);
    time.advance(0);
    await settled();
    assert.equal(done(), 8);
    time.advance(0);
    await all;
    assert.deepEqual(rests, [0, 0]);
  }
});

test("createPace() rests longer the more boxes ask, at most four times as long as it worked", async () => {
  for (const [repliesPerMs, restMs] of [
    [0.5, 3.5],
    [1, 5],
    [2, 8],
    [20, 8],
  ] as const) {
    const { all, time, rests } = work(1, 2, { repliesPerMs });
    await settled();
    assert.deepEqual(rests.map(Math.fround), [restMs], `${repliesPerMs} replies a ms`);
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
  for (const given of [0, 999, 0]) {
    replies += given;
    time.advance(200);
    const paused = pause();
    time.advance(20);
    await paused;
  }
  assert.deepEqual(rests, [0, 20, 0]);
});

test("createPace() does not take a moment without a reply for an edge that nobody asks", async () => {
  const time = createSimulatedTime(0);
  const rests: number[] = [];
  let replies = 0;
  const after = (delayMs: number, run: () => void) => {
    rests.push(delayMs);
    return time.timers.after(delayMs, run);
  };
  const { pause, serving } = createPace({ clock: time.clock, timers: { after }, replies: () => replies });
  serving();
  replies = 1000;
  time.advance(500);
  void pause();
  time.advance(20);
  await settled();
  for (let turn = 0; turn < 5; turn++) {
    time.advance(1);
    void pause();
    time.advance(4);
    await settled();
  }
  assert.deepEqual(rests.slice(1), [4, 4, 4, 4, 4]);
});

test("isAsked() tells whether a hundred replies a second were given", () => {
  for (const [perSecond, expected] of [
    [0, false],
    [90, false],
    [110, true],
    [9000, true],
  ] as const) {
    const { clock, timers, advance } = createSimulatedTime(0);
    const replies = () => (perSecond * clock.monotonicMs()) / 1000;
    const pace = createPace({ clock, timers, replies });
    advance(10_000);
    assert.equal(pace.isAsked(), expected, `${perSecond} a second`);
  }
});

test("createPace() does not rest for as long as this machine was asleep", async () => {
  const { time, rests } = work(1, 60_000, { repliesPerMs: 20 });
  await settled();
  assert.deepEqual(rests, [20]);
  time.advance(20);
});

test("createPace() does not rest until boxes are answered", async () => {
  const { all, rests } = work(999, 1, { isServing: false });
  await all;
  assert.deepEqual(rests, []);
});
