import assert from "node:assert/strict";
import { test } from "node:test";
import { drawFor, nextChance, nextKey, type Seed } from "./chance.ts";

test("nextChance() is even and repeats for a seed", () => {
  let seed: Seed = [1, 2, 3, 4];
  const bins = new Array(20).fill(0);
  for (let at = 0; at < 20_000; at++) {
    const [drawn, next] = nextChance(seed);
    assert.ok(drawn >= 0 && drawn < 1);
    bins[Math.floor(drawn * 20)]++;
    seed = next;
  }
  assert.ok(
    bins.every((count) => count > 850 && count < 1_150),
    bins.join(),
  );
  assert.deepEqual(nextChance([9, 9, 9, 9]), nextChance([9, 9, 9, 9]));
});

test("nextKey() makes UUIDs of version 4 that do not repeat", () => {
  let seed: Seed = [5, 6, 7, 8];
  const keys: string[] = [];
  for (let at = 0; at < 5_000; at++) {
    const [key, next] = nextKey(seed);
    assert.match(key, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    keys.push(key);
    seed = next;
  }
  assert.equal(new Set(keys).size, keys.length);
});

test("drawFor() is the same for ever, even over cues, over boxes and between purposes", () => {
  const bins = (draws: number[]) => {
    const counts = new Array(10).fill(0);
    for (const drawn of draws) counts[Math.floor(drawn * 10)]++;
    return counts;
  };
  const overCues = Array.from({ length: 5_000 }, (_, at) => drawFor([1, 2, 3, 4], `share/pl1:p${at}.0`));
  const overBoxes = Array.from({ length: 5_000 }, (_, at) =>
    drawFor([at, at * 7, 3, at ^ 99], "share/pl1:p1.0"),
  );
  for (const draws of [overCues, overBoxes]) {
    assert.ok(
      bins(draws).every((count) => count > 400 && count < 600),
      bins(draws).join(),
    );
  }
  const both = Array.from({ length: 5_000 }, (_, at) => [
    drawFor([1, 2, 3, 4], `share/p${at}`) < 0.5,
    drawFor([1, 2, 3, 4], `prefetch/p${at}`) < 0.5,
  ]).filter(([one, other]) => one === other).length;
  assert.ok(both > 2_300 && both < 2_700, String(both));
  assert.equal(drawFor([1, 2, 3, 4], "share/x"), drawFor([1, 2, 3, 4], "share/x"));
});
