import assert from "node:assert/strict";
import { test } from "node:test";
import { createCoverage, describeCoverage, type Kind, missing } from "./coverage.ts";
import { type Figures, mergeFigures } from "./figures.ts";
import { runWorld } from "./world.ts";

/** Together they exercise everything, and cheaply; when the simulator changes, it may take some of the others. */
const SEEDS = [8, 19, 31, 17, ...Array.from({ length: 20 }, (_, at) => at + 40)];
const SIZE = { boxes: 6, days: 2 };

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
  for (const seed of SEEDS) {
    const outcome = await runWorld({ seed, ...SIZE });
    assert.deepEqual(outcome.violations, [], `seed ${seed}`);
    figures = figures ? mergeFigures(figures, outcome.figures) : outcome.figures;
    never = missing(figures.coverage);
    t.diagnostic(`seed ${seed}: ${never.length} kinds left`);
    if (never.length === 0) return;
  }
  assert.fail(`never happened in ${SEEDS.length} worlds: ${never.join(", ")}`);
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
