import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTimes } from "../../../shared/protocol/answer-times.ts";
import type { Answer } from "../../../shared/protocol/answers.ts";
import { type Interaction, interactionSample } from "../../../shared/protocol/interaction.ts";
import { createLivingRoom, cue, START_MS, schedule } from "../testing/living-room.ts";
import type { AnswerChoice } from "./state.ts";

const AT = START_MS + 600_000;
const CUE = "pl1:p1.0";
const RESULTS = "/v1/cues/pl1%3Ap1.0/results";

function withInteraction(fields: Record<string, unknown>) {
  const room = createLivingRoom({ cues: [cue()] });
  room.interactions["int-42@3"] = { ...interactionSample, ...fields } as Interaction;
  room.until(AT + 1_000);
  return room;
}

const tallies = (fields: Record<string, unknown> = {}) => ({
  status: 200,
  body: {
    cue: CUE,
    interaction: "int-42",
    version: 3,
    scope: "edge",
    closed: false,
    total: 3,
    options: { a: 2, b: 1 },
    asOfMs: AT,
    refreshMs: 5_000,
    ...fields,
  },
});

test("an interaction leaves by itself after its duration", () => {
  const room = withInteraction({ durationMs: 20_000 });
  room.until(AT + 30_000);
  assert.ok(Math.abs((room.hidden(CUE) as number) - AT - 20_000) <= 20);
});

test("a dismissed one leaves at once and does not come back", () => {
  const room = withInteraction({});
  room.events.dismissed(CUE);
  assert.equal(room.hidden(CUE), AT + 1_000);
  room.advance(100_000);
  assert.deepEqual(room.shown(), [CUE]);
});

test("takeAnswer() takes what fits the interaction and nothing else", () => {
  const poll = { type: "poll", options: ["a", "b", "c"], choices: { least: 1, most: 2 } };
  const cases: [Record<string, unknown>, AnswerChoice, boolean][] = [
    [poll, { options: ["a"] }, true],
    [poll, { options: ["a", "c"] }, true],
    [poll, { options: ["a", "b", "c"] }, false],
    [poll, { options: [] }, false],
    [poll, { options: ["z"] }, false],
    [poll, { options: ["a", "a"] }, false],
    [poll, { rating: 1 }, false],
    [{ type: "rating", scale: 5 }, { rating: 5 }, true],
    [{ type: "rating", scale: 5 }, { rating: 6 }, false],
    [{ type: "rating", scale: 5 }, { rating: 0 }, false],
    [{ type: "rating", scale: 5 }, { rating: 1.5 }, false],
    [{ type: "coupon", code: "X" }, { options: ["kept"] }, true],
    [{ type: "coupon", code: "X" }, { options: ["opened"] }, false],
    [{ type: "link", url: "https://x.example/" }, { options: ["opened"] }, true],
    [{ type: "notice" }, { options: ["a"] }, false],
  ];
  for (const [fields, choice, taken] of cases) {
    const room = withInteraction(fields);
    room.answer(CUE, choice);
    room.advance(5_000);
    assert.equal(room.sent("answers").length, taken ? 1 : 0, JSON.stringify([fields, choice]));
  }
});

test("`first` takes one answer, `last` every change, `many` as many as it says", () => {
  for (const [rule, counted] of [
    [{ mode: "first" }, 1],
    [{ mode: "last" }, 4],
    [{ mode: "many", most: 3 }, 3],
    [{ mode: "many" }, 1],
  ] as const) {
    const answer = { closeAfterMs: 60_000, acceptAfterCloseMs: 1_000, ...rule };
    const room = withInteraction({ answer, results: "never" });
    for (let at = 0; at < 4; at++) {
      room.answer(CUE, { options: [at % 2 ? "a" : "b"] });
      room.advance(500);
    }
    room.advance(10_000);
    assert.equal(room.sent("answers").length, counted, JSON.stringify(rule));
  }
});

test("what may be changed or added to is answered again under the results, until the close", () => {
  for (const [rule, counted] of [
    [{ mode: "first" }, 1],
    [{ mode: "last" }, 2],
    [{ mode: "many", most: 2 }, 2],
  ] as const) {
    const answer = { closeAfterMs: 30_000, acceptAfterCloseMs: 1_000, ...rule };
    const room = withInteraction({ answer, results: "after-answer", durationMs: 60_000 });
    room.special[RESULTS] = () => tallies();
    room.answer(CUE, { options: ["a"] });
    room.until(AT + 8_000);
    assert.equal(room.view()?.phase, "results");
    assert.equal(room.view()?.answerable, counted > 1, rule.mode);
    room.answer(CUE, { options: ["b"] });
    room.advance(10);
    // Thanked for again, the tallies still there, then tallies anew.
    assert.equal(room.view()?.phase, counted > 1 ? "answered" : "results", rule.mode);
    assert.ok(room.view()?.results);
    assert.deepEqual(room.view()?.choice, { options: [counted > 1 ? "b" : "a"] });
    room.until(AT + 29_000);
    assert.equal(room.view()?.phase, "results");
    assert.equal(room.sent("answers").length, counted, rule.mode);
    room.until(AT + 30_010);
    assert.equal(room.view()?.answerable, false, "the screen says so at the close");
    room.answer(CUE, { options: ["a"] });
    room.until(AT + 60_000);
    assert.equal(room.sent("answers").length, counted, rule.mode);
  }
});

