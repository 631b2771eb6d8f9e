import assert from "node:assert/strict";
import { test } from "node:test";
import { isOver } from "./rule-over.ts";

test("isOver() says that nothing of a placement is to come", () => {
  assert.equal(isOver({ kind: "instant", atMs: 1_000 }, 60_000, 61_000), false);
  assert.equal(isOver({ kind: "instant", atMs: 1_000 }, 60_000, 61_001), true);
  const daily = { kind: "cron", rule: "0 20 * * *", zone: "UTC" } as const;
  assert.equal(isOver(daily, 60_000, 9e12), false);
  assert.equal(isOver({ ...daily, untilMs: 1_000 }, 0, 1_001), true);
});
