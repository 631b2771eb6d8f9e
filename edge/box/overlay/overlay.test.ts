import assert from "node:assert/strict";
import { test } from "node:test";
import { type Interaction, interactionSample } from "../../../shared/protocol/interaction.ts";
import { resultsSample } from "../../../shared/protocol/results.ts";
import type { View } from "../core/messages.ts";
import { keyName } from "../platform/keys.ts";
import { headline } from "./headline.ts";
import { averageOf } from "./rating.ts";
import { shares } from "./shares.ts";
import { isRightToLeft, languageFor, wordsIn } from "./words.ts";

test("shares() are whole and add up to 100, the largest remainders rounded up", () => {
  const cases: [number[], number[]][] = [
    [
      [1, 1, 1],
      [34, 33, 33],
    ],
    [
      [800, 434],
      [65, 35],
    ],
    [
      [1, 0, 0],
      [100, 0, 0],
    ],
    [
      [0, 0],
      [0, 0],
    ],
    [
      [5, 5, 5, 5, 5, 5, 5],
      [15, 15, 14, 14, 14, 14, 14],
    ],
  ];
  for (const [counts, expected] of cases) {
    const options = counts.map((_, at) => `o${at}`);
    const tallies = Object.fromEntries(options.map((option, at) => [option, counts[at] as number]));
    assert.deepEqual(shares(options, tallies), expected);
  }
  assert.deepEqual(shares(["constructor", "b"], { b: 2 }), [0, 100]);
});

test("averageOf() weighs ratings by their counts", () => {
  assert.equal(averageOf([1, 0, 0, 0, 3]), "4.0");
  assert.equal(averageOf([1, 1, 0]), "1.5");
  assert.equal(averageOf([0, 0]), null);
});

test("languageFor() takes the exact language, then the same first part, then the default", () => {
  const texts = { "zh-CN": {}, en: {}, "pt-BR": {} };
  const cases: [string[], string][] = [
    [["en-GB", "zh-CN"], "en"],
    [["ZH-cn"], "zh-CN"],
    [["zh-TW"], "zh-CN"],
    [["pt"], "pt-BR"],
    [["fr"], "zh-CN"],
    [[], "zh-CN"],
  ];
  for (const [languages, expected] of cases) {
    assert.equal(languageFor({ ...interactionSample, texts } as Interaction, languages), expected);
  }
  assert.equal(languageFor({ ...interactionSample, texts: { en: {} } } as Interaction, ["fr"]), "en");
  assert.equal(languageFor({ ...interactionSample, texts: {} } as Interaction, ["fr"]), "zh-CN");
});

test("isRightToLeft() knows the scripts by language, not by likeness of names", () => {
  assert.deepEqual(["ar", "ar-EG", "he", "UR-pk", "en", "arn", "zh-CN"].map(isRightToLeft), [
    true,
    true,
    true,
    true,
    false,
    false,
    false,
  ]);
});

test("headline() says what became of the answer", () => {
  const view: View = {
    cue: "pl1:x",
    interaction: { ...interactionSample, type: "quiz" } as Interaction,
    phase: "open",
    languages: ["en"],
    choice: null,
    answerable: true,
    results: null,
    leftMs: 1000,
    closesInMs: 1000,
    edge: null,
  };
  const own = wordsIn("en");
  const say = (change: Partial<View>) => headline({ ...view, ...change }, {}, own)[0];
  const results = { ...resultsSample, total: 1234567 };
  assert.equal(say({}), "");
  assert.equal(say({ phase: "closed" }), "Closed");
  assert.equal(say({ phase: "answered", choice: { options: ["a"] } }), "✓ Thank you");
  assert.equal(say({ phase: "results", results }), "Your region · Votes: 1,234,567");
  assert.equal(say({ phase: "results", results, choice: { options: ["b"] } }), "Correct!");
  assert.equal(say({ phase: "results", results, choice: { options: ["a"] } }), "Not this time");
  assert.equal(headline({ ...view, phase: "answered" }, { thanks: "谢谢" }, own)[0], "✓ 谢谢");
  const later = { ...view, interaction: { ...view.interaction, results: "after-close" } as Interaction };
  const answered: View = { ...later, phase: "answered", choice: { options: ["a"] } };
  assert.equal(headline(answered, {}, own)[0], "✓ Thank you · Results follow");
  assert.equal(headline(answered, { thanks: "谢谢" }, own)[0], "✓ 谢谢", "editors say it in their words");
});

test("keyName() knows remotes and keyboards, and leaves other keys alone", () => {
  const cases: [number, string | null][] = [
    [13, "ok"],
    [461, "back"],
    [10009, "back"],
    [8, "back"],
    [403, "red"],
    [406, "blue"],
    [48, "0"],
    [57, "9"],
    [96, "0"],
    [105, "9"],
    [175, null],
    [65, null],
  ];
  for (const [code, name] of cases) assert.equal(keyName(code), name, String(code));
});
