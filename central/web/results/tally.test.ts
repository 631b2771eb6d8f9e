import assert from "node:assert/strict";
import { test } from "node:test";
import { reach } from "../../results/reach.ts";
import { reachTrails, shownTally } from "./tally.ts";

const summary = {
  cue: "pl:once",
  interaction: "int-1",
  version: 1,
  closed: false,
  counted: { total: 3, options: { b: 1, a: 2 } },
  provisional: { total: 5, options: { a: 5 } },
  verdicts: {},
  outcomes: { shown: 7, "late:slow": 1, dismissed: 3, "missed:off": 2, "suppressed:overlap": 1 },
  firingErrors: [],
};
const label = { title: "Who?", type: "poll", options: { a: "Red", b: "Blue" } };

test("shownTally() shows what edges say while it is ahead, in the editor's order, options without answers too", () => {
  const { provisional, bars } = shownTally(summary, label);
  assert.equal(provisional, true);
  assert.deepEqual(
    bars.map(({ label: name, count }) => [name, count]),
    [
      ["Red", 5],
      ["Blue", 0],
    ],
  );
  const caughtUp = { ...summary, provisional: { total: 3, options: {} }, correct: ["b"] };
  assert.deepEqual(
    shownTally(caughtUp, label).bars.map(({ count, right }) => [count, right]),
    [
      [2, false],
      [1, true],
    ],
  );
});

test("shownTally() puts ratings in their order", () => {
  const rated = { ...summary, counted: { total: 9, options: { "10": 4, "2": 5 } } };
  assert.deepEqual(
    shownTally({ ...rated, provisional: { total: 0, options: {} } }, { ...label, options: {} }).bars.map(
      ({ id }) => id,
    ),
    ["2", "10"],
  );
});

test("reach() counts a box once: what it dismissed it had shown before", () => {
  assert.deepEqual(reach(summary), { due: 11, shown: 8, answered: 3 });
});

test("reachTrails() says so while boxes may still have to tell, and longer while more answered than showed it", () => {
  const cue = { atMs: 1_000, closesAtMs: 61_000, outcomes: { shown: 2 } };
  const closedMs = 61_000;
  assert.equal(reachTrails(cue, { shown: 2, answered: 1 }, closedMs + 119_999), true);
  assert.equal(reachTrails(cue, { shown: 2, answered: 1 }, closedMs + 120_000), false);
  assert.equal(reachTrails(cue, { shown: 2, answered: 11 }, closedMs + 120_000), true);
  assert.equal(reachTrails(cue, { shown: 2, answered: 11 }, closedMs + 3_600_000), false);
  assert.equal(reachTrails({ ...cue, outcomes: {} }, { shown: 0, answered: 0 }, closedMs), false);
});
