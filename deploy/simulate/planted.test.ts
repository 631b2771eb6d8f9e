import assert from "node:assert/strict";
import { test } from "node:test";
import type { Invariant } from "./invariants.ts";
import type { PlantedBug } from "./planted.ts";
import { runWorld } from "./world.ts";

const SIZE = { boxes: 5, days: 2 };
/** Small worlds: a bug that needs a rare moment shows up in one of them. */
const SEEDS_MAX = 12;

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
  ["mark-unkept", "never twice"],
  ["answer-unkept", "every answer shown as taken reaches central once"],
  ["hide-lost", "never on another channel"],
  ["late-join-ignored", "never outside its window"],
  ["audience-ignored", "never to one it is not meant for"],
  ["keys-redrawn", "every answer shown as taken reaches central once"],
  ["quartz-broken", "the clock's bound contains the truth"],
];

/**
 * The same seed gives the same trace on both runtimes (`world.test.ts`): Deno takes a few of them, or all with the full
 * counts.
 */
const few = "Deno" in globalThis && process.env.CUECAST_REHEARSE_RUNS === undefined;

for (const [planted, invariant] of few ? CATCHES.slice(0, 6) : CATCHES) {
  test(`"${invariant}" catches ${planted}`, async () => {
    for (let seed = 1; seed <= SEEDS_MAX; seed++) {
      const [violation] = (await runWorld({ seed, ...SIZE, planted })).violations;
      if (!violation) continue;
      assert.equal(violation.invariant, invariant, JSON.stringify(violation));
      return;
    }
    assert.fail(`not caught in ${SEEDS_MAX} worlds`);
  });
}

test("a world without a planted bug keeps every invariant", async () => {
  const { violations, figures } = await runWorld({ seed: 1, ...SIZE });
  assert.deepEqual(violations, []);
  assert.ok(figures.shown > 10 && figures.dueChecks > 10, JSON.stringify(figures));
});
