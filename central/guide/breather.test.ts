/** Long work gives others their turn, and only when it is long. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulatedTime } from "../../shared/testing/simulated-time.ts";
import { createBreather } from "./breather.ts";

test("createBreather() waits a turn once a spell of work is over, and then begins a new one", async () => {
  const time = createSimulatedTime(0);
  const breathe = createBreather(time);
  await breathe();
  time.advance(14);
  await breathe();
  assert.equal(time.nextDueMs(), undefined);
  time.advance(1);
  let went = false;
  const waiting = breathe().then(() => {
    went = true;
  });
  await Promise.resolve();
  assert.equal(went, false);
  assert.notEqual(time.nextDueMs(), undefined);
  time.advance(0);
  await waiting;
  time.advance(14);
  await breathe();
  assert.equal(time.nextDueMs(), undefined);
});
