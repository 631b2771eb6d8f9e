/** The sample's schedule looks like a real channel's, and has something to see within the minute at every start. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { guideInMemory, readGuide } from "../../central/testing/read-guide.ts";
import type { Cue } from "../../shared/protocol/schedule.ts";
import { expandProgrammes, expandTimed } from "../../shared/schedule/expand.ts";
import { placementSchema } from "../../shared/schedule/placement.ts";
import { makeSchedule, REFRESH_MS, windowAt } from "../../shared/schedule/window.ts";
import { makeSampleGuide } from "./sample-guide.ts";
import { sampleInteractions } from "./sample-interactions.ts";
import { samplePlacements } from "./sample-placements.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const interactions = sampleInteractions().map(({ interaction }) => interaction);
const types = new Map(interactions.map(({ id, type }) => [id, type]));
const durations = new Map(interactions.map(({ id, durationMs }) => [id, durationMs]));

async function* bytesOf(text: string) {
  yield new TextEncoder().encode(text);
}

async function scheduleOf(nowMs: number, starts = 0) {
  const { placements, pollAtMs } = samplePlacements({ nowMs, channels: ["cctv1"], interactions, starts });
  const guide = await readGuide(bytesOf(makeSampleGuide(nowMs)), guideInMemory([], []));
  const programmes = guide.programmes.upsert.filter(({ channel }) => channel === "cctv1");
  const window = windowAt(nowMs);
  const cues: Cue[] = placements.flatMap((placement) =>
    placement.when.kind === "programme"
      ? expandProgrammes(placement, programmes, window.fromMs, window.untilMs)
      : expandTimed(placement, window.fromMs, window.untilMs),
  );
  const inputs = { channel: "cctv1", epoch: 1, revision: 1, programmes, cues };
  return { placements, pollAtMs, schedule: makeSchedule(inputs, window, REFRESH_MS) };
}

for (const [what, nowMs] of [
  ["before the evening", Date.UTC(2026, 10, 23, 10, 58, 31)],
  ["at the end of an hour and a day", Date.UTC(2026, 10, 23, 15, 59, 59)],
  ["on a full minute", Date.UTC(2026, 2, 1, 3, 20)],
] as const) {
  test(`samplePlacements() ${what}: a poll within the minute, then all six types in the hour, one at a time`, async () => {
    const { placements, pollAtMs, schedule } = await scheduleOf(nowMs);
    for (const placement of placements) assert.deepEqual(v.parse(placementSchema, placement), placement);
    const upcoming = schedule.cues.filter(({ atMs }) => atMs >= nowMs);
    const [first, second] = upcoming;
    assert.equal(first?.atMs, pollAtMs);
    assert.ok(pollAtMs - nowMs <= MINUTE);
    assert.equal(types.get(first.interaction), "poll");
    // The poll leaves, and nobody waits long for the next one.
    assert.ok(second && second.atMs - pollAtMs >= 75_000 && second.atMs - pollAtMs <= 4 * MINUTE);
    const hour = upcoming.filter(({ atMs }) => atMs < pollAtMs + HOUR + 5 * MINUTE);
    assert.equal(new Set(hour.map(({ interaction }) => types.get(interaction))).size, 6);
    assert.ok(hour.length >= 7 && hour.length <= 12, `${hour.length} in the first hour`);
  });

  test(`samplePlacements() ${what}: a schedule of 20 KB or so`, async () => {
    const { schedule } = await scheduleOf(nowMs);
    const bytes = new TextEncoder().encode(JSON.stringify(schedule)).length;
    assert.ok(bytes < 25_000, `${bytes} bytes`);
    assert.ok(schedule.cues.some(({ programme }) => programme !== undefined));
    // One falls on another now and then, as in life; most do not.
    const overlaps = schedule.cues.filter((cue, at) => {
      const before = schedule.cues[at - 1];
      return before && before.atMs + (durations.get(before.interaction) ?? 0) > cue.atMs;
    });
    assert.ok(overlaps.length <= 2, `${overlaps.length} overlap`);
  });
}

test("samplePlacements() makes the opening of another start another cue", async () => {
  const nowMs = Date.UTC(2026, 10, 23, 10, 58);
  const ids = await Promise.all(
    [0, 1].map(async (starts) => (await scheduleOf(nowMs, starts)).schedule.cues[0]?.id),
  );
  assert.deepEqual(ids, ["opening:once", "opening.1:once"]);
});
