import assert from "node:assert/strict";
import { test } from "node:test";
import { wordsIn } from "../overlay/words.ts";
import { filled, tvTexts } from "./texts.ts";

test("both languages have words for the same happenings, and Chinese for all that English says", () => {
  const [english, chinese] = [tvTexts("en"), tvTexts("zh-Hans-CN")];
  assert.deepEqual(Object.keys(chinese.happened).sort(), Object.keys(english.happened).sort());
  for (const said of Object.keys(english.said)) assert.ok(chinese.said[said], said);
  for (const word of Object.values({ ...chinese.happened, ...chinese.said }))
    assert.match(word, /\p{Script=Han}/u);
});

test("Chinese words have Chinese punctuation", () => {
  const { happened, said, units, ...texts } = tvTexts("zh-CN");
  const all = [
    ...Object.values({ ...texts, ...happened, ...said, ...units }),
    ...Object.values(wordsIn("zh-CN")),
  ];
  assert.deepEqual(
    all.filter((text) => /\p{Script=Han} ?[,?!:;()]|[,?!:;()]\p{Script=Han}/u.test(text)),
    [],
  );
});

test("filled() puts values where the marks are, in order", () => {
  assert.equal(filled("第 # 期第 # 版", 3, "#7"), "第 3 期第 #7 版");
});

test("filled() says one thing and several things", () => {
  const { waiting, stored } = tvTexts("en");
  assert.equal(filled(waiting, 1, 0), "1 answer, 0 airings");
  assert.equal(filled(stored, 2, 1, 3), "2 schedules, 1 interaction, 3 fired");
  assert.equal(filled(tvTexts("zh-CN").waiting, 1, 2), "回答 1、播出记录 2");
});
