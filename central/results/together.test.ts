import assert from "node:assert/strict";
import { test } from "node:test";
import { createLock } from "../publish/lock.ts";
import { createTogether } from "./together.ts";

test("createTogether() does in one turn what waits, up to the most, in order", async () => {
  const turns: number[][] = [];
  const inTurn = createLock();
  const together = createTogether<number, string>(
    inTurn,
    async (tasks) => {
      turns.push([...tasks]);
      return tasks.map((task) => `did ${task}`);
    },
    3,
  );
  let release = () => {};
  void inTurn(
    () =>
      new Promise<void>((resolve) => {
        release = resolve;
      }),
  );
  const all = [1, 2, 3, 4, 5].map((task) => together(task));
  await Promise.resolve();
  release();
  assert.deepEqual(await Promise.all(all), ["did 1", "did 2", "did 3", "did 4", "did 5"]);
  assert.deepEqual(
    turns.filter((turn) => turn.length > 0),
    [
      [1, 2, 3],
      [4, 5],
    ],
  );
});

test("createTogether() lets only the task fail that fails by itself", async () => {
  const together = createTogether<number, number>(
    createLock(),
    async (tasks) => {
      if (tasks.includes(2)) throw new Error("two");
      return [...tasks];
    },
    10,
  );
  const results = await Promise.allSettled([1, 2, 3].map((task) => together(task)));
  assert.deepEqual(
    results.map((each) => each.status),
    ["fulfilled", "rejected", "fulfilled"],
  );
});
