import assert from "node:assert/strict";
import { test } from "node:test";
import { createCounters } from "../serve/counters.ts";
import type { StatusInputs } from "./inputs.ts";
import { createMetrics } from "./metrics.ts";
import { makeReport } from "./report.ts";

/** An edge that has just started, while central is away. */
const LEAST: StatusInputs = {
  ...{ nowMs: 2_000_000, startedAtMs: 1_000_000, software: "0", runtime: "r" },
  central: { up: false },
  sync: {},
  outbox: { waiting: 0 },
  traffic: { pulls: 0, notModified: 0, pullsPerSecond: 0, shed: 0, failures: 0 },
};
const KNOWN: Partial<StatusInputs> = {
  snapshot: {
    ...{ epoch: 1, revision: 2, hash: "h", publishedAtMs: 1_000_000, regionKnown: true, troubles: [] },
    counts: { channels: 1, placements: 1, interactions: 1, programmes: 1 },
    left: {
      recurrenceWithoutEnd: true,
      guideUntilMs: 3_000_000,
      recurrenceEndsMs: [1, 4_000_000],
      withoutGuide: ["a"],
    },
  },
  sync: { lastSyncMs: 1_500_000 },
  outbox: { waiting: 0, bytes: 5 },
  traffic: { pulls: 0, notModified: 0, pullsPerSecond: 0, shed: 0, failures: 0, boxes: 3 },
  ...{ clockOffsetMs: 8, clockErrorMs: 4, certificateEndsAtMs: 9_000_000, residentBytes: 7 },
  disk: { freeBytes: 1, totalBytes: 2 },
};
/** What an edge may not know of itself, and what it is once it does. */
const OPTIONAL: Record<string, number> = {
  outbox_bytes: 5,
  snapshot_age_seconds: 1_000,
  sync_age_seconds: 500,
  boxes_estimate: 3,
  disk_free_bytes: 1,
  resident_memory_bytes: 7,
  certificate_left_seconds: 7_000,
  guide_left_seconds: 1_000,
  recurrence_left_seconds: 2_000,
  channels_without_guide: 1,
  clock_offset_seconds: 0.008,
  clock_error_seconds: 0.004,
};

test("what an edge does not know of itself is absent from the metrics, before and after it was known", async () => {
  let inputs = LEAST;
  const report = () => makeReport(inputs);
  const metrics = createMetrics({ report, counters: createCounters(), inFlightBytes: () => 0 });
  const read = async () => {
    const found: Record<string, number> = {};
    for (const [, name = "", value] of (await metrics.metrics()).matchAll(/^cuecast_edge_([a-z_]+) (\S+)$/gm))
      if (name in OPTIONAL) found[name] = Number(value);
    return found;
  };
  assert.deepEqual(await read(), {});
  inputs = { ...LEAST, ...KNOWN };
  assert.deepEqual(await read(), OPTIONAL);
  inputs = LEAST;
  assert.deepEqual(await read(), {});
  assert.match(await metrics.metrics(), /^cuecast_edge_trouble\{code="guide-ends-soon"\} 0$/m);
});
