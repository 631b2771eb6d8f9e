import assert from "node:assert/strict";
import { test } from "node:test";
import { firstRow } from "./line-up.ts";

test("firstRow() keeps the focus in the middle, and rows at both ends in their place", () => {
  const cases: [count: number, focus: number, expected: number][] = [
    [3, 2, 0],
    [11, 10, 0],
    [12, 0, 0],
    [12, 5, 0],
    [12, 6, 1],
    [12, 11, 1],
    [500, 250, 245],
    [500, 499, 489],
  ];
  for (const [count, focus, expected] of cases) {
    const first = firstRow(count, focus, 11);
    assert.equal(first, expected, `${focus} of ${count}`);
    assert.ok(focus >= first && focus < first + 11, "the focus is in sight");
  }
});
