import assert from "node:assert/strict";
import { test } from "node:test";
import { createHappenings } from "./happenings.ts";

const happening = (event: string) => ({ event, edgeMs: 1_795_431_900_000, fields: {} });

test("createHappenings() keeps the last five with their ages, whatever the wall clock says", () => {
  let monotonicMs = 1_000;
  let wallMs = 0;
  const recent = createHappenings({ wallMs: () => wallMs, monotonicMs: () => monotonicMs });
  assert.deepEqual(recent.list(), []);
  for (const event of ["started", "edge", "schedule", "airing", "clock-jumped", "left", "tuned"]) {
    recent.take(happening(event));
    monotonicMs += 100;
    wallMs += 3_600_000;
  }
  assert.deepEqual(
    recent.list().map((one) => [one.happening.event, one.agoMs]),
    [
      ["tuned", 100],
      ["left", 200],
      ["clock-jumped", 300],
      ["airing", 400],
      ["schedule", 500],
    ],
  );
});
