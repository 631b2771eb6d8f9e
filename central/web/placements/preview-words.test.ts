import assert from "node:assert/strict";
import { test } from "node:test";
import { cronWords } from "./cron-words.ts";
import { reasonWords } from "./preview-words.ts";
import { blankWhen } from "./rule-words.ts";

const nameOf = (channel: string) => ({ c1: "One" })[channel] ?? channel;
const cron = blankWhen("cron", 0, "Asia/Shanghai");
const UNTIL_MS = Date.UTC(2026, 10, 27, 12);

test("reasonWords() says codes in the editor's language, with names, counts and moments", () => {
  const silent = { code: "nothing-on", text: "The guide has nothing ahead on c1", channels: ["c1", "c2"] };
  assert.equal(reasonWords(silent, { when: cron }, "en", nameOf), "The guide has nothing ahead on One, c2");
  assert.equal(reasonWords(silent, { when: cron }, "zh", nameOf), "One、c2 的节目单中没有后续节目");
  const repeat = { code: "repeat", text: "…", programmes: 14 };
  assert.match(reasonWords(repeat, { when: cron }, "zh", nameOf), /仅限首播：后续 14 个节目/);
  const ended = { when: { ...cron, untilMs: UNTIL_MS } };
  assert.doesNotMatch(reasonWords({ code: "after-until", text: "…" }, ended, "en", nameOf), /–|\{/);
});

test("reasonWords() names five, counts the rest, and tells a code that it does not know in the engine's words", () => {
  const channels = ["a", "b", "c", "d", "e", "f", "g"];
  const away = { code: "not-in-line-up", text: "…", channels };
  assert.match(reasonWords(away, { when: cron }, "en", nameOf), /has a, b, c, d, e \+2 in its line-up/);
  for (const code of ["new-code", "toString"])
    assert.equal(reasonWords({ code, text: "As told" }, { when: cron }, "zh", nameOf), "As told");
});

test("cronWords() says in both languages which field of a rule is wrong and what it takes", () => {
  assert.equal(cronWords("30 20 * * 1-5", "zh"), undefined);
  assert.match(String(cronWords("30 25 * * 1-5", "en")), /^"25" is no hour; write 0 to 23/);
  assert.match(String(cronWords("30 25 * * 1-5", "zh")), /^“时”不能为 25，请写 0 至 23/);
  for (const rule of [
    "* *",
    "@daily",
    "H * * * *",
    "0 8, * * *",
    "0 22-2 * * *",
    "*/0 * * * *",
    "0,0 * * * *",
    "0 0 31 2 *",
  ])
    assert.match(String(cronWords(rule, "zh")), /^[^a-z]*[\u4e00-\u9fff]/, rule);
});
