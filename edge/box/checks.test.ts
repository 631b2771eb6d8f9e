import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { airingsReplySample, airingsReplySchema } from "../../shared/protocol/airings.ts";
import { receiptsSample, receiptsSchema } from "../../shared/protocol/answers.ts";
import { interactionSample, interactionSchema } from "../../shared/protocol/interaction.ts";
import { lineUpSample, lineUpSchema } from "../../shared/protocol/line-up.ts";
import { resultsSample, resultsSchema } from "../../shared/protocol/results.ts";
import { scheduleSample, scheduleSchema } from "../../shared/protocol/schedule.ts";
import { timeSample, timeSchema } from "../../shared/protocol/time.ts";
import { isEntry, isMessage } from "./checks.ts";
import type { TaskKind } from "./core/state.ts";
import { encodeRecord } from "./record.ts";
import { createLivingRoom, cue, EDGE, START_MS } from "./testing/living-room.ts";

const answer = { mode: "first", closeAfterMs: 1, acceptAfterCloseMs: 1 };
const {
  options: _o,
  choices: _c,
  answer: _a,
  ...bare
} = interactionSample as never as Record<string, unknown>;
const SAMPLES: [TaskKind, unknown, v.GenericSchema][] = [
  ["time", timeSample, timeSchema],
  ["line-up", lineUpSample, lineUpSchema],
  ["schedule", scheduleSample, scheduleSchema],
  ["interaction", interactionSample, interactionSchema],
  ["interaction", { ...bare, type: "notice" }, interactionSchema],
  ["interaction", { ...bare, type: "rating", scale: 5, answer }, interactionSchema],
  ["interaction", { ...bare, type: "coupon", code: "X", answer }, interactionSchema],
  ["interaction", { ...bare, type: "link", url: "https://x.example/a", answer }, interactionSchema],
  ["results", resultsSample, resultsSchema],
  ["answers", receiptsSample, receiptsSchema],
  ["airings", airingsReplySample, airingsReplySchema],
];

/** Every value inside another, with a way to put something else in its place. */
function* places(value: unknown): Generator<(put: unknown) => unknown> {
  if (typeof value !== "object" || value === null) return;
  for (const key of Object.keys(value)) {
    const whole = value as Record<string, unknown>;
    const change = (put: unknown): unknown => {
      const copy = (Array.isArray(whole) ? whole.slice() : { ...whole }) as Record<string, unknown>;
      if (put === undefined) delete copy[key];
      else copy[key] = put;
      return copy;
    };
    yield change;
    for (const inner of places(whole[key])) yield (put) => change(inner(put));
  }
}

test("isMessage() takes every sample of the wire", () => {
  for (const [kind, sample, schema] of SAMPLES) {
    assert.ok(v.safeParse(schema, sample).success, kind);
    assert.ok(isMessage(kind, sample), kind);
  }
});

test("isMessage() takes whatever the wire's schemas take, and ignores unknown fields", () => {
  for (const [kind, sample, schema] of SAMPLES) {
    assert.ok(isMessage(kind, { ...(sample as object), later: { x: 1 } }), kind);
    for (const change of places(sample)) {
      for (const put of [undefined, null, "x", "", 0, 1, -1, 0.5, {}, true, "https://a.example/"]) {
        const changed = change(put);
        if (v.safeParse(schema, changed).success) {
          assert.ok(isMessage(kind, changed), `${kind} refuses ${JSON.stringify(changed)}`);
        }
      }
    }
  }
});

test("isMessage() refuses what the core would stumble over", () => {
  const wrong: [TaskKind, unknown][] = [
    ["time", { timeMs: "1" }],
    ["time", { timeMs: Number.NaN }],
    ["schedule", { ...scheduleSample, cues: {} }],
    ["schedule", { ...scheduleSample, cues: [null] }],
    ["schedule", { ...scheduleSample, refreshMs: -1 }],
    ["schedule", { ...scheduleSample, cues: [cue(), cue()] }],
    ["schedule", { ...scheduleSample, cues: [cue({ atMs: 2, untilMs: 1 })] }],
    ["interaction", { ...interactionSample, type: "hologram" }],
    ["interaction", { ...interactionSample, type: "constructor" }],
    ["interaction", { ...interactionSample, answer: undefined }],
    ["interaction", { ...interactionSample, texts: [] }],
    ["interaction", { ...bare, type: "link", url: "javascript:alert(1)", answer }],
    ["results", { ...resultsSample, options: { a: "many" } }],
    ["answers", { receipts: [{ key: "x", status: "fine" }] }],
  ];
  for (const [kind, value] of wrong) assert.equal(isMessage(kind, value), false, JSON.stringify(value));
});

