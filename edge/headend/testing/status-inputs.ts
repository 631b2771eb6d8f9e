/** What an edge that is well knows of itself, and what is told when one thing is wrong. */
import type { StatusInputs } from "../status/inputs.ts";

export const HOUR = 3_600_000;
export const NOW = 1795431000000;
export const wellInputs: StatusInputs = {
  nowMs: NOW,
  startedAtMs: NOW - HOUR,
  software: "0.1.0",
  runtime: "deno 2.9.6",
  timeZoneData: "2026b",
  identity: { edge: "north-1", region: "north" },
  central: { url: "http://central.test", up: true, sinceMs: NOW - HOUR },
  snapshot: {
    epoch: 2,
    revision: 418,
    hash: "a".repeat(64),
    publishedAtMs: NOW - HOUR,
    regionKnown: true,
    counts: { channels: 3, placements: 4, interactions: 5, programmes: 6 },
    left: { recurrenceWithoutEnd: true, guideUntilMs: NOW + 30 * HOUR },
    troubles: [],
  },
  sync: {},
  outbox: { waiting: 0 },
  traffic: { pulls: 10, notModified: 4, pullsPerSecond: 2, shed: 0, failures: 0 },
  clockOffsetMs: -12,
};
const snapshot = wellInputs.snapshot as NonNullable<StatusInputs["snapshot"]>;

export const REPORT_CASES: [what: string, change: Partial<StatusInputs>, codes: string[], state: string][] = [
  ["nothing wrong", {}, [], "good"],
  ["no identity", { identity: undefined }, ["not-enrolled"], "alarm"],
  ["nothing to serve", { snapshot: undefined }, ["nothing-to-serve"], "alarm"],
  ["no line", { central: { url: "x", up: false, why: "refused" } }, ["central-unreachable"], "warning"],
  [
    "central's refusal",
    {
      central: {
        url: "x",
        up: false,
        why: "Cannot report to central x: it refused this edge: it was revoked",
      },
    },
    ["central-unreachable"],
    "alarm",
  ],
  [
    "an error inside",
    { traffic: { ...wellInputs.traffic, failures: 1, lastFailureMs: NOW - 1_000 } },
    ["failures"],
    "warning",
  ],
  [
    "an error inside, hours ago",
    { traffic: { ...wellInputs.traffic, failures: 1, lastFailureMs: NOW - 2 * HOUR } },
    [],
    "good",
  ],
  ["a refused publication", { sync: { refused: "older" } }, ["publication-refused"], "alarm"],
  ["a failing sync", { sync: { failed: "timed out" } }, ["sync-fails"], "warning"],
  ["an unknown region", { snapshot: { ...snapshot, regionKnown: false } }, ["region-unknown"], "alarm"],
  ["an entry left out", { snapshot: { ...snapshot, troubles: ["x"] } }, ["entries-left-out"], "warning"],
  [
    "a guide that ends in 23 h",
    { snapshot: { ...snapshot, left: { recurrenceWithoutEnd: true, guideUntilMs: NOW + 23 * HOUR } } },
    ["guide-ends-soon"],
    "warning",
  ],
  [
    "one worker of two for a while",
    { workers: { asked: 2, serving: 1, replaced: 3, fewerForMs: 11_000 } },
    ["workers-missing"],
    "warning",
  ],
  [
    "no worker for a while",
    { workers: { asked: 2, serving: 0, replaced: 3, fewerForMs: 11_000 } },
    ["workers-missing"],
    "alarm",
  ],
  [
    "a worker that is replaced",
    { workers: { asked: 2, serving: 1, replaced: 3, fewerForMs: 900 } },
    [],
    "good",
  ],
  ["a full disk", { outbox: { waiting: 1, trouble: "full" } }, ["outbox-refuses"], "alarm"],
  ["a code that failed", { codeRefused: "Cannot enrol" }, ["not-enrolled-anew"], "warning"],
  ["a damaged outbox", { outbox: { waiting: 0, damaged: ["x.db: 3 of 4"] } }, ["outbox-damaged"], "alarm"],
  ["an old answer", { outbox: { waiting: 1, oldestAtMs: NOW - HOUR } }, ["outbox-waits"], "warning"],
  [
    "an uplink that fails",
    { outbox: { waiting: 1, oldestAtMs: NOW, uplinkTrouble: "500" } },
    ["outbox-waits"],
    "warning",
  ],
  ["answers set aside", { outbox: { waiting: 0, setAside: 2 } }, ["answers-set-aside"], "warning"],
  ["a damaged copy", { damage: ["1-2-abc.db: bad"] }, ["copy-damaged"], "warning"],
  ["a clock 1 s off", { clockOffsetMs: 1000 }, ["clock-off"], "alarm"],
  ["a clock that may be 1 s off", { clockOffsetMs: 1000, clockErrorMs: 600 }, [], "good"],
  ["a clock behind its past", { clockOffsetMs: undefined, clockBehindMs: 90_000 }, ["clock-behind"], "alarm"],
  ["a clock behind its past that central confirms", { clockBehindMs: 90_000 }, [], "good"],
  ["a clock that was set", { clockStep: { stepMs: 7_200_000, atMs: NOW - 1 } }, ["clock-stepped"], "warning"],
  ["a clock that was set long ago", { clockStep: { stepMs: 9_000, atMs: NOW - 2 * HOUR } }, [], "good"],
  ["a disk with little room", { disk: { freeBytes: 5e8, totalBytes: 6e10 } }, ["disk-full-soon"], "warning"],
  ["a disk with no room", { disk: { freeBytes: 1e6, totalBytes: 6e10 } }, ["disk-full-soon"], "alarm"],
  ["a certificate that ends", { certificateEndsAtMs: NOW + HOUR }, ["certificate-ends"], "warning"],
  ["a certificate that has ended", { certificateEndsAtMs: NOW - HOUR }, ["certificate-ends"], "alarm"],
  [
    "other time zone data at central",
    { central: { ...wellInputs.central, timeZoneData: "2026c" } },
    ["time-zones-differ"],
    "warning",
  ],
];
