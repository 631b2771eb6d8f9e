import assert from "node:assert/strict";
import { test } from "node:test";
import type { TimelineCue } from "../../publish/timeline.ts";
import { CUES_MAX, cueAt, placeCues } from "./place-cues.ts";
import type { PlacedCue } from "./placed-cue.ts";
import type { RowData } from "./tiles.ts";

const view = { fromMs: 0, spanMs: 1000, widthPx: 1000 };
const cue = (id: string, atMs: number, suppressed = false) =>
  ({
    id,
    atMs,
    durationMs: 1,
    placement: id,
    priority: 0,
    ...(suppressed && { suppressed: {} }),
  }) as TimelineCue;
const row = (...cues: TimelineCue[]): RowData => ({ programmes: [], cues });
const seen = (cues: TimelineCue[], chosen?: string, moving?: { cue: string; toMs: number }) =>
  placeCues(
    view,
    ["one"],
    3,
    () => row(...cues),
    { channel: "one", cue: chosen },
    moving && { channel: "one", ...moving },
  ).map((each) => [each.cue.id, each.row, each.crowd, each.roomPx]);

test("placeCues() tells the room to the next one of the row", () => {
  assert.deepEqual(seen([cue("a", 100), cue("b", 300)]), [
    ["a", 3, 0, 200],
    ["b", 3, 0, Number.POSITIVE_INFINITY],
  ]);
});

test("placeCues() draws what is crowded once, by one that appears", () => {
  assert.deepEqual(seen([cue("a", 100, true), cue("b", 101), cue("c", 103)]), [
    ["b", 3, 2, Number.POSITIVE_INFINITY],
  ]);
});

test("placeCues() draws the chosen one and the one that is moved by themselves", () => {
  const ids = (...given: Parameters<typeof seen>) => seen(...given).map(([id]) => id);
  assert.deepEqual(ids([cue("a", 100), cue("b", 101)], "b"), ["a", "b"]);
  assert.deepEqual(ids([cue("a", 100), cue("b", 900)], undefined, { cue: "b", toMs: 101 }), ["a", "b"]);
});

test("placeCues() leaves out what is not seen, and what is too much", () => {
  assert.deepEqual(seen([cue("a", -201), cue("b", 1021)]), []);
  const many = Array.from({ length: CUES_MAX }, (_, index) => cue(`c${index}`, index));
  const rows = Array.from({ length: 9 }, (_, index) => `row ${index}`);
  assert.equal(
    placeCues({ ...view, widthPx: 10_000 }, rows, 0, () => row(...many), { channel: "" }).length,
    CUES_MAX,
  );
});

test("cueAt() finds the cue under a point of its row, a little beside it too, and none elsewhere", () => {
  const view = { fromMs: 0, spanMs: 1_000_000, widthPx: 1_000 };
  const placedAt = (row: number, atMs: number) =>
    ({ row, cue: { atMs, durationMs: 1_000 }, roomPx: 100 }) as PlacedCue;
  const placed = [placedAt(0, 100_000), placedAt(1, 100_000), placedAt(1, 108_000)];
  assert.equal(cueAt(placed, view, 0, 98), placed[0]);
  assert.equal(cueAt(placed, view, 0, 112), placed[0]);
  assert.equal(cueAt(placed, view, 1, 109), placed[2]);
  assert.equal(cueAt(placed, view, 0, 90), undefined);
  assert.equal(cueAt(placed, view, 2, 100), undefined);
});
