import assert from "node:assert/strict";
import { test } from "node:test";
import { createDice } from "./dice.ts";
import { callOff, createEventQueue } from "./event-queue.ts";

test("createEventQueue() runs what is planned by its time, then by its planning, whenever it was planned", async () => {
  const dice = createDice(1);
  const queue = createEventQueue();
  const planned: [number, number][] = [];
  const ran: [number, number][] = [];
  // Whole seconds, so that many fall together; some are planned by those that run.
  const plan = (atMs: number, depth: number) => {
    const turn = planned.push([atMs, planned.length]) - 1;
    queue.at(atMs, () => {
      assert.equal(queue.nowMs(), atMs);
      ran.push([atMs, turn]);
      if (depth < 3) plan(atMs + dice.pick([0, 0, 1_000, 20_000, 4_000_000]), depth + 1);
    });
  };
  for (let count = 0; count < 300; count++) plan(dice.whole(0, 60) * 1_000, 0);
  await queue.runUntil(30_000);
  assert.ok(ran.length > 100 && ran.every(([atMs]) => atMs <= 30_000));
  for (let count = 0; count < 50; count++) plan(queue.nowMs() + dice.whole(0, 9) * 1_000, 3);
  await queue.runUntil(100_000_000);
  assert.equal(queue.events(), planned.length);
  assert.deepEqual(
    ran,
    planned.toSorted(([a, one], [b, other]) => a - b || one - other),
  );
});

test("createEventQueue() runs what lies in the past now, and never what was called off", async () => {
  const queue = createEventQueue();
  const ran: string[] = [];
  await queue.runUntil(10_000);
  queue.at(5_000, () => void ran.push(`past at ${queue.nowMs()}`));
  const near = queue.at(11_000, () => void ran.push("near"));
  const far = queue.at(90_000, () => void ran.push("far"));
  queue.at(10_500, () => callOff(near));
  callOff(far);
  await queue.runUntil(100_000);
  assert.deepEqual(ran, ["past at 10000"]);
  assert.equal(queue.nowMs(), 100_000);
});
