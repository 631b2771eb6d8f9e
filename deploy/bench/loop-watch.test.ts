import assert from "node:assert/strict";
import { test } from "node:test";
import { arrivalWaitMs } from "./loop-watch.ts";

const idle = (count: number) => Array.from({ length: count }, () => ({ ms: 2, waitedMs: 0 }));
const near = (found: number, expected: number) =>
  assert.ok(Math.abs(found - expected) < 0.001, `${found} instead of ${expected}`);

test("arrivalWaitMs() is nothing where no round was late", () => {
  near(arrivalWaitMs(idle(100), 2, 0.01), 0);
  near(arrivalWaitMs([], 2, 0.01), 0);
});

test("arrivalWaitMs() weighs a round by how long it was", () => {
  // 900 ms of idle rounds and one of 100 that was busy for 98: one in a hundred, 10 ms, waits for longer than 88.
  near(arrivalWaitMs([...idle(450), { ms: 100, waitedMs: 0 }], 2, 0.01), 88);
  // One in twenty, 50 ms, waits for longer than 48; half of all meet it not at all.
  near(arrivalWaitMs([...idle(450), { ms: 100, waitedMs: 0 }], 2, 0.05), 48);
  near(arrivalWaitMs([...idle(450), { ms: 100, waitedMs: 0 }], 2, 0.5), 0);
});

test("arrivalWaitMs() leaves out what a round waited for a core", () => {
  near(arrivalWaitMs([...idle(450), { ms: 600, waitedMs: 500 }], 2, 0.01), 88);
});
