/** From a guide to a counted answer, on real parts; and what a channel switch does. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { fill, place } from "./content.ts";
import { type BoxRig, countedAt, createRig, type EdgeRig, landed, type Rig, until } from "./rig.ts";
import { assertWithin } from "./within.ts";

let rig: Rig;
let north: EdgeRig;
let south: EdgeRig;
let boxes: BoxRig[];
let startMs: number;
const BOXES = 4;

before(async () => {
  rig = await createRig();
  startMs = Date.now() + 25_000;
  await fill(rig, startMs);
  north = await rig.addEdge("edge-north", "north");
  south = await rig.addEdge("edge-south", "south");
  const when = {
    kind: "programme",
    match: { title: "Quiz night one" },
    at: { from: "start", offsetMs: 0 },
  } as const;
  await place(rig, "quiz", { when });
  const position = await rig.publish();
  await Promise.all([landed(north, position), landed(south, position)]);
  boxes = [north, south].map((edge) =>
    rig.addBoxes(`boxes-${edge.region}`, [
      "--edge",
      edge.url,
      "--channel",
      "one",
      "--count",
      String(BOXES / 2),
      "--answer",
      "random",
      "--seed",
      "7",
    ]),
  );
});
after(() => rig?.stop());

test("both edges serve a guide's cue with the same bytes", async () => {
  const replies = await Promise.all(
    [north, south].map(async (edge) => {
      const reply = await fetch(`${edge.url}/v1/channels/one/schedule`);
      return { etag: reply.headers.get("etag"), body: await reply.text() };
    }),
  );
  assert.deepEqual(replies[0], replies[1]);
  const schedule = JSON.parse(replies[0]?.body ?? "{}");
  assert.equal(schedule.cues.length, 1);
  assert.equal(Math.abs(schedule.cues[0].atMs - startMs) < 1000, true);
});

test("boxes of both regions fire within 250 ms of the moment, each once", async (t) => {
  const airings = await until(
    `${BOXES} boxes to fire`,
    () => {
      const all = boxes.flatMap((each) => each.airings).filter(({ cue }) => cue.startsWith("quiz:"));
      return all.filter(({ outcome }) => outcome === "shown").length >= BOXES && all;
    },
    60_000,
  );
  for (const airing of airings) {
    assert.equal(airing.outcome, "shown");
    assert.ok(Math.abs(airing.dueMs - startMs) < 1000, JSON.stringify(airing));
  }
  const offsMs = airings.map(({ firedMs = 0, dueMs }) => Math.abs(firedMs - dueMs));
  assertWithin(t, "boxes fired, off their moment", Math.max(...offsMs), 250);
  assert.equal(new Set(airings.map(({ box }) => box)).size, BOXES);
});

test("every answer is counted at central once", async () => {
  const cue = boxes[0]?.airings[0]?.cue ?? "";
  const counted = await until(
    "the answers at central",
    async () => {
      const found = await countedAt(rig, cue);
      return found.total >= BOXES && found;
    },
    40_000,
  );
  assert.equal(counted.total, BOXES);
  assert.equal(
    Object.values(counted.options).reduce((sum, count) => sum + count, 0),
    BOXES,
  );
});
