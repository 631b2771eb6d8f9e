import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../../shared/protocol/answers.ts";
import { type Interaction, interactionSample } from "../../../shared/protocol/interaction.ts";
import { judgeAnswer, UNKNOWN_KEPT_MS } from "./judge-answer.ts";
import { nowSpan } from "./now-span.ts";

const AT = 1_795_431_900_000;
const poll = interactionSample;
const common = {
  ...{ id: "i", version: 1, durationMs: 20_000, clockToleranceMs: 2_000, defaultLanguage: "en", texts: {} },
};
const rule = { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 86_400_000 } as const;
const rating: Interaction = { ...common, type: "rating", scale: 5, answer: rule };
const coupon: Interaction = { ...common, type: "coupon", code: "X", answer: rule };
const link: Interaction = { ...common, type: "link", url: "https://example.org/", answer: rule };
const notice: Interaction = { ...common, type: "notice" };
const two: Interaction = {
  ...common,
  ...{ type: "quiz", options: ["a", "b", "c"], choices: { least: 2, most: 2 }, answer: rule },
};

const answer = (more: Partial<Answer>): Answer => ({
  key: "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d",
  ...{ cue: "pl7:p1.0", interaction: "int-42", version: 3, answeredAtMs: AT + 1000, ...more },
});

const at = (nowMs: number) => nowSpan(nowMs, undefined);

test("judgeAnswer() takes, rejects and finds late as WIRE.md says", () => {
  const now = AT + 2_000;
  const close = AT + 60_000;
  const cases: [string, Interaction, Partial<Answer>, number, string][] = [
    ["an option", poll, { options: ["a"] }, now, "accepted"],
    ["5,000 ms ahead", poll, { options: ["a"], answeredAtMs: now + 5_000 }, now, "accepted"],
    ["5,001 ms ahead", poll, { options: ["a"], answeredAtMs: now + 5_001 }, now, "rejected"],
    [
      "a box's clock is off by five seconds, and its picture a minute ahead",
      poll,
      { options: ["a"], answeredAtMs: AT - 65_000, dueMs: AT },
      now,
      "accepted",
    ],
    ["before the moment", poll, { options: ["a"], answeredAtMs: AT - 65_001, dueMs: AT }, now, "rejected"],
    // By WIRE.md alone: where the box showed it is not told.
    [
      "before the moment, of an older box",
      poll,
      { options: ["a"], answeredAtMs: AT - 5_001 },
      now,
      "accepted",
    ],
    ["at the beginning of time", poll, { options: ["a"], answeredAtMs: 0 }, now, "rejected"],
    // An overrun moved the cue after a box that did not know of it yet had shown it: the viewer's vote stands.
    [
      "half an hour before the moment, when it was shown",
      poll,
      { options: ["a"], answeredAtMs: AT - 1_800_000, dueMs: AT - 1_810_000 },
      now,
      "accepted",
    ],
    [
      "over two days before the moment",
      poll,
      { options: ["a"], answeredAtMs: AT - 172_865_001, dueMs: AT - 172_865_001 },
      now,
      "rejected",
    ],
    // The cue was moved to earlier while the box was offline.
    [
      "after the close, in time by when it was shown",
      poll,
      { options: ["a"], answeredAtMs: close + 1, dueMs: AT + 1 },
      close + 1,
      "accepted",
    ],
    [
      "after the close by when it was shown",
      poll,
      { options: ["a"], answeredAtMs: close + 2, dueMs: AT + 1 },
      close + 2,
      "late",
    ],
    [
      "the same in a quiz, whose solution is out",
      { ...poll, type: "quiz" } as Interaction,
      { options: ["a"], answeredAtMs: close + 1, dueMs: AT + 1 },
      close + 1,
      "late",
    ],
    ["at the close", poll, { options: ["a"], answeredAtMs: close }, close + 1, "accepted"],
    ["after the close", poll, { options: ["a"], answeredAtMs: close + 1 }, close + 1, "late"],
    ["at the end of acceptance", poll, { options: ["a"] }, close + 86_400_000, "accepted"],
    ["after the acceptance", poll, { options: ["a"] }, close + 86_400_001, "late"],
    ["an unknown option", poll, { options: ["z"] }, now, "rejected"],
    ["no option", poll, {}, now, "rejected"],
    ["too many options", poll, { options: ["a", "b"] }, now, "rejected"],
    ["a rating for a poll", poll, { options: ["a"], rating: 1 }, now, "rejected"],
    ["two options", two, { options: ["a", "c"] }, now, "accepted"],
    ["one option of two", two, { options: ["a"] }, now, "rejected"],
    ["an option twice", two, { options: ["a", "a"] }, now, "rejected"],
    ["a rating", rating, { rating: 5 }, now, "accepted"],
    ["a rating off the scale", rating, { rating: 6 }, now, "rejected"],
    ["no rating", rating, {}, now, "rejected"],
    ["options for a rating", rating, { options: ["a"], rating: 5 }, now, "rejected"],
    ["kept", coupon, { options: ["kept"] }, now, "accepted"],
    ["opened for a coupon", coupon, { options: ["opened"] }, now, "rejected"],
    ["opened", link, { options: ["opened"] }, now, "accepted"],
    ["kept and opened", link, { options: ["opened", "kept"] }, now, "rejected"],
    ["an answer to a notice", notice, { options: ["a"] }, now, "rejected"],
  ];
  for (const [name, interaction, more, nowMs, status] of cases) {
    const judged = judgeAnswer(answer(more), { atMs: AT }, interaction, at(nowMs));
    assert.equal(judged.status, status, name);
    if (judged.status !== "accepted") assert.ok(judged.reason.length > 5, name);
    assert.equal(judged.forgetMs, interaction.type === "notice" ? now + UNKNOWN_KEPT_MS : close + 86_400_000);
  }
});

