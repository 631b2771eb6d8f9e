import assert from "node:assert/strict";
import { test } from "node:test";
import type { Explanation, Step } from "../../../shared/schedule/explanation.ts";
import { remedyOf, stepWords } from "./step-words.ts";

const AT_MS = Date.UTC(2026, 10, 27, 12, 0, 5);
const explanation: Explanation = {
  placement: "quiz",
  channel: "c1",
  outcome: "suppressed",
  id: "quiz:once",
  atMs: AT_MS,
  steps: [],
};
const nameOf = () => "One";
const step = (code: string, more: Partial<Step> = {}): Step => ({
  ...{ step: "contest", holds: false, code, text: "As the engine says it" },
  ...more,
});

test("stepWords() says codes in the editor's language, with their facts", () => {
  const gap = step("gap", { facts: { rule: "fair", to: "big:film.0", toAtMs: AT_MS } });
  assert.match(
    stepWords(explanation, gap, "en", nameOf),
    /gap of channel rule fair to big:film\.0 at \d\d:00:05/,
  );
  assert.match(stepWords(explanation, gap, "zh", nameOf), /频道规则 fair/);
  const match = step("no-match", { facts: { match: { title: "七点新闻" } } });
  assert.match(stepWords(explanation, match, "en", nameOf), /"七点新闻"/);
  assert.equal(stepWords(explanation, step("channel"), "en", nameOf), "It names channel One");
});

test("stepWords() says why the winner of a contest comes first, where the engine tells it in a known word", () => {
  const lost = (code: string, because?: string) =>
    stepWords(explanation, step(code, { facts: { to: "big:once", because } }), "en", nameOf);
  assert.match(lost("gap", "priority"), /which outranks it: its priority is higher$/);
  assert.match(lost("gap", "next-day"), /each day \(UTC\) begins anew$/);
  assert.match(lost("hour-limit", "earlier"), /among others: of equal priority the earlier comes first$/);
  for (const because of [undefined, "new-word", "toString"]) {
    assert.match(lost("gap", because), /which outranks it$/);
  }
});

test("stepWords() leaves the engine's own words for a code that it does not know", () => {
  assert.equal(stepWords(explanation, step("new-code"), "zh", nameOf), "As the engine says it");
});

test("remedyOf() is that of the link that ends the chain", () => {
  assert.equal(remedyOf([step("channel", { holds: true }), step("gap")]), "rule");
  assert.equal(remedyOf([step("no-match")]), "placement");
  assert.equal(remedyOf([step("channel", { holds: true })]), undefined);
});
