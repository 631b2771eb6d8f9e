import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DAY_MS,
  HOUR_MS,
  isEdge,
  MINUTE_MS,
  marksOf,
  msAt,
  nextEdge,
  rowsSeen,
  SPAN_LEAST_MS,
  SPAN_MOST_MS,
  snapped,
  stepOf,
  xOf,
  zoomed,
} from "./viewport.ts";

const view = { fromMs: 1_795_420_800_000, spanMs: 6 * HOUR_MS, widthPx: 1200 };

test("xOf() and msAt() undo each other, and zoomed() holds what is under the pointer", () => {
  for (const x of [0, 333, 1200]) assert.equal(Math.round(xOf(view, msAt(view, x))), x);
  for (const factor of [1.5, 0.5]) {
    const next = zoomed(view, factor, 400);
    assert.ok(Math.abs(msAt(next, 400) - msAt(view, 400)) < 1);
  }
  assert.equal(zoomed(view, 1e9, 0).spanMs, SPAN_LEAST_MS);
  assert.equal(zoomed(view, 1e-9, 0).spanMs, SPAN_MOST_MS);
});

test("stepOf() leaves room for a time between marks, from a minute to a week", () => {
  for (const spanMs of [MINUTE_MS, 10 * MINUTE_MS, HOUR_MS, 6 * HOUR_MS, DAY_MS, 8 * DAY_MS]) {
    const step = stepOf({ ...view, spanMs });
    assert.ok((step / spanMs) * view.widthPx >= 72, String(spanMs));
  }
});

test("marksOf() begins days where clocks begin them", () => {
  const eight = 8 * HOUR_MS;
  const days = marksOf({ ...view, spanMs: 3 * DAY_MS }, eight).filter(({ day }) => day);
  assert.ok(days.length >= 2);
  for (const { atMs } of days) assert.equal((atMs + eight) % DAY_MS, 0);
});

test("snapped() prefers a programme's start or end that is near, else a round moment", () => {
  const programmes = [{ startMs: view.fromMs + HOUR_MS, endMs: view.fromMs + 2 * HOUR_MS }];
  assert.deepEqual(snapped(view, view.fromMs + HOUR_MS + 2 * MINUTE_MS, programmes), {
    atMs: view.fromMs + HOUR_MS,
    edge: true,
  });
  const free = snapped(view, view.fromMs + 30 * MINUTE_MS + 12_345, programmes);
  assert.deepEqual(free, { atMs: view.fromMs + 30 * MINUTE_MS, edge: false });
});

test("nextEdge() goes from start to end to start, both ways", () => {
  const programmes = [
    { startMs: 10, endMs: 20 },
    { startMs: 20, endMs: 35 },
  ];
  assert.deepEqual(
    [
      nextEdge(12, 1, programmes),
      nextEdge(20, 1, programmes),
      nextEdge(20, -1, programmes),
      nextEdge(40, 1, programmes),
    ],
    [20, 35, 10, undefined],
  );
});

test("isEdge() knows a start and an end, to the millisecond", () => {
  const programmes = [{ startMs: 10, endMs: 20 }];
  assert.deepEqual(
    [10, 20, 15, 21].map((atMs) => isEdge(atMs, programmes)),
    [true, true, false, false],
  );
});

test("rowsSeen() never goes beyond the rows there are", () => {
  assert.deepEqual(rowsSeen(0, 440, 500), { first: 0, end: 11 });
  assert.deepEqual(rowsSeen(21_900, 440, 500), { first: 497, end: 500 });
});
