import assert from "node:assert/strict";
import { test } from "node:test";
import { titleKey } from "../guide/title-key.ts";
import { createTitleMatch } from "./title-pattern.ts";

const cases: [pattern: string, title: string, fits: boolean][] = [
  ["新闻*", "新闻联播", true],
  ["新闻*", "晚间新闻", false],
  ["*新闻*", "晚间新闻 30分", true],
  ["News", "News at Ten", false],
  ["news at ???", "NEWS  at Ten", true],
  ["news at ??", "News at Ten", false],
  ["*", "anything", true],
  ["***", "", true],
  ["?", "😀", true],
  ["Who? *", "Who? Me", true],
  ["ＣＣＴＶ*", "CCTV News", true],
  ["a*b*c", "a-b-b-x-c", true],
  ["a*b*c", "a-c-b", false],
  ["[a-z]+", "abc", false],
  ["(x|y)", "(x|y)", true],
];
for (const [pattern, title, fits] of cases) {
  test(`createTitleMatch() says that "${pattern}" ${fits ? "fits" : "does not fit"} "${title}"`, () => {
    assert.equal(createTitleMatch(pattern)(titleKey(title)), fits);
  });
}

test("createTitleMatch() ends soon on a pattern that makes regular expressions blow up", () => {
  const fits = createTitleMatch(`${"a*".repeat(90)}b`);
  assert.equal(fits("a".repeat(500)), false);
});
