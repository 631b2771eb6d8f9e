import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import type { KeyName } from "../platform/keys.ts";
import { createPresses, HELD_MS } from "./presses.ts";

function remote(isUsed = true) {
  const time = createSimulatedTime(0);
  const taken: KeyName[] = [];
  const presses = createPresses(time.timers, (name) => {
    taken.push(name);
    return isUsed;
  });
  /** Key events of a key that is held: after half a second one every 50 ms. */
  const hold = (name: KeyName, repeats: number) => {
    const used = [presses.key(name)];
    for (let at = 0; at < repeats; at++) {
      time.advance(at === 0 ? 500 : 50);
      used.push(presses.key(name));
    }
    return used;
  };
  return { time, taken, presses, hold };
}

test("a key that is held down is one press, used or left throughout", () => {
  for (const isUsed of [true, false]) {
    for (const name of ["ok", "3", "red", "back"] as const) {
      const { taken, hold } = remote(isUsed);
      assert.deepEqual([...new Set(hold(name, 60))], [isUsed]);
      assert.deepEqual(taken, [name]);
    }
  }
});

test("arrows run on while they are held", () => {
  const { taken, hold } = remote();
  hold("down", 4);
  assert.equal(taken.length, 5);
});

test("the same key is pressed again once it was let go, at once; else after a while, or after another key", () => {
  const { time, taken, presses } = remote();
  presses.key("ok");
  presses.release();
  presses.key("ok");
  time.advance(HELD_MS + 1);
  presses.key("ok");
  presses.key("down");
  presses.key("ok");
  assert.deepEqual(taken, ["ok", "ok", "ok", "down", "ok"]);
});
