import assert from "node:assert/strict";
import { test } from "node:test";
import { filled } from "./fill-points.ts";

test("filled() puts a nothing where there was no answer, and keeps the rest", () => {
  const points: Parameters<typeof filled>[0] = [
    { atMs: 1_000, options: { a: 2 } },
    { atMs: 4_000, options: { a: 1, b: 3 } },
  ];
  const { timesMs, values } = filled(points, 1_000, ["a", "b"]);
  assert.deepEqual(timesMs.slice(0, 4), [1_000, 2_000, 3_000, 4_000]);
  assert.deepEqual(
    values.map((own) => own.slice(0, 4)),
    [
      [2, 0, 0, 1],
      [0, 0, 0, 3],
    ],
  );
  assert.deepEqual([timesMs.length, values[0]?.length], [30, 30]);
  assert.deepEqual(filled([], 1_000, ["a"]), { timesMs: [], values: [[]] });
});
