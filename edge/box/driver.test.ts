/** The box goes on, whatever one message or one part of the machine does. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDelay } from "./driver.ts";
import { runHeadlessBox } from "./main.headless.ts";
import { createLivingRoom, cue, EDGE, START_MS, schedule } from "./testing/living-room.ts";

const AT = START_MS + 600_000;
const CUE = "pl1:p1.0";

test("a 304 to what has no tag is a failed request, and asked again", () => {
  for (const path of ["/v1/time", "/v1/interactions/int-42", "/v1/airings", "/v1/answers"]) {
    const room = createLivingRoom({ cues: [cue()] });
    room.special[path] = ({ atMs }) => (atMs < AT - 60_000 ? { status: 304 } : undefined);
    room.until(AT + 5_000);
    room.answer(CUE, { options: ["a"] });
    room.until(AT + 90_000);
    assert.deepEqual(room.shown(), [CUE], path);
    assert.equal(room.sent("answers").length, 1, path);
  }
});

test("a 304 to airings or answers receipts nothing", () => {
  const room = createLivingRoom({ cues: [cue()] });
  const spoilt = () => (room.trueMs() < AT + 60_000 ? { status: 304 } : undefined);
  room.special["/v1/airings"] = spoilt;
  room.special["/v1/answers"] = spoilt;
  room.until(AT + 5_000);
  room.answer(CUE, { options: ["a"] });
  room.until(AT + 50_000);
  assert.equal(room.box.state().answers.length, 1);
  room.until(AT + 240_000);
  assert.equal(room.box.state().answers.length + room.box.state().airings.length, 0);
});

test("what a port has read already is taken for the text, and checked like it", () => {
  const cases: [unknown, string[]][] = [
    [schedule([cue()]), [CUE]],
    [schedule([cue({ atMs: -1 })]), []],
  ];
  for (const [content, shown] of cases) {
    const room = createLivingRoom();
    room.special["/v1/channels/cctv1/schedule"] = () => ({ status: 200, content });
    room.until(AT + 5_000);
    assert.deepEqual(room.shown(), shown);
  }
});

test("a listener that throws costs nothing but what it was told", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.happened.push = () => {
    throw new Error("a bug of the page");
  };
  room.until(AT + 60_000);
  assert.deepEqual(room.shown(), [CUE]);
});

test("a picture that is said to be later than a minute cannot be", () => {
  for (const delayMs of [1e9, Number.POSITIVE_INFINITY, Number.NaN, -60_001]) assert.ok(!isDelay(delayMs));
  for (const delayMs of [0, -60_000, 60_000]) assert.ok(isDelay(delayMs));
  const options = { box: "b", edges: [EDGE], channel: "c", dataDir: "nowhere", autoAnswer: false };
  assert.throws(
    () => runHeadlessBox({ ...options, presentationDelayMs: 1e9 } as never),
    /presentationDelayMs/,
  );
});
