import assert from "node:assert/strict";
import { test } from "node:test";
import { recurrenceWords } from "./recurrence-words.ts";
import { ruleWords } from "./rule-words.ts";

const cases: [rule: string, en: string, zh: string][] = [
  ["30 20 * * *", "daily at 20:30", "每天 20:30"],
  ["5 7 * * 1-5", "weekdays at 07:05", "工作日 07:05"],
  ["0 9 * * 7", "Sundays at 09:00", "周日 09:00"],
  ["46 * * * *", "hourly at :46", "每小时 46 分"],
  ["*/10 * * * *", "every 10 min", "每 10 分钟"],
  ["*/7 * * * *", "*/7 * * * *", "*/7 * * * *"],
  ["*/10 * * * 1-5", "*/10 * * * 1-5", "*/10 * * * 1-5"],
  ["0 9 1 * *", "0 9 1 * *", "0 9 1 * *"],
  ["0 9,12 * * *", "0 9,12 * * *", "0 9,12 * * *"],
  ["0 9 * 6 1", "0 9 * 6 1", "0 9 * 6 1"],
];
for (const [rule, en, zh] of cases) {
  test(`recurrenceWords() says "${rule}" as "${en}"`, () => {
    assert.deepEqual([recurrenceWords(rule, "en"), recurrenceWords(rule, "zh")], [en, zh]);
  });
}

test("ruleWords() says a moment within a programme as each language orders it", () => {
  const when = {
    kind: "programme",
    match: { title: "News" },
    at: { from: "end", offsetMs: -120_000 },
  } as const;
  assert.equal(ruleWords(when, "en"), '2:00 before the end, every airing of "News"');
  assert.equal(ruleWords(when, "zh"), "《News》 结束前 2:00");
});
