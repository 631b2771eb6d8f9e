import assert from "node:assert/strict";
import { test } from "node:test";
import type { PlantedBug } from "./planted.ts";
import type { Invariant } from "./witness.ts";
import { runWorld } from "./world.ts";

const SIZE = { boxes: 3, days: 1 };
/** Small worlds: a bug that needs a rare moment shows up in one of them. */
const SEEDS_MAX = 40;

/** With the seed of a world that catches it early; when the simulator changes, it may take another one. */
const CATCHES: [PlantedBug, Invariant, number][] = [
  ["marks-forgotten", "never twice", 9],
  ["deaf-to-tune", "never on another channel", 19],
  ["cues-shifted", "never outside its window", 53],
  ["withdrawn-kept", "never after a withdrawal it knew of", 17],
  ["turn-forgotten", "never after a withdrawal it knew of", 379],
  ["timers-stop", "every due cue fired or accounted for", 47],
  ["sleep-forgotten", "every due cue fired or accounted for", 5],
  ["marks-bare", "every due cue fired or accounted for", 2],
  ["blurred-untold", "every due cue fired or accounted for", 442],
  ["time-cached", "the clock's bound contains the truth", 34],
  ["votes-unjudged", "one vote a cue", 17],
  ["keys-forgotten", "every answer shown as taken reaches central once", 3],
  ["receipt-too-early", "every answer shown as taken reaches central once", 20],
  ["store-mute", "the state always loads", 10],
  ["mark-unkept", "never twice", 9],
  ["newest-mark-unkept", "never twice", 60],
  ["answer-unkept", "every answer shown as taken reaches central once", 98],
  ["hide-lost", "never on another channel", 19],
  ["late-join-ignored", "never outside its window", 25],
  ["audience-ignored", "never to one it is not meant for", 31],
  ["keys-redrawn", "every answer shown as taken reaches central once", 2],
  ["quartz-broken", "the clock's bound contains the truth", 25],
];

/**
 * The same seed gives the same trace on both runtimes (`world.test.ts`): Deno takes a few of them, or all with the full
 * counts.
 */
const few = "Deno" in globalThis && process.env.CUECAST_REHEARSE_RUNS === undefined;

for (const [planted, invariant, pinned] of few ? CATCHES.slice(0, 6) : CATCHES) {
  test(`"${invariant}" catches ${planted}`, async () => {
    for (let seed = pinned; seed < pinned + SEEDS_MAX; seed++) {
      const [violation] = (await runWorld({ seed, ...SIZE, planted })).violations;
      if (!violation) continue;
      assert.equal(violation.invariant, invariant, JSON.stringify(violation));
      return;
    }
    assert.fail(`not caught in ${SEEDS_MAX} worlds`);
  });
}

test('"the clock\'s bound contains the truth" catches sleep-unseen: 31 days of which the wall clock knows nothing', async () => {
  const { violations } = await runWorld({ seed: 5, boxes: 1, days: 33, planted: "sleep-unseen" });
  assert.equal(violations[0]?.invariant, "the clock's bound contains the truth");
  assert.ok((violations[0]?.atMs as number) > 31 * 86_400_000);
});

test("a world without a planted bug keeps every invariant", async () => {
  const { violations, figures } = await runWorld({ seed: 1, ...SIZE });
  assert.deepEqual(violations, []);
  assert.ok(figures.shown > 10 && figures.dueChecks > 10, JSON.stringify(figures));
});
