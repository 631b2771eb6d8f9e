import assert from "node:assert/strict";
import { test } from "node:test";
import { createOwnClock } from "./own-clock.ts";

function start() {
  const now = { wallMs: 1_795_431_900_000, monotonicMs: 5_000 };
  const own = createOwnClock({ wallMs: () => now.wallMs, monotonicMs: () => now.monotonicMs });
  const pass = (ms: number, stepMs = 0) => {
    now.monotonicMs += ms;
    now.wallMs += ms + stepMs;
    own.read();
  };
  own.read();
  return { own, now, pass };
}

test("createOwnClock() takes slewing for no step, and tells a step in either direction", () => {
  const { own, pass } = start();
  for (let turn = 0; turn < 100; turn++) pass(5_000, 2);
  assert.equal(own.step(), undefined);
  pass(5_000, -7_200_000);
  assert.equal(own.step()?.stepMs, -7_200_000);
  pass(5_000, 1_000);
  assert.equal(own.step()?.stepMs, 1_000);
});

test("createOwnClock() tells how far it stands behind a moment that has passed", () => {
  const { own, now } = start();
  own.passed(now.wallMs + 59_000);
  assert.equal(own.behindPastMs(), undefined);
  own.passed(now.wallMs + 86_400_000);
  assert.equal(own.behindPastMs(), 86_400_000);
  own.confirmed();
  assert.equal(own.behindPastMs(), undefined);
});

test("createOwnClock() does not take a clock that was set back before its eyes for the past", () => {
  const { own, pass } = start();
  pass(1_000, 40_000_000);
  pass(1_000, -40_000_000);
  assert.equal(own.behindPastMs(), undefined);
});