test("judgeAnswer() takes an answer from a little ahead as given now", () => {
  const judged = judgeAnswer(
    answer({ options: ["a"], answeredAtMs: AT + 9_000 }),
    { atMs: AT },
    poll,
    at(AT + 5_000),
  );
  assert.ok(judged.status === "accepted");
  assert.equal(judged.answeredAtMs, AT + 5_000);
});

test("judgeAnswer() refuses for its time only what two clocks that disagree refuse both", () => {
  const given = answer({ options: ["a"], answeredAtMs: AT + 5_000 });
  const hour = 3_600_000;
  const close = AT + 60_000 + 86_400_000;
  // This edge's clock, central's minus that one, what becomes of it, and which receipt central is told.
  for (const [ownMs, offsetMs, status, receivedAtMs] of [
    [AT + 6_000 - 2 * hour, 2 * hour, "accepted", AT + 5_000],
    [AT + 6_000 + 1_000 * hour, -1_000 * hour, "accepted", AT + 6_000],
    [AT + 6_000, 2 * hour, "accepted", AT + 6_000],
    [AT - 2 * hour, hour, "rejected", undefined],
    [close + 2 * hour, -hour, "late", undefined],
  ] as const) {
    const now = nowSpan(ownMs, { offsetMs, errorMs: 20 });
    const judged = judgeAnswer(given, { atMs: AT }, poll, now);
    assert.equal(judged.status, status, `${ownMs - AT} ${offsetMs}`);
    assert.equal("receivedAtMs" in judged ? judged.receivedAtMs : undefined, receivedAtMs);
  }
});

test("nowSpan() is an instant while clocks agree within half a second and the error of the measurement", () => {
  assert.deepEqual(nowSpan(AT, undefined), { fromMs: AT, toMs: AT });
  assert.deepEqual(nowSpan(AT, { offsetMs: 520, errorMs: 20 }), { fromMs: AT, toMs: AT });
  assert.deepEqual(nowSpan(AT, { offsetMs: 521, errorMs: 20 }), { fromMs: AT, toMs: AT + 521 });
  assert.deepEqual(nowSpan(AT, { offsetMs: -521, errorMs: 20 }), { fromMs: AT - 521, toMs: AT });
});

test("judgeAnswer() never rejects what it does not know, and leaves it to central", () => {
  for (const [cue, interaction] of [
    [undefined, poll],
    [{ atMs: AT }, undefined],
    [undefined, undefined],
  ] as const) {
    const judged = judgeAnswer(
      answer({ options: ["zzz"], answeredAtMs: AT - 9e9 }),
      cue,
      interaction,
      at(AT),
    );
    assert.ok(judged.status === "accepted");
    assert.equal(judged.rule, undefined);
  }
});
