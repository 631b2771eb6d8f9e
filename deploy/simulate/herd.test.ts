import assert from "node:assert/strict";
import { test } from "node:test";
import { runHerd } from "./herd.ts";
import { runFailover } from "./herd-failover.ts";

const BOXES = 600;
/** So few boxes are uneven: what 100,000 keep below 1.2 (`npm run simulate -- --herd 100000`) they may exceed. */
const RATIO_MAX = 1.3;

/** The same seed gives the same trace on both runtimes (`world.test.ts`). */
const skip = "Deno" in globalThis ? "left to Node" : false;

test("boxes on one channel form no herd: before a cue, at it, nor after their edge was away", {
  skip,
}, async () => {
  const figures = await runHerd(5, BOXES);
  for (const { what, ratio, requests } of figures) {
    assert.ok(requests > BOXES / 2, `${what}: ${requests} requests`);
    assert.ok(ratio <= RATIO_MAX, `${what}: ${ratio} times boxes by window`);
  }
});

test("boxes form no herd at one edge when the other dies, when a cue moves or goes, when the hour turns", {
  skip,
}, async () => {
  const figures = await runFailover(5, BOXES);
  for (const { what, ratio, requests } of figures) {
    assert.ok(requests > BOXES / 4, `${what}: ${requests} requests`);
    assert.ok(ratio <= RATIO_MAX, `${what}: ${ratio} times boxes by window`);
  }
});
