import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import { createBoxesEstimate } from "./boxes-estimate.ts";

const MINUTE = 60_000;

/** Boxes that start within ten seconds and pull as they are told, a fifth earlier or later. */
function simulate(boxes: number, refreshMs: (nowMs: number) => number, untilMs: number) {
  const random = createSeededRandom(11);
  const due = Array.from({ length: boxes }, () => random() * 10_000);
  const estimate = createBoxesEstimate();
  let askedAgainMs = 0;
  for (let nowMs = 0; nowMs <= untilMs; nowMs += 1_000) {
    for (const [index, at] of due.entries()) {
      if (at > nowMs) continue;
      const told = refreshMs(nowMs);
      askedAgainMs += told;
      due[index] = nowMs + told * (0.8 + 0.4 * random());
    }
    estimate.read(askedAgainMs, nowMs);
  }
  return estimate.boxes();
}

test("createBoxesEstimate() says nothing in the first minutes, when every box has just started", () => {
  assert.equal(
    simulate(7, () => 300_000, MINUTE),
    undefined,
  );
  assert.equal(
    simulate(7, () => 300_000, 4 * MINUTE),
    undefined,
  );
});

const cases: [what: string, boxes: number, refreshMs: (nowMs: number) => number][] = [
  ["seven boxes", 7, () => 300_000],
  ["boxes near a cue all the time", 1_000, () => 30_000],
  [
    "boxes near a cue every now and then",
    1_000,
    (nowMs) => (nowMs % (12 * MINUTE) < 2 * MINUTE ? 30_000 : 300_000),
  ],
];
for (const [what, boxes, refreshMs] of cases) {
  test(`createBoxesEstimate() counts ${what} to within a third once a window is full`, () => {
    const found = simulate(boxes, refreshMs, 45 * MINUTE) ?? 0;
    assert.ok(Math.abs(found - boxes) <= Math.max(2, boxes / 3), `${found} for ${boxes}`);
  });
}
