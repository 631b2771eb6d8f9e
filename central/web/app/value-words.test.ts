import assert from "node:assert/strict";
import { test } from "node:test";
import { valueLines, valueWords } from "./value-words.ts";

test("valueWords() says a value as a person reads it, and never JSON", () => {
  assert.equal(valueWords("texts.en.title", "Who wins?", "en"), "Who wins?");
  assert.equal(valueWords("durationMs", 20_000, "en"), "20 s");
  assert.equal(valueWords("correct", ["a", "b"], "zh"), "a、b");
  assert.equal(valueWords("options", undefined, "en"), "(nothing)");
  assert.equal(valueWords("enabled", false, "zh"), "否");
  assert.equal(
    valueWords("when", { kind: "cron", rule: "0 20 * * *", zone: "Asia/Shanghai" }, "en"),
    "Kind: recurring\nRule: 0 20 * * *\nTime zone: Asia/Shanghai",
  );
  assert.equal(
    valueWords("image", { sha256: "ab".repeat(32), width: 640, height: 360 }, "en").split("\n")[0],
    "SHA-256: abababab…",
  );
});

test("valueLines() gives every text of a language that came a line of its own", () => {
  assert.deepEqual(valueLines("texts.zh", { title: "谁赢？", options: { a: "红" } }, "en"), [
    { path: "texts.zh.title", words: "谁赢？" },
    { path: "texts.zh.options.a", words: "红" },
  ]);
});

test("valueWords() reads times beside a zone in that zone, and says so", () => {
  const when = {
    kind: "cron",
    rule: "0 20 * * *",
    zone: "Asia/Shanghai",
    fromMs: Date.UTC(2026, 10, 28, 12),
  };
  assert.match(
    valueWords("when", when, "en").split("\n").at(-1) ?? "",
    /^From: Sat,? 28 Nov,? 20:00:00 Asia\/Shanghai$/,
  );
  assert.doesNotMatch(valueWords("when", { ...when, zone: "Nowhere" }, "en"), /20:00:00 Nowhere/);
});
