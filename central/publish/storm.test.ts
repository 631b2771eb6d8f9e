import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cue } from "../../shared/protocol/schedule.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";
import type { Content } from "../../shared/publication/part.ts";
import { PLACEMENT_DEFAULTS } from "../../shared/schedule/placement.ts";
import { forecastStorm, STORM_BUCKET_MS, STORM_SPAN_MS, stepsOf } from "./storm.ts";
import { atOnce } from "./work.ts";

const NOW_MS = 4_102_444_800_000;
const MINUTE_MS = 60_000;
const RESTING = 1 / 300;

const interaction = {
  ...{ id: "poll", version: 1, type: "poll", durationMs: 10_000, clockToleranceMs: 2_000 },
  ...{
    defaultLanguage: "en",
    texts: { en: { title: "Who?" } },
    options: ["a"],
    choices: { least: 1, most: 1 },
  },
  answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 1_000 },
};
const part = (...items: { id: string }[]) => new Map(items.map((item) => [item.id, canonicalJson(item)]));

function content(placements: object[], channels = ["c1", "c2"]): Content {
  return new Map([
    ["regions", part({ id: "north", name: "North", edges: [] } as never)],
    ["channels", part(...channels.map((id, index) => ({ id, number: index + 1, name: id })))],
    ["interactions", new Map([["poll@1", canonicalJson({ interaction })]])],
    [
      "placements",
      part(
        ...placements.map((more, index) => ({
          ...PLACEMENT_DEFAULTS,
          ...{ id: `p${index}`, interaction: "poll", version: 1, channels: ["c1"] },
          when: { kind: "instant", atMs: NOW_MS + 60 * MINUTE_MS },
          ...more,
        })),
      ),
    ],
  ]);
}
const close = (actual: number | undefined, expected: number) =>
  assert.ok(Math.abs((actual ?? 0) - expected) < 1e-6, `${actual} is not ${expected}`);
const forecast = (placements: object[]) => {
  const [region] = atOnce(
    forecastStorm(content(placements), [{ id: "e1", region: "north", boxes: 1_000 }], NOW_MS),
  ).regions;
  assert.ok(region);
  return region;
};

test("forecastStorm() has the peak where a cue is answered while its boxes ask again", () => {
  const region = forecast([{}]);
  // Ten seconds on the screen, and the schedule again every half minute.
  close(region.peak, RESTING + 1 / 30 + 1 / 10);
  assert.deepEqual([region.peakAtMs, region.channel], [NOW_MS + 60 * MINUTE_MS, "c1"]);
  assert.deepEqual(
    region.cues.map(({ id }) => id),
    ["p0:once"],
  );
  assert.equal(region.peaks.length, STORM_SPAN_MS / STORM_BUCKET_MS);
  assert.ok(Math.abs((region.peaks[0] ?? 0) - RESTING) < 1e-4);
  assert.deepEqual(region.edges, [{ id: "e1", boxes: 1_000 }]);
});

test("forecastStorm() spreads the asking over the fetch window, bucket by bucket", () => {
  const { peaks } = forecast([{ prefetch: { leadMs: 20 * MINUTE_MS, guardMs: 10_000 } }]);
  const at = (minute: number) => peaks[Math.floor((minute * MINUTE_MS) / STORM_BUCKET_MS)] ?? 0;
  for (const [minute, more] of [
    [35, 0],
    [42, 2 / 1_190],
    [52, 2 / 1_190],
    [57, 1 / 30],
    [66, 0],
  ] as const) {
    assert.ok(Math.abs(at(minute) - RESTING - more) < 1e-4, `${minute}: ${at(minute)}`);
  }
});

test("forecastStorm() adds up what meets on one channel, and not what stands on two", () => {
  const both = forecast([{}, {}]);
  close(both.peak, RESTING + 2 * (1 / 30 + 1 / 10));
  assert.equal(both.cues.length, 2);
  const apart = forecast([{}, { channels: ["c2"] }]);
  close(apart.peak, RESTING + 1 / 30 + 1 / 10);
});

test("forecastStorm() shows an embargo and a narrow window as the storms that they are", () => {
  close(forecast([{ embargo: { spreadMs: 1_000 } }]).peak, RESTING + 2 + 1 / 10);
  close(forecast([{ prefetch: { leadMs: 5_000, guardMs: 3_000 } }]).peak, RESTING + 1);
  close(forecast([{ embargo: { spreadMs: 1_000 }, audience: { share: 0.1 } }]).peak, RESTING + 0.2 + 1 / 100);
});

test("stepsOf() ends where it began: rates go back to nothing", () => {
  const cue = {
    ...{ id: "p:once", atMs: 10_000, untilMs: 70_000, lateJoin: true, interaction: "poll", version: 1 },
    ...{ priority: 0, fetch: { fromMs: 1_000, untilMs: 9_000 } },
  } as Cue;
  close(
    stepsOf(cue, 10_000).reduce((sum, { by }) => sum + by, 0),
    0,
  );
});
