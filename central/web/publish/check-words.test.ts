import assert from "node:assert/strict";
import { test } from "node:test";
import { checkPlace, checkWords } from "./check-words.ts";

const check = (code: string, facts: Record<string, string | number> = {}) =>
  ({ level: "warn", path: "placements.pl1", message: "in English", code, facts }) as const;

test("checkWords() says a check in both languages, and central's own words where it knows no others", () => {
  assert.equal(checkWords(check("not-carried", { channel: "c1" }), "zh"), "没有区域包含频道 c1");
  assert.equal(checkWords(check("not-carried", { channel: "c1" }), "en"), "No region carries the channel c1");
  assert.match(
    checkWords(check("all-suppressed", { n: 3, reason: "gap", rule: "fair", to: "x:once" }), "en"),
    /Of its 3 cues .* none appears: too close to x:once \(rule fair\)/,
  );
  assert.doesNotMatch(
    checkWords(check("on-screen", { other: "a", channel: "c1", atMs: 1_795_431_900_000 }), "zh"),
    /\{|UTC/,
  );
  assert.equal(checkWords(check("of-tomorrow"), "zh"), "in English");
});

test("checkPlace() leads to what is to be put right", () => {
  assert.deepEqual(checkPlace("placements.a.b.channels"), { view: "placements", id: "a.b" });
  assert.deepEqual(checkPlace("interactions.quiz@3.image"), { view: "interactions", id: "quiz" });
  assert.deepEqual(checkPlace("channel-rules.fair.groups"), { view: "channels", id: "rule:fair" });
  assert.equal(checkPlace("guide.x"), undefined);
});
