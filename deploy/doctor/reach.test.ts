import assert from "node:assert/strict";
import { test } from "node:test";
import { checkClock } from "./reach.ts";

const cases: [what: string, askedMs: number, repliedMs: number, state: string][] = [
  ["a clock that agrees", 100_500, 100_510, "good"],
  ["a clock that may agree, by a reply that took long", 90_000, 130_000, "good"],
  ["a clock that is ahead", 105_000, 105_010, "bad"],
  ["a clock that is behind", 90_000, 96_500, "bad"],
  ["a clock 3 s ahead, which whole seconds cannot tell", 103_900, 103_910, "good"],
];
for (const [what, askedMs, repliedMs, state] of cases) {
  test(`checkClock() finds ${what} ${state}`, () => {
    assert.equal(checkClock({ dateMs: 100_000, askedMs, repliedMs }).state, state);
  });
}

test("checkClock() says that central tells no time", () => {
  assert.equal(checkClock({ dateMs: undefined, askedMs: 1, repliedMs: 2 }).state, "unknown");
});
