import assert from "node:assert/strict";
import { test } from "node:test";
import { compareUnits, merge, suggestion } from "./merge.ts";

const base = {
  interaction: {
    durationMs: 1,
    options: ["a", "b.1"],
    texts: {
      en: { title: "A", body: "B", options: { a: "Red", "b.1": "Blue" } },
      zh: { title: "甲" },
    },
  },
  correct: ["a"],
};
type Form = typeof base;
const changed = (change: (form: Form) => void): Form => {
  const form = structuredClone(base);
  change(form);
  return form;
};
const suggested = (mine: object, theirs: object) => {
  const fields = [base, mine, theirs].map((each) => each as Record<string, unknown>);
  const [was, own, other] = fields as [(typeof fields)[0], (typeof fields)[0], (typeof fields)[0]];
  const units = compareUnits(was, own, other);
  const choices = new Map(units.map((unit) => [unit.name, suggestion(was, unit)]));
  return { units, merged: merge(own, other, units, choices) };
};

test("compareUnits() tells what differs field by field, and clashes only where both changed the same one", () => {
  const mine = changed(({ interaction }) => {
    interaction.durationMs = 2;
    interaction.texts.en.title = "Mine";
    interaction.texts.en.body = "My body";
  });
  const theirs = changed(({ interaction }) => {
    interaction.texts.en.title = "Theirs";
    interaction.texts.en.options["b.1"] = "Azure";
  });
  const { units, merged } = suggested(mine, theirs);
  assert.deepEqual(
    units.map(({ name, clash }) => [name, clash]),
    [
      ["interaction.durationMs", false],
      ["interaction.texts.en.body", false],
      ["interaction.texts.en.options.b.1", false],
      ["interaction.texts.en.title", true],
    ],
  );
  // A title and a body of one language go together, whoever wrote which.
  assert.deepEqual(merged, {
    ...mine,
    interaction: {
      ...mine.interaction,
      texts: {
        en: { title: "Mine", body: "My body", options: { a: "Red", "b.1": "Azure" } },
        zh: { title: "甲" },
      },
    },
  });
  assert.equal(mine.interaction.texts.en.options["b.1"], "Blue");
});

test("merge() takes over a language and an option that they added or left out", () => {
  const theirs = {
    interaction: {
      ...base.interaction,
      options: ["a", "c"],
      texts: { en: { title: "A", body: "B", options: { a: "Red", c: "Green" } }, fr: {} },
    },
  };
  const mine = changed(({ interaction }) => {
    interaction.durationMs = 9;
  });
  assert.deepEqual(suggested(mine, theirs).merged, {
    interaction: { ...theirs.interaction, durationMs: 9 },
  });
});

test("compareUnits() keeps a moment whole: its fields make sense together alone", () => {
  const when = (atMs: number) => ({ when: { kind: "instant", atMs } });
  const units = compareUnits(when(1), when(2), { when: { kind: "cron", rule: "0 20 * * *" } });
  assert.deepEqual(
    units.map(({ name, clash }) => [name, clash]),
    [["when", true]],
  );
});