test("answers close with the cue's time, and the screen says so", () => {
  const answer = { mode: "first", closeAfterMs: 10_000, acceptAfterCloseMs: 1_000 };
  const room = withInteraction({ answer, results: "never" });
  room.until(AT + 10_100);
  assert.equal(room.view()?.phase, "closed");
  room.answer(CUE, { options: ["a"] });
  room.advance(10_000);
  assert.deepEqual(room.sent("answers"), []);
  assert.ok(Math.abs((room.hidden(CUE) as number) - AT - 14_000) < 100);
});

test("the thank-you stays four seconds when there is nothing more to see", () => {
  const room = withInteraction({ results: "never" });
  room.answer(CUE, { options: ["a"] });
  assert.equal(room.view()?.phase, "answered");
  room.advance(10_000);
  assert.equal(room.hidden(CUE), AT + 5_000);
});

test("results after the answer are asked after it, shown, and refreshed while they stand", () => {
  const room = withInteraction({ results: "after-answer" });
  room.special[RESULTS] = () => tallies();
  room.advance(5_000);
  assert.deepEqual(room.to(RESULTS), []);
  room.answer(CUE, { options: ["a"] });
  room.advance(4_500);
  assert.equal(room.view()?.phase, "results");
  assert.deepEqual(room.view()?.results?.options, { a: 2, b: 1 });
  room.advance(60_000);
  assert.ok(room.to(RESULTS).length >= 2);
  const last = room.to(RESULTS).slice(-1)[0]?.atMs as number;
  assert.ok(last <= (room.hidden(CUE) as number));
});

test("a quiz says right or wrong after the close, while it stands", () => {
  const answer = { mode: "first", closeAfterMs: 15_000, acceptAfterCloseMs: 1_000 };
  const room = withInteraction({ type: "quiz", answer, results: "after-close", durationMs: 12_000 });
  room.special[RESULTS] = () => tallies({ closed: true, correct: ["b"] });
  room.answer(CUE, { options: ["b"] });
  room.until(AT + 14_900);
  assert.deepEqual(room.to(RESULTS), []);
  room.until(AT + 17_100);
  assert.equal(room.view()?.phase, "results");
  assert.deepEqual(room.view()?.results?.correct, ["b"]);
  room.advance(60_000);
  assert.equal(room.to(RESULTS).length, 1);
});

test("results that come long after the screen is free are shown for a moment, on that channel only", () => {
  const answer = { mode: "first", closeAfterMs: 120_000, acceptAfterCloseMs: 1_000 };
  for (const away of [false, true]) {
    const room = withInteraction({ type: "quiz", answer, results: "after-close" });
    room.schedules.cctv2 = schedule([], { channel: "cctv2" });
    room.special[RESULTS] = () => tallies({ closed: true, correct: ["a"] });
    room.answer(CUE, { options: ["a"] });
    room.until(AT + 60_000);
    assert.ok(room.hidden(CUE));
    if (away) room.box.tune("cctv2");
    room.until(AT + 180_000);
    const results = room.seen.filter((one) => one.view?.phase === "results");
    assert.equal(results.length, away ? 0 : 1);
  }
});

test("results that come while another cue is on the screen are shown after it, unless that is too late", () => {
  const answer = { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 1_000 };
  for (const [durationMs, expected] of [
    [30_000, true],
    [90_000, false],
  ] as const) {
    const next = cue({ id: "pl2:x", interaction: "int-2", version: 1, atMs: AT + 45_000 });
    const room = createLivingRoom({ cues: [cue(), next] });
    const quiz = { ...interactionSample, type: "quiz", answer, results: "after-close", durationMs: 20_000 };
    room.interactions["int-42@3"] = quiz as Interaction;
    room.interactions["int-2@1"] = {
      ...{ ...interactionSample, id: "int-2", version: 1, durationMs, results: "never" },
      answer: { ...answer, closeAfterMs: 300_000 },
    } as Interaction;
    room.special[RESULTS] = () => tallies({ closed: true, correct: ["a"] });
    room.until(AT + 1_000);
    room.answer(CUE, { options: ["a"] });
    room.until(AT + 65_000);
    assert.equal(room.to(RESULTS).length, 1);
    assert.equal(room.view()?.cue, "pl2:x");
    room.until(AT + 200_000);
    const results = room.seen.filter(({ cue: id, view }) => id === CUE && view?.phase === "results");
    assert.equal(results.length, expected ? 1 : 0, String(durationMs));
    if (expected) assert.ok(Math.abs((results[0]?.atMs as number) - AT - 75_000) < 100);
    assert.equal(room.box.state().awaiting.length, 0);
  }
});

