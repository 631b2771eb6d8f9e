import assert from "node:assert/strict";
import { test } from "node:test";
import type { Interaction } from "../../shared/protocol/interaction.ts";
import { interactionSample } from "../../shared/protocol/interaction.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { advanceCursor } from "./cursor.ts";
import { choicesOf, type GivenAnswer, judgeAnswers } from "./judge.ts";

const AT_MS = 1_000_000;
const poll = interactionSample as Extract<Interaction, { type: "poll" }>;
const withRule = (rule: Partial<typeof poll.answer>): Interaction => ({
  ...poll,
  answer: { ...poll.answer, ...rule },
});
const given = (key: string, answeredAtMs: number, extra: Partial<GivenAnswer> = {}): GivenAnswer => ({
  key,
  interaction: poll.id,
  version: poll.version,
  options: ["a"],
  answeredAtMs,
  receivedAtMs: answeredAtMs,
  ...extra,
});
const judge = (answers: GivenAnswer[], interaction: Interaction = poll) =>
  Object.fromEntries(judgeAnswers(answers, () => ({ interaction, atMs: AT_MS })));

test("judgeAnswers() counts the earliest answer under `first`, ties by key, in whatever order they come", () => {
  const answers = [given("c", AT_MS + 5), given("b", AT_MS + 1), given("a", AT_MS + 1)];
  const expected = { a: "counted", b: "duplicate", c: "duplicate" };
  assert.deepEqual(judge(answers), expected);
  assert.deepEqual(judge([...answers].reverse()), expected);
});

test("judgeAnswers() counts the latest under `last`, and up to `most` under `many`", () => {
  const answers = [given("a", AT_MS + 1), given("b", AT_MS + 2), given("c", AT_MS + 3)];
  assert.deepEqual(judge(answers, withRule({ mode: "last" })), {
    a: "duplicate",
    b: "duplicate",
    c: "counted",
  });
  assert.deepEqual(judge(answers, withRule({ mode: "many", most: 2 })), {
    a: "counted",
    b: "counted",
    c: "duplicate",
  });
});

test("judgeAnswers() counts an answer from before the moment: the cue moved after a box had shown it", () => {
  const early = given("early", AT_MS - 900_000, { dueMs: AT_MS - 901_000 });
  assert.deepEqual(judge([early]), { early: "counted" });
  // It has its vote: the cue at its new moment gives this box no second one.
  assert.deepEqual(judge([given("again", AT_MS + 5), early]), { early: "counted", again: "duplicate" });
});

test("judgeAnswers() rejects an answer from before the cue fired, beyond what a box's clock may be off", () => {
  const early = given("early", AT_MS - 66_000, { dueMs: AT_MS });
  const ahead = given("ahead", AT_MS - 65_000, { dueMs: AT_MS });
  assert.deepEqual(judge([early, ahead]), { early: "rejected", ahead: "counted" });
});

test("judgeAnswers() calls late what was given after the close or came after the acceptance", () => {
  const { closeAfterMs, acceptAfterCloseMs } = poll.answer;
  const closeMs = AT_MS + closeAfterMs;
  assert.deepEqual(
    judge([
      given("in", closeMs),
      given("after", closeMs + 1),
      given("came", closeMs, { receivedAtMs: closeMs + acceptAfterCloseMs + 1 }),
    ]),
    { in: "counted", after: "late", came: "late" },
  );
});

test("judgeAnswers() counts the close from when the box showed it, and rejects what was given two days too early", () => {
  const afterClose = AT_MS + poll.answer.closeAfterMs + 1;
  const moved = given("moved", afterClose, { dueMs: AT_MS + 1 });
  assert.deepEqual(judge([moved]), { moved: "counted" });
  assert.deepEqual(judge([moved], { ...poll, type: "quiz" }), { moved: "late" });
  assert.deepEqual(judge([given("zero", AT_MS - 172_865_001), given("good", AT_MS)]), {
    zero: "rejected",
    good: "counted",
  });
});

test("judgeAnswers() leaves unknown what it has no facts of, and does not let it take the vote", () => {
  const verdicts = judgeAnswers([given("old", AT_MS, { version: 2 }), given("new", AT_MS + 1)], (answer) =>
    answer.version === poll.version ? { interaction: poll, atMs: AT_MS } : undefined,
  );
  assert.deepEqual(Object.fromEntries(verdicts), { old: "unknown", new: "counted" });
});

test("choicesOf() refuses what contradicts the interaction", () => {
  const rating = { ...poll, type: "rating", scale: 5 } as unknown as Interaction;
  const coupon = { ...poll, type: "coupon", code: "X" } as unknown as Interaction;
  const notice = { ...poll, type: "notice" } as unknown as Interaction;
  for (const [answer, interaction, expected] of [
    [{ options: ["a"] }, poll, ["a"]],
    [{ options: ["z"] }, poll, undefined],
    [{ options: ["a", "b"] }, poll, undefined],
    [{ options: ["a", "a"] }, { ...poll, choices: { least: 1, most: 2 } }, undefined],
    [{ options: undefined }, poll, undefined],
    [{ options: undefined, rating: 5 }, rating, ["5"]],
    [{ options: undefined, rating: 6 }, rating, undefined],
    [{ options: ["kept"] }, coupon, ["kept"]],
    [{ options: ["opened"] }, coupon, undefined],
    [{ options: ["a"] }, notice, undefined],
  ] as const) {
    assert.deepEqual(
      choicesOf(given("k", 1, answer as Partial<GivenAnswer>), interaction as Interaction),
      expected,
      JSON.stringify([answer, interaction.type]),
    );
  }
});

test("judgeAnswers() gives the same verdicts for every order of arrival", () => {
  const random = createSeededRandom(7);
  for (let round = 0; round < 200; round++) {
    const answers = Array.from({ length: 6 }, (_, index) =>
      given(`k${index}`, AT_MS + Math.floor(random() * 4)),
    );
    const shuffled = answers
      .map((answer) => ({ answer, by: random() }))
      .sort((a, b) => a.by - b.by)
      .map(({ answer }) => answer);
    for (const mode of ["first", "last", "many"] as const) {
      const interaction = withRule({ mode, most: 2 });
      const sorted = (found: object) => JSON.stringify(Object.entries(found).sort());
      assert.equal(
        sorted(judge(answers, interaction)),
        sorted(judge(shuffled, interaction)),
        `seed 7 ${round}`,
      );
    }
  }
});

test("advanceCursor() goes as far as nothing is missing, and jumps a gap only when it is shown twice", () => {
  const start = { taken: 3, gapFrom: undefined };
  assert.deepEqual(advanceCursor(start, [4, 5, 7]).cursor, { taken: 5, gapFrom: undefined });
  assert.deepEqual(advanceCursor(start, [1, 2, 3]).cursor, start);
  assert.deepEqual(advanceCursor(start, []).cursor, start);
  const gap = advanceCursor(start, [9, 10]);
  assert.deepEqual(gap, { cursor: { taken: 3, gapFrom: 9 } });
  assert.deepEqual(advanceCursor(gap.cursor, [9, 10]), {
    cursor: { taken: 10, gapFrom: undefined },
    jumped: { from: 4, until: 8 },
  });
  assert.deepEqual(advanceCursor(gap.cursor, [4, 5]).cursor, { taken: 5, gapFrom: undefined });
});
