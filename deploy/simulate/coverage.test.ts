import assert from "node:assert/strict";
import { test } from "node:test";
import { createCoverage, describeCoverage, type Kind, missing } from "./coverage.ts";
import { type Figures, mergeFigures } from "./figures.ts";
import { runWorld } from "./world.ts";

/** Pinned, so that it is the simulator that changed when something never happens any more. */
const SEED = 3;
const SIZE = { boxes: 8, days: 3 };
const WORLDS_MAX = 16;

/** The same seed gives the same trace on both runtimes (`world.test.ts`): once in `npm test` is enough. */
const skip =
  "Deno" in globalThis && process.env.CUECAST_REHEARSE_RUNS === undefined
    ? "left to Node, as is its trace"
    : false;

test("a short run exercises everything that the simulator can do, and keeps every invariant", {
  skip,
}, async (t) => {
  let figures: Figures | undefined;
  let never: Kind[] = [];
  for (let world = 0; world < WORLDS_MAX; world++) {
    const outcome = await runWorld({ seed: SEED + world, ...SIZE });
    assert.deepEqual(outcome.violations, [], `seed ${SEED + world}`);
    figures = figures ? mergeFigures(figures, outcome.figures) : outcome.figures;
    never = missing(figures.coverage);
    t.diagnostic(`seed ${SEED + world}: ${never.length} kinds left`);
    if (never.length === 0) return;
  }
  assert.fail(`never happened in ${WORLDS_MAX} worlds: ${never.join(", ")}`);
});

test("describeCoverage() names what never happened", () => {
  const coverage = createCoverage();
  coverage.hit("bit rot");
  const lines = describeCoverage(coverage.counts());
  assert.match(lines.find((line) => line.includes("bit rot")) as string, / 1$/);
  assert.match(lines.find((line) => line.includes("crash")) as string, /0 {2}NEVER$/);
  assert.ok(missing(coverage.counts()).includes("crash"));
  assert.ok(!missing(coverage.counts()).includes("bit rot"));
});
