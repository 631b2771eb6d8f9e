import assert from "node:assert/strict";
import { test } from "node:test";
import { createSay } from "./words.ts";

test("createSay() keeps a text that runs the other way, or turns what follows, to itself", () => {
  const say = createSay({ of: ["{name} is on air", "{name}"] } as const, "en");
  assert.equal(say("of", { name: "مساء" }), "\u2068مساء\u2069 is on air");
  assert.equal(say("of", { name: "evil\u202e" }), "\u2068evil\u202e\u2069 is on air");
  assert.equal(say("of", { name: "晚间 News" }), "晚间 News is on air");
});

test("createSay() fills in a count, and says its noun as English does; Chinese has one form", () => {
  const texts = { cues: ["{n} {n:cue|cues} of {all}", "{all} 中的 {n} 个"] } as const;
  const en = createSay(texts, "en");
  assert.equal(en("cues", { n: 1, all: 3 }), "1 cue of 3");
  assert.equal(en("cues", { n: 0, all: 3 }), "0 cues of 3");
  assert.equal(en("cues", { n: "1,001", all: 3 }), "1,001 cues of 3");
  assert.equal(createSay(texts, "zh")("cues", { n: 1, all: 3 }), "3 中的 1 个");
});
