import assert from "node:assert/strict";
import { test } from "node:test";
import { believable, historyConflict } from "./history-conflict.ts";

const at = (epoch: number, revision: number, digit = "a") => ({ epoch, revision, hash: digit.repeat(64) });

test("believable() takes what a fleet can have served ahead of a restored central, and nothing far beyond", () => {
  assert.equal(believable(at(1, 1), 0), true);
  assert.equal(believable(at(1_007, 1_000_000), 7), true);
  assert.equal(believable(at(1_008, 1), 7), false);
  assert.equal(believable(at(7, 1_000_000_001), 7), false);
  assert.equal(believable(at(Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER), 7), false);
});

test("historyConflict() names the edge that is ahead, and both ways on", () => {
  const conflict = historyConflict(
    at(1, 2),
    at(1, 2),
    [{ id: "north-1", highest: at(1, 9) }],
    () => undefined,
  );
  assert.match(conflict ?? "", /edge north-1 has served 1\/9.*new epoch.*revoke it/);
});
