import assert from "node:assert/strict";
import { test } from "node:test";
import { compareUnits, merge, suggestion } from "./merge.ts";

const base = {
  interaction: { durationMs: 1, texts: { en: { title: "A" }, zh: { title: "甲" } } },
  correct: ["a"],
};
const mine = {
  interaction: { durationMs: 2, texts: { en: { title: "Mine" }, zh: { title: "甲" } } },
  correct: ["a"],
};
const theirs = {
  interaction: { durationMs: 1, texts: { en: { title: "Theirs" }, zh: { title: "乙" }, fr: {} } },
};

test("compareUnits() tells what differs, and clashes only where both changed the same unit", () => {
  const units = compareUnits(base, mine, theirs);
  assert.deepEqual(
    units.map(({ name, clash }) => [name, clash]),
    [
      ["correct", false],
      ["interaction.durationMs", false],
      ["interaction.texts.en", true],
      ["interaction.texts.fr", false],
      ["interaction.texts.zh", false],
    ],
  );
  assert.deepEqual(
    units.map((unit) => suggestion(base, unit)),
    ["theirs", "mine", "mine", "theirs", "theirs"],
  );
});

test("merge() takes each unit from who was chosen", () => {
  const units = compareUnits(base, mine, theirs);
  const merged = merge(mine, theirs, new Map(units.map((unit) => [unit.name, suggestion(base, unit)])));
  assert.deepEqual(merged, {
    interaction: { durationMs: 2, texts: { en: { title: "Mine" }, zh: { title: "乙" }, fr: {} } },
  });
  assert.equal(mine.interaction.texts.zh.title, "甲");
});
