import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../shared/log.ts";
import { createSimulatedTime } from "../shared/testing/simulated-time.ts";
import { createErrands } from "./errands.ts";

const settle = () => new Promise((resolve) => setImmediate(resolve));

function start() {
  const time = createSimulatedTime(0);
  const told: string[] = [];
  const log = { ...silentLog, error: (event: string) => told.push(event) };
  return { time, told, errands: createErrands({ timers: time.timers, log }) };
}

test("an errand that fails is told, and repeated all the same", async () => {
  const { time, told, errands } = start();
  let runs = 0;
  errands.repeat(1000, () =>
    errands.run("failed", async () => {
      runs++;
      throw new Error("no");
    }),
  );
  await settle();
  time.advance(999);
  await settle();
  assert.equal(runs, 1);
  time.advance(1);
  await settle();
  assert.equal(runs, 2);
  assert.deepEqual(told, ["failed", "failed"]);
  await errands.close();
});

test("once closed nothing begins, and what runs is waited for; its failure is not told", async () => {
  const { time, told, errands } = start();
  let runs = 0;
  errands.repeat(1000, async () => void runs++);
  let fail = (_: Error) => {};
  void errands.run("failed", () => new Promise((_, reject) => (fail = reject)));
  await settle();
  let ended = false;
  const closing = errands.close().then(() => (ended = true));
  time.advance(5000);
  await settle();
  assert.deepEqual([runs, ended], [1, false]);
  fail(new Error("the end"));
  await closing;
  assert.deepEqual(told, []);
});
