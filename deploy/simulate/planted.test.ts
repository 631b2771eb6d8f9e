import assert from "node:assert/strict";
import { test } from "node:test";
import type { Invariant } from "./invariants.ts";
import type { PlantedBug } from "./planted.ts";
import { runWorld } from "./world.ts";

/** Small worlds in which every bug shows up; without one they are sound. */
const SEED = 1;
const SIZE = { boxes: 6, days: 3 };

const CATCHES: [PlantedBug, Invariant][] = [
  ["marks-forgotten", "never twice"],
  ["deaf-to-tune", "never on another channel"],
  ["cues-shifted", "never outside its window"],
  ["withdrawn-kept", "never after a withdrawal it knew of"],
  ["timers-stop", "every due cue fired or accounted for"],
  ["time-cached", "the clock's bound contains the truth"],
  ["votes-unjudged", "one vote a cue"],
  ["keys-forgotten", "every answer shown as taken reaches central once"],
  ["receipt-too-early", "every answer shown as taken reaches central once"],
  ["entry-misshapen", "the state always loads"],
];

for (const [planted, invariant] of CATCHES) {
  test(`"${invariant}" catches ${planted}`, async () => {
    const { violations } = await runWorld({ seed: SEED, ...SIZE, planted });
    assert.equal(violations[0]?.invariant, invariant);
  });
}

test("the same world without a planted bug keeps every invariant", async () => {
  const { violations, figures } = await runWorld({ seed: SEED, ...SIZE });
  assert.deepEqual(violations, []);
  assert.ok(figures.shown > 50 && figures.dueChecks > 50 && figures.taken > 5, JSON.stringify(figures));
});
