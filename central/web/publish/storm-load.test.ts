import assert from "node:assert/strict";
import { test } from "node:test";
import { loadOf } from "./storm-load.ts";

test("loadOf() judges the peak of all boxes against what the edge can take", () => {
  const edge = { id: "e", boxes: 1_000, takesPerSecond: 500 };
  for (const [peak, verdict] of [
    [0.25, "fine"],
    [0.26, "tight"],
    [0.5, "tight"],
    [0.51, "over"],
  ] as const) {
    assert.equal(loadOf(peak, edge, undefined).verdict, verdict, String(peak));
  }
});

test("loadOf() takes boxes that are supposed over those estimated, and knows nothing without figures", () => {
  assert.deepEqual(loadOf(0.1, { id: "e", boxes: 10, takesPerSecond: 500 }, 20_000), {
    ...{ id: "e", boxes: 20_000, perSecond: 2_000, takes: 500, verdict: "over" },
  });
  assert.equal(loadOf(0.1, { id: "e", takesPerSecond: 500 }, undefined).verdict, "unknown");
  assert.equal(loadOf(0.1, { id: "e", boxes: 10 }, undefined).verdict, "unknown");
});
