import assert from "node:assert/strict";
import { test } from "node:test";
import { type Edge, edgeState, LEFT_LEAST_MS, scheduleLeftMs } from "./edge-state.ts";

const NOW_MS = 1_800_000_000_000;
const REPORT = {
  serves: { epoch: 1, revision: 2, hash: "a".repeat(64) },
  software: "0.1.0",
  timeZoneData: "2026c",
  outbox: { waiting: 0 },
  guideUntilMs: NOW_MS + 2 * LEFT_LEAST_MS,
  timeMs: NOW_MS,
} satisfies Edge["report"];
const EDGE: Edge = {
  id: "edge-1",
  region: "north",
  enrolledAtMs: 0,
  lastSeenMs: NOW_MS,
  stale: false,
  report: REPORT,
};

const CASES: [name: string, edge: Partial<Edge>, landed: boolean, tone: string, findings: string[]][] = [
  ["a well edge", {}, true, "good", []],
  ["one that is behind", {}, false, "warn", ["behind"]],
  ["one that is silent and behind", { stale: true }, false, "bad", ["silent", "behind"]],
  [
    "one that never came",
    { lastSeenMs: undefined, stale: true, report: undefined },
    false,
    "bad",
    ["never-heard"],
  ],
  ["one in trouble", { report: { ...REPORT, trouble: "bad signature" } }, true, "bad", ["trouble"]],
  ["one with nothing yet", { report: { ...REPORT, serves: undefined } }, false, "bad", ["serves-nothing"]],
  ["a clock that is off", { report: { ...REPORT, timeMs: NOW_MS - 2_001 } }, true, "bad", ["clock-off"]],
  [
    "a guide that ends soon",
    { report: { ...REPORT, guideUntilMs: NOW_MS + 1 } },
    true,
    "warn",
    ["schedule-low"],
  ],
  [
    "a guide that has ended",
    { report: { ...REPORT, guideUntilMs: NOW_MS - 1 } },
    true,
    "bad",
    ["schedule-ended"],
  ],
  ["other time zone data", { report: { ...REPORT, timeZoneData: "2026a" } }, true, "warn", ["zones-differ"]],
  ["one that was revoked", { revokedAtMs: 1, stale: true }, false, "plain", []],
];

for (const [name, over, landed, tone, findings] of CASES) {
  test(`edgeState() of ${name}`, () => {
    const edge = { ...EDGE, ...over } as Edge;
    assert.deepEqual(edgeState(edge, landed, "2026c", NOW_MS), { tone, findings });
  });
}

test("scheduleLeftMs() is unknown without a guide, and for an edge that serves nothing", () => {
  assert.equal(scheduleLeftMs(EDGE, NOW_MS), 2 * LEFT_LEAST_MS);
  for (const over of [{ guideUntilMs: undefined }, { serves: undefined }])
    assert.equal(scheduleLeftMs({ ...EDGE, report: { ...REPORT, ...over } } as Edge, NOW_MS), undefined);
});
