import assert from "node:assert/strict";
import { test } from "node:test";
import { unsavedWords } from "./unsaved-words.ts";

const CASES: [thing: string, en: string, zh: string][] = [
  ["interaction new", "Interaction (new)", "互动（新建）"],
  ["interaction who-wins ", "Interaction who-wins", "互动 who-wins"],
  ["interaction who-wins 2", "Interaction who-wins, from version 2", "互动 who-wins（基于版本 2）"],
  ["placement tonight", "Placement tonight", "投放 tonight"],
  ["group news", "Channel group news", "频道组 news"],
  ["rule new", "Channel rule (new)", "频道规则（新建）"],
  ["guide limits", "Limits of the guide", "节目单限制"],
  ["freeze time", "Freeze time before going live", "播出前的冻结时间"],
  ["retention", "How long data is kept", "数据保留期限"],
  ["publish comment", "Comment on the next publication", "下次发布的备注"],
  ["of a later release", "of a later release", "of a later release"],
];

test("unsavedWords() says every kind of draft in both languages", () => {
  for (const [thing, en, zh] of CASES) {
    assert.equal(unsavedWords(thing, "en"), en);
    assert.equal(unsavedWords(thing, "zh"), zh);
  }
});
