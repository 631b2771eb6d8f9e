import assert from "node:assert/strict";
import { test } from "node:test";
import { type KeyState, keyStep } from "./keys.ts";
import { overlapsOf } from "./overlaps.ts";

const cue = (id: string, atMs: number, priority = 0) => ({
  ...{ id, placement: `of-${id}`, interaction: "int-1", version: 1, durationMs: 20, priority },
  ...{ atMs, kind: "instant" as const, onAir: true },
});
const cues = { c1: [cue("a", 100), cue("b", 300)], c2: [cue("c", 320)], c3: [] } as Record<
  string,
  ReturnType<typeof cue>[]
>;
const state = (more: Partial<KeyState> = {}): KeyState => ({
  view: { fromMs: 0, spanMs: 1_000, widthPx: 1_000 },
  ids: ["c1", "c2", "c3"],
  cursor: { channel: "c1" },
  rowsPerPage: 10,
  cuesOf: (channel) => cues[channel] ?? [],
  programmesOf: () => [{ id: "p", title: "P", startMs: 50, endMs: 250 }],
  isLoading: () => false,
  moving: undefined,
  ...more,
});
const press = (key: string, more: Partial<KeyState> = {}, held: object = {}) =>
  keyStep({ key, altKey: false, shiftKey: false, ctrlKey: false, metaKey: false, ...held }, state(more));

test("keyStep() goes from cue to cue, and pans where there is none", () => {
  assert.deepEqual(press("ArrowRight"), { kind: "select", channel: "c1", cue: "a", atMs: 100 });
  const onA = { cursor: { channel: "c1", cue: "a" } };
  assert.deepEqual(press("ArrowRight", onA), { kind: "select", channel: "c1", cue: "b", atMs: 300 });
  assert.deepEqual(press("ArrowLeft", onA), { kind: "pan", share: -0.25 });
});

test("keyStep() stays while the row is loading, and goes to what is there of it", () => {
  const loading = { isLoading: (channel: string) => channel === "c1" };
  assert.deepEqual(press("ArrowRight", { ...loading, cursor: { channel: "c1", cue: "b" } }), {
    kind: "wait",
  });
  assert.deepEqual(press("ArrowRight", loading), { kind: "select", channel: "c1", cue: "a", atMs: 100 });
  assert.deepEqual(press("ArrowRight", { ...loading, cursor: { channel: "c3" } }), {
    kind: "pan",
    share: 0.25,
  });
});

test("keyStep() goes to the nearest cue of the next channel, and to a channel without one", () => {
  const onB = { cursor: { channel: "c1", cue: "b" } };
  assert.deepEqual(press("ArrowDown", onB), { kind: "select", channel: "c2", cue: "c", atMs: 320 });
  assert.deepEqual(press("PageDown", onB), { kind: "select", channel: "c3" });
  assert.deepEqual(press("ArrowUp", onB), { kind: "select", channel: "c1", cue: "b", atMs: 300 });
});

test("keyStep() drags with Alt, and jumps to a programme's edge with Shift", () => {
  const onA = { cursor: { channel: "c1", cue: "a" } };
  assert.equal(press("ArrowRight", {}, { altKey: true }), undefined);
  assert.deepEqual(press("ArrowLeft", onA, { altKey: true, shiftKey: true }), {
    kind: "move",
    toMs: 50,
    exact: true,
  });
  assert.deepEqual(press("ArrowRight", { ...onA, moving: 260 }, { altKey: true, shiftKey: true }), undefined);
  assert.equal(press("k", {}, { ctrlKey: true }), undefined);
});

test("overlapsOf() names what is on the screen as a cue begins", () => {
  const found = overlapsOf([cue("late", 110), cue("first", 100), cue("free", 200)]);
  assert.deepEqual([...found], [["late", "of-first"]]);
});
