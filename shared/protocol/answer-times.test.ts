import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTimes } from "./answer-times.ts";
import { type Interaction, interactionSample } from "./interaction.ts";

const AT = 1_795_431_900_000;
const HOUR = 3_600_000;
const poll = {
  ...(interactionSample as Extract<Interaction, { type: "poll" }>),
  answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 86_400_000 },
} as const satisfies Interaction;
const quiz: Interaction = { ...poll, type: "quiz" };

test("answerTimes() counts the close from the moment the cue was shown by, when that is later, up to two hours", () => {
  const cases: [string, Interaction, number | undefined, number][] = [
    ["not told", poll, undefined, AT],
    ["the published moment", poll, AT, AT],
    ["an earlier one", poll, AT - 1, AT],
    ["a later one", poll, AT + 1, AT + 1],
    ["two hours later", poll, AT + 2 * HOUR, AT + 2 * HOUR],
    ["more than that", poll, AT + 2 * HOUR + 1, AT],
    ["the end of time", poll, Number.MAX_SAFE_INTEGER, AT],
    ["later, in a quiz", quiz, AT + 1, AT],
  ];
  for (const [what, interaction, dueMs, from] of cases) {
    const times = answerTimes({ dueMs }, AT, interaction);
    assert.equal(times?.closesMs, from + 60_000, what);
    assert.equal(times?.acceptsUntilMs, AT + 60_000 + 86_400_000, what);
  }
});

test("answerTimes() opens when the cue can have been shown, but for what a box's clock may be off", () => {
  const cases: [string, Interaction, number | undefined, number][] = [
    ["not told", poll, undefined, AT - 48 * HOUR - 65_000],
    ["the published moment", poll, AT, AT - 65_000],
    ["a large tolerance", { ...poll, clockToleranceMs: 9_000 }, AT, AT - 69_000],
    ["shown an hour before", poll, AT - HOUR, AT - HOUR - 65_000],
    ["an hour before, in a quiz", quiz, AT - HOUR, AT - HOUR - 65_000],
    ["shown later", poll, AT + HOUR, AT - 65_000],
    ["before any schedule that a box holds", poll, AT - 49 * HOUR, AT - 48 * HOUR - 65_000],
    ["the beginning of time", poll, 0, AT - 48 * HOUR - 65_000],
  ];
  for (const [what, interaction, dueMs, opensMs] of cases) {
    assert.equal(answerTimes({ dueMs }, AT, interaction)?.opensMs, opensMs, what);
  }
});

test("answerTimes() has none for what takes no answer", () => {
  assert.equal(answerTimes({}, AT, { ...poll, type: "notice" } as unknown as Interaction), undefined);
});
