/** When two titles are the same. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { titleKey } from "./title-key.ts";

const KEYS: [title: string, key: string][] = [
  ["Quiz Night", "quiz night"],
  ["新闻 News 30'", "新闻 news 30'"],
  ["Ｎｅｗｓ　３０", "news 30"],
  [" Quiz  Night\u00a0", "quiz night"],
  ["ÉTÉ", "été"],
  ["ｶﾗｵｹ", "カラオケ"],
  ["", ""],
];
for (const [title, key] of KEYS) {
  test(`titleKey() of ${JSON.stringify(title)} is ${JSON.stringify(key)}`, () =>
    assert.equal(titleKey(title), key));
}

test("titleKey() is the same the short way and the long way, for every character of the first plane", () => {
  for (let unit = 0; unit < 0xd800; unit++) {
    const title = `A ${String.fromCharCode(unit)}B`;
    const long = title.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
    assert.equal(titleKey(title), long, unit.toString(16));
  }
});
