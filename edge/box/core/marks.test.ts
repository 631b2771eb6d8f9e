/** The marks that forbid a second time: what a power cut leaves of them, and how long they are kept. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Airing } from "../../../shared/protocol/airings.ts";
import { encodeRecord } from "../record.ts";
import { createLivingRoom, cue, START_MS, schedule } from "../testing/living-room.ts";
import { LIMITS } from "./pace.ts";

const AT = START_MS + 600_000;
const CUE = "pl1:p1.0";
const MARK = `fired/${CUE}`;
const DAY_MS = 86_400_000;

test("a cue that was marked when the power went is told once, wherever it was cut", () => {
  let unshown = 0;
  for (let cutMs = AT - 2_000; cutMs < AT + 30_000; cutMs += cutMs < AT + 200 ? 41 : 3_001) {
    const room = createLivingRoom({ cues: [cue()] });
    room.flash.slowMs = 37;
    room.until(cutMs);
    room.reboot(2_000);
    room.until(AT + 120_000);
    room.reboot(2_000);
    room.until(AT + 240_000);
    const sent = room.sent("airings") as Airing[];
    const keys = new Set(sent.map(({ key }) => key));
    assert.equal(keys.size, 1, `cut ${cutMs - AT} ms after: ${JSON.stringify(sent)}`);
    if (sent[0]?.reason === "power") {
      unshown++;
      assert.equal(sent[0].outcome, "missed");
      assert.equal(sent[0].dueMs, AT);
    }
    assert.ok(room.seen.filter(({ what }) => what === "hide").length <= 1);
  }
  assert.ok(unshown > 0);
});

test("a torn mark is kept, though the wall clock is wrong by years and another cue is marked", () => {
  const long = cue({ id: "a:once", atMs: START_MS + 60_000, untilMs: START_MS + 3_660_000 });
  const room = createLivingRoom({ cues: [long, cue({ id: "b:p1.0", atMs: AT })], wallOffMs: -START_MS });
  room.until(START_MS + 200_000);
  assert.deepEqual(room.shown(), ["a:once"]);
  room.flash.texts["fired/a:once"] = (room.flash.texts["fired/a:once"] as string).slice(0, -3);
  room.seen.length = 0;
  room.time.stepWall(5_000);
  room.reboot(1_000);
  room.until(START_MS + 1_200_000);
  assert.deepEqual(room.shown(), ["b:p1.0"]);
});

test("a cue that comes once and was moved by weeks is not shown again", () => {
  const laterMs = START_MS + 40 * DAY_MS;
  const room = createLivingRoom({ cues: [cue({ id: "a:once", atMs: START_MS + 60_000 })] });
  room.until(START_MS + 200_000);
  assert.deepEqual(room.shown(), ["a:once"]);
  room.until(laterMs - 3_600_000);
  room.schedules.cctv1 = schedule(
    [cue({ id: "x:p1.0", atMs: laterMs - 1_800_000 }), cue({ id: "a:once", atMs: laterMs })],
    { revision: 2, fromMs: laterMs - 7_200_000, untilMs: laterMs + DAY_MS },
  );
  room.seen.length = 0;
  room.until(laterMs + 120_000);
  assert.deepEqual(room.shown(), ["x:p1.0"]);
});

test("a mark tells what it is of until there is an airing, and then no more", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT - 100);
  assert.ok(room.flash.texts[MARK]?.includes("int-42"));
  room.until(AT + 100);
  assert.ok(!room.flash.texts[MARK]?.includes("int-42"));
});

test("a cue is shown however many marks of cues that fire once are kept", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.advance(5_000);
  for (let at = 1; at <= LIMITS.fired; at++) {
    const markedMs = START_MS - at * 300_000;
    room.flash.texts[`fired/o${at}:once`] = encodeRecord({ atMs: markedMs, markedMs });
  }
  room.reboot(1_000);
  room.until(AT + 60_000);
  assert.equal(room.shown().length, 1);
  const kept = Object.keys(room.flash.texts).filter((key) => key.startsWith("fired/"));
  assert.equal(kept.length, LIMITS.fired);
  assert.ok(kept.includes(MARK));
  assert.ok(!kept.includes(`fired/o${LIMITS.fired}:once`));
});

test("a mark that could not be written is tried again while the window is open, and the cue is shown late", () => {
  for (const mendedMs of [-100, 10_000, 45_000]) {
    const room = createLivingRoom({ cues: [cue({ untilMs: AT + 120_000 })] });
    room.until(AT - 10_000);
    room.flash.full = true;
    room.until(AT + mendedMs);
    assert.deepEqual(room.shown(), []);
    room.flash.full = false;
    room.until(AT + 118_000);
    assert.deepEqual(room.shown(), [CUE], `${mendedMs}`);
    const [airing, ...more] = room.airings();
    assert.equal(airing?.outcome, mendedMs < 0 ? "shown" : "late");
    if (mendedMs > 0) assert.equal(airing?.reason, "storage");
    assert.deepEqual(more, []);
    room.seen.length = 0;
    room.reboot(1_000);
    room.until(AT + 130_000);
    assert.deepEqual(room.shown(), []);
  }
});

test("a store that stays full is asked at the pace of the backoff, and no more once the window has closed", () => {
  const room = createLivingRoom({ cues: [cue({ untilMs: AT + 3_600_000 })] });
  room.until(AT - 10_000);
  room.flash.full = true;
  const tries = () => room.happened.filter(({ event }) => event === "store-failed");
  room.until(AT + 600_000);
  assert.ok(tries().length > 15 && tries().length < 45, `${tries().length} tries in ten minutes`);
  room.until(AT + 3_600_000 + 60_000);
  const until = tries().length;
  assert.deepEqual(room.airings()[0]?.reason, "storage");
  room.until(AT + 2 * 3_600_000);
  assert.ok(tries().filter(({ fields }) => fields.key === MARK).length <= until);
});

test("a mark is kept while its cue may begin, however long ago it was shown", () => {
  const room = createLivingRoom();
  const long = cue({ untilMs: AT + 40 * DAY_MS });
  const later = cue({ id: "pl2:p1.0", atMs: AT + 15 * DAY_MS });
  room.schedules.cctv1 = schedule([long, later], { untilMs: START_MS + 50 * DAY_MS });
  room.until(AT + 120_000);
  assert.deepEqual(room.shown(), [CUE]);
  room.seen.length = 0;
  room.until(AT + 16 * DAY_MS);
  assert.deepEqual(room.shown(), ["pl2:p1.0"]);
});

test("a mark is kept until its window has closed for a viewer who hopped through many channels meanwhile", () => {
  const room = createLivingRoom({ cues: [cue({ untilMs: AT + 40 * DAY_MS })] });
  room.until(AT + 120_000);
  const cctv1 = room.schedules.cctv1;
  for (let number = 2; number <= LIMITS.schedules + 2; number++) {
    const other = cue({ id: `pl${number}:p1.0`, atMs: AT + (13 + number) * DAY_MS });
    const channel = `cctv${number}`;
    room.schedules[channel] = { ...schedule([other], { untilMs: AT + 40 * DAY_MS }), channel };
    room.box.tune(channel);
    room.until(other.atMs + 120_000);
  }
  assert.ok(!("schedule/cctv1" in room.box.state().schedules));
  room.schedules.cctv1 = { ...(cctv1 as NonNullable<typeof cctv1>), revision: 2 };
  room.seen.length = 0;
  room.box.tune("cctv1");
  room.advance(3_600_000);
  assert.deepEqual(room.shown(), []);
});