test("isEntry() refuses an entry of the wrong shape and leaves those of later versions alone", () => {
  assert.ok(isEntry("schedule/cctv1", { schedule: scheduleSample, etag: null }));
  assert.equal(isEntry("schedule/cctv1", { schedule: { ...scheduleSample, cues: 1 } }), false);
  assert.equal(
    isEntry("interaction/int-42@3", { interaction: { ...interactionSample, type: "hologram" } }),
    false,
  );
  assert.equal(isEntry("line-up", null), false);
  assert.ok(isEntry("constructor/x", 1));
  assert.ok(isEntry("something-new/x", "anything"));
});

test("isEntry() refuses what no release wrote under that key, though its checksum is right", () => {
  const answer = { key: "k", cue: "pl1:p1.0", interaction: "i", version: 1, answeredAtMs: 1 };
  const airing = { ...answer, outcome: "shown", dueMs: 1 };
  const right: [string, unknown][] = [
    ["secret", [1, -2, 3, 4]],
    ["clock", { aheadMs: -5, errorMs: 1, edgeMs: 1, rate: 1e-5, rateError: 1e-5 }],
    ["fired/pl1:p1.0", { atMs: 1, markedMs: 1 }],
    ["answer/k", answer],
    ["airing/k", airing],
    ["fired/pl1:p1.0", { atMs: 1, markedMs: 1, interaction: "i", version: 3 }],
  ];
  for (const [key, value] of right) assert.ok(isEntry(key, value), key);
  const lacks: [string, object][] = [
    ["clock", { aheadMs: -5, edgeMs: 1 }],
    ["clock", { aheadMs: -5, errorMs: -1, edgeMs: 1 }],
    ["fired/pl1:p1.0", { markedMs: 1 }],
    ["fired/pl1:p1.0", { atMs: 1, markedMs: 1, interaction: {}, version: 3 }],
    ["answer/k", { ...answer, answeredAtMs: "now" }],
    ["answer/k", { ...answer, interaction: null }],
    ["airing/k", { ...airing, outcome: undefined }],
    ["airing/k", { ...airing, dueMs: 0.5 }],
  ];
  for (const [key, value] of lacks) assert.equal(isEntry(key, value), false, JSON.stringify(value));
  for (const [key] of right) {
    for (const value of [null, 1, "x", { key: 1, markedMs: "1" }])
      assert.equal(isEntry(key, value), false, `${key} ${JSON.stringify(value)}`);
  }
});

test("isEntry() refuses what stands under the key of something else", () => {
  const answer = { key: "k", cue: "pl1:p1.0", interaction: "i", version: 1, answeredAtMs: 1 };
  const interaction = { interaction: interactionSample, usedMs: 1, heldMs: 1 };
  const cases: [string, string, unknown][] = [
    ["schedule/cctv1", "schedule/cctv2", { schedule: { ...scheduleSample, channel: "cctv1" }, etag: null }],
    ["interaction/int-42@3", "interaction/int-42@4", interaction],
    ["interaction/int-42@3", "interaction/int-4@3", interaction],
    ["answer/k", "answer/l", answer],
    ["airing/k", "airing/kk", { ...answer, outcome: "shown", dueMs: 1 }],
  ];
  for (const [right, wrong, value] of cases) {
    assert.ok(isEntry(right, value), right);
    assert.equal(isEntry(wrong, value), false, wrong);
  }
});

test("a stored schedule under another channel's key is dropped, and nothing of it appears there", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(START_MS + 400_000);
  room.flash.texts["schedule/cctv2"] = room.flash.texts["schedule/cctv1"] as string;
  room.broken[EDGE] = "refused";
  room.reboot(1_000);
  room.box.tune("cctv2");
  room.until(START_MS + 660_000);
  assert.deepEqual(room.shown(), []);
  assert.ok(!("schedule/cctv2" in room.flash.texts));
});

test("a box starts, and fires, whatever its entries hold", () => {
  const keys = ["secret", "clock", "line-up", "schedule/cctv1", "fired/x", "answer/k1", "airing/k1"];
  for (const [key, content] of keys.flatMap((one) =>
    [null, {}, [], 1].map((wrong) => [one, wrong] as const),
  )) {
    const room = createLivingRoom({ cues: [cue()] });
    room.advance(1_000);
    room.flash.texts[key] = encodeRecord(content);
    room.reboot(1_000);
    room.until(START_MS + 610_000);
    assert.deepEqual(room.shown(), ["pl1:p1.0"], key);
  }
});