test("an answered quiz that a more important cue replaces tells right or wrong once the screen is free", () => {
  const answer = { mode: "first", closeAfterMs: 40_000, acceptAfterCloseMs: 1_000 };
  for (const closed of [false, true]) {
    const next = cue({ id: "pl2:x", interaction: "int-2", version: 1, atMs: AT + 5_000, priority: 9 });
    const room = createLivingRoom({ cues: [cue(), next] });
    const quiz = { ...interactionSample, type: "quiz", answer, results: "after-close", durationMs: 60_000 };
    room.interactions["int-42@3"] = quiz as Interaction;
    room.interactions["int-2@1"] = {
      ...{ ...interactionSample, id: "int-2", version: 1, type: "notice", durationMs: 10_000 },
    } as Interaction;
    room.special[RESULTS] = () => tallies({ closed: true, correct: ["a"] });
    room.until(AT + 1_000);
    room.answer(CUE, { options: ["a"] });
    if (closed) room.events.dismissed(CUE);
    room.until(AT + 120_000);
    const results = room.seen.filter(({ cue: id, view }) => id === CUE && view?.phase === "results");
    // Whoever closed it wants no more of it.
    assert.equal(results.length, closed ? 0 : 1);
    if (!closed) assert.ok((results[0]?.atMs as number) >= AT + 40_000);
  }
});

test("results under which the vote may still be changed keep a less important cue away; others yield", () => {
  for (const mode of ["last", "first"] as const) {
    const next = cue({
      id: "pl2:x",
      interaction: "int-2",
      version: 1,
      atMs: AT + 9_000,
      untilMs: AT + 10_000,
    });
    const room = createLivingRoom({ cues: [cue({ priority: 9 }), { ...next, priority: -5 }] });
    const answer = { mode, closeAfterMs: 60_000, acceptAfterCloseMs: 1_000 };
    const poll = { ...interactionSample, answer, results: "after-answer", durationMs: 40_000 };
    room.interactions["int-42@3"] = poll as Interaction;
    room.interactions["int-2@1"] = { ...interactionSample, id: "int-2", version: 1 } as Interaction;
    room.special[RESULTS] = () => tallies({ closed: false });
    room.until(AT + 1_000);
    room.answer(CUE, { options: ["a"] });
    room.until(AT + 8_500);
    assert.equal(room.view()?.phase, "results");
    room.until(AT + 9_500);
    assert.equal(room.view()?.cue, mode === "last" ? CUE : "pl2:x");
    room.until(AT + 60_000);
    const told = room.airings().filter(({ cue: id }) => id === "pl2:x");
    assert.deepEqual(
      told.map(({ outcome, reason }) => [outcome, reason]),
      [mode === "last" ? ["suppressed", "overlap"] : ["shown", undefined]],
    );
  }
});

test("a picture that comes late takes nothing from the time to answer; a quiz closes for all at once", () => {
  const answer = { mode: "first", closeAfterMs: 20_000, acceptAfterCloseMs: 60_000 };
  for (const type of ["poll", "quiz"] as const) {
    const room = createLivingRoom({ cues: [cue()], presentationDelayMs: 30_000 });
    room.interactions["int-42@3"] = { ...interactionSample, type, answer, results: "never" } as Interaction;
    room.until(AT + 32_000);
    assert.equal(room.view()?.phase, type === "quiz" ? "closed" : "open");
    room.answer(CUE, { options: ["a"] });
    room.until(AT + 120_000);
    const [sent] = room.sent("answers") as Answer[];
    if (type === "quiz") assert.equal(sent, undefined);
    else {
      // The edge counts the close from there, too.
      assert.equal(sent?.dueMs, AT + 30_000);
      const times = answerTimes(sent, AT, room.interactions["int-42@3"]);
      assert.ok(times && sent.answeredAtMs >= times.opensMs && sent.answeredAtMs <= times.closesMs);
    }
  }
});

test("a screen that breaks loses its showing, not the box, and the airing says so", () => {
  const room = createLivingRoom({ cues: [cue(), cue({ id: "pl2:x", atMs: AT + 100_000 })] });
  room.screenBroken = true;
  room.until(AT + 50_000);
  const [airing] = room.airings();
  assert.deepEqual([airing?.outcome, airing?.reason], ["missed", "screen"]);
  room.screenBroken = false;
  room.until(AT + 110_000);
  assert.deepEqual(room.shown(), ["pl2:x"]);
});
