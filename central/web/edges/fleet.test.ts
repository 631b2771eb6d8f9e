import assert from "node:assert/strict";
import { test } from "node:test";
import type { AirReply } from "../../routes/publishing-schemas.ts";
import type { Edge } from "./edge-state.ts";
import { filtered, fleetOf } from "./fleet.ts";

const edge = (id: string, region: string, over: Partial<Edge> = {}): Edge => ({
  ...{ id, region, enrolledAtMs: 0, lastSeenMs: 1_000, stale: false },
  report: {
    serves: { epoch: 1, revision: 1, hash: "a".repeat(64) },
    ...{ software: "1", timeZoneData: "2026c", outbox: { waiting: 2 }, boxes: 10, timeMs: 1_000 },
  },
  ...over,
});
const EDGES = [
  edge("a", "north"),
  edge("b", "north", { url: "http://b.example" }),
  edge("c", "south", { stale: true }),
  edge("d", "south", { revokedAtMs: 5 }),
];
const AIR = {
  edges: [
    { id: "a", landed: true },
    { id: "b", landed: false },
    { id: "c", landed: true },
  ],
} as AirReply;
const FLEET = fleetOf(EDGES, AIR, 2_000);

test("fleetOf() counts edges in service by what is to be said of them", () => {
  const { inService, landed, tones, boxes, waiting, commonZones } = FLEET;
  assert.deepEqual(
    { inService, landed, tones, boxes, waiting, commonZones },
    {
      inService: 3,
      landed: 2,
      tones: { good: 1, warn: 1, bad: 1 },
      boxes: 30,
      waiting: 6,
      commonZones: "2026c",
    },
  );
});

test("filtered() leaves edges by region, by what is amiss, and by id, address and the region's name", () => {
  const ids = (text: string, onlyAmiss = false, region?: string) =>
    filtered(FLEET.edges, { text, onlyAmiss, region }, (id) => (id === "north" ? "The North" : id)).map(
      (each) => each.edge.id,
    );
  assert.deepEqual(ids(""), ["a", "b", "c", "d"]);
  assert.deepEqual(ids("", true), ["b", "c"]);
  assert.deepEqual(ids("", false, "south"), ["c", "d"]);
  assert.deepEqual(ids(" B.Example "), ["b"]);
  assert.deepEqual(ids("the north", true), ["b"]);
});
