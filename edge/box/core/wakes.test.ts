/** How often a box wakes its machine: timers that ran and replies that came, counted over a day of virtual time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLivingRoom, cue, START_MS, schedule } from "../testing/living-room.ts";

const HOUR_MS = 3_600_000;
const HOURS = 24;

function day(cuesAnHour: number, settings: Parameters<typeof createLivingRoom>[0] = {}) {
  const cues = Array.from({ length: cuesAnHour * HOURS }, (_, at) =>
    cue({ id: `pl${at}:once`, atMs: START_MS + 600_000 + (at * HOUR_MS) / cuesAnHour }),
  );
  const room = createLivingRoom({ cues, ...settings });
  if (cues.length > 0) room.schedules.cctv1 = schedule(cues);
  for (const one of cues) {
    room.until(one.atMs + 3_000);
    room.answer(one.id, { options: ["a"] });
  }
  room.until(START_MS + HOURS * HOUR_MS);
  return {
    timers: room.wakes / HOURS,
    replies: room.asked.length / HOURS,
    shown: room.shown().length,
    writes: room.flash.writes.length,
  };
}

/** Timers and replies an hour, at most. docs/box.md has what was counted. */
const LIMITS: [string, number, Parameters<typeof createLivingRoom>[0], number, number][] = [
  ["in standby", 0, { channel: "" }, 16, 8],
  ["tuned, no cue near", 0, {}, 75, 21],
  ["two cues an hour, answered", 2, {}, 105, 42],
  ["six cues an hour, answered", 6, {}, 175, 90],
];
for (const [what, cuesAnHour, settings, timersMost, repliesMost] of LIMITS) {
  test(`a box ${what} wakes its machine no more often than it must`, () => {
    const { timers, replies, shown } = day(cuesAnHour, settings);
    assert.equal(shown, cuesAnHour * HOURS);
    // Tuned, it notices within a minute that it slept.
    if (settings?.channel !== "") assert.ok(timers >= 59, `${timers} timers an hour`);
    assert.ok(timers <= timersMost, `${timers} timers an hour`);
    assert.ok(replies <= repliesMost, `${replies} replies an hour`);
  });
}
