import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createStorageTrouble } from "./storage-trouble.ts";

test("a trouble is over once writes go well and none has failed for five seconds, and is told once", () => {
  const { clock, advance } = createSimulatedTime(1_795_431_900_000);
  const logged: string[] = [];
  const note = (event: string) => void logged.push(event);
  const trouble = createStorageTrouble({ log: { ...silentLog, error: note, info: note }, clock });
  const fail = () => trouble.told(Object.assign(new Error("no space left"), { code: "ENOSPC" }));
  fail();
  // On a full disk some writes go well.
  for (let turn = 0; turn < 20; turn++) {
    advance(1_000);
    trouble.wentWell();
    assert.match(trouble.state() ?? "", /disk is full/);
    if (turn % 3 === 2) fail();
  }
  advance(5_000);
  trouble.wentWell();
  assert.equal(trouble.state(), undefined);
  assert.deepEqual(logged, ["outbox-unavailable", "outbox-available"]);
});
