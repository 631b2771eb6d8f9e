/** What a jump of the wall clock does to what is on the screen and to what fell due meanwhile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Answer } from "../../../shared/protocol/answers.ts";
import { interactionSample } from "../../../shared/protocol/interaction.ts";
import { createLivingRoom, cue, EDGE, START_MS, schedule } from "../testing/living-room.ts";

const AT = START_MS + 600_000;
const CUE = "pl1:p1.0";
const HOUR_MS = 3_600_000;
/** What an edge takes; WIRE.md. */
const AHEAD_MAX_MS = 5_000;

function asking() {
  const room = createLivingRoom({ cues: [cue()] });
  room.interactions["int-42@3"] = { ...interactionSample, durationMs: 50_000, results: "never" } as never;
  room.until(AT + 5_000);
  return room;
}

for (const stepMs of [2_000, 10_000, 61_000, HOUR_MS, 12 * HOUR_MS, -HOUR_MS]) {
  test(`a wall clock set by ${stepMs / 1000} s while something is asked costs no answer, with or without network`, () => {
    for (const cut of [false, true]) {
      for (const afterMs of [1, 100, 2_000, 6_000]) {
        const room = asking();
        if (cut) room.broken[EDGE] = "refused";
        room.time.stepWall(room.time.clock.wallMs() + stepMs);
        room.advance(afterMs);
        const givenMs = room.trueMs();
        room.answer(CUE, { options: ["a"] });
        delete room.broken[EDGE];
        room.advance(120_000);
        const answer = room.sent("answers")[0] as Answer;
        const what = `${cut ? "cut, " : ""}${afterMs} ms after`;
        assert.ok(answer, what);
        assert.ok(answer.answeredAtMs - givenMs <= AHEAD_MAX_MS, `${what}: ${answer.answeredAtMs - givenMs}`);
        assert.ok(answer.answeredAtMs >= givenMs - 10 || cut, `${what}: ${answer.answeredAtMs - givenMs}`);
      }
    }
  });

  test(`a wall clock set by ${stepMs / 1000} s changes nothing on the screen`, () => {
    for (const cut of [false, true]) {
      const room = asking();
      if (cut) room.broken[EDGE] = "refused";
      room.time.stepWall(room.time.clock.wallMs() + stepMs);
      room.advance(30_000);
      assert.deepEqual([...new Set(room.seen.map(({ view }) => view?.phase))], ["open"], `cut ${cut}`);
      room.advance(20_000);
      const hiddenMs = room.hidden(CUE) as number;
      assert.ok(Math.abs(hiddenMs - AT - 50_000) <= 100, `cut ${cut}: hidden after ${hiddenMs - AT}`);
    }
  });
}

const due = (count: number, everyMs: number) =>
  Array.from({ length: count }, (_, at) =>
    cue({
      id: `pl${at}:once`,
      atMs: AT + at * everyMs,
      fetch: { fromMs: START_MS, untilMs: START_MS + 300_000 },
    }),
  );

const told = (room: ReturnType<typeof createLivingRoom>) =>
  room.airings().map(({ cue: id, outcome, reason }) => `${id} ${outcome}${reason ? ` ${reason}` : ""}`);

test("cues whose windows a suspend took are told as slept through, once each", () => {
  for (const online of [true, false]) {
    const cues = due(6, 600_000);
    const room = createLivingRoom({ cues });
    let sleptMs = 0;
    room.special["/v1/time"] = () => ({
      status: 200,
      body: { timeMs: Math.floor(room.trueMs() + sleptMs) },
    });
    room.until(START_MS + 400_000);
    if (!online) room.broken[EDGE] = "refused";
    // Monotonic time stands still, twelve hours pass; the edge's window moves along.
    sleptMs = 12 * HOUR_MS;
    room.time.stepWall(room.time.clock.wallMs() + sleptMs);
    const fromMs = START_MS + 11 * HOUR_MS;
    room.schedules.cctv1 = schedule([], { fromMs, untilMs: fromMs + 48 * HOUR_MS, revision: 2 });
    room.advance(HOUR_MS);
    assert.deepEqual(
      told(room),
      cues.map(({ id }) => `${id} missed asleep`),
      `online ${online}`,
    );
  }
});

test("what a schedule that comes while the clock is in doubt has left behind is told once the doubt is over", () => {
  const cues = due(6, 600_000);
  const room = createLivingRoom({ cues });
  let sleptMs = 0;
  room.special["/v1/time"] = () => ({ status: 200, body: { timeMs: Math.floor(room.trueMs() + sleptMs) } });
  room.until(START_MS + 400_000);
  const { dueMs } = room.box.state().tasks["schedule/cctv1"] as { dueMs: number };
  room.advance(dueMs - room.time.clock.monotonicMs() - 500);
  sleptMs = 12 * HOUR_MS;
  room.time.stepWall(room.time.clock.wallMs() + sleptMs);
  room.lost = ["/v1/time"];
  const fromMs = START_MS + 11 * HOUR_MS;
  room.schedules.cctv1 = schedule([], { fromMs, untilMs: fromMs + 48 * HOUR_MS, revision: 2 });
  room.advance(2_000);
  assert.deepEqual(told(room), []);
  assert.equal(room.box.state().schedules["schedule/cctv1"]?.schedule.revision, 2);
  room.lost = [];
  room.advance(HOUR_MS);
  assert.deepEqual(
    told(room),
    cues.map(({ id }) => `${id} missed asleep`),
  );
  // Then it is forgotten.
  room.schedules.cctv1 = schedule([], { fromMs, untilMs: fromMs + 48 * HOUR_MS, revision: 3 });
  room.advance(HOUR_MS);
  assert.deepEqual(room.box.state().schedules["schedule/cctv1"]?.schedule.cues, []);
});

test("of a short suspend, what passed is told, what comes is shown", () => {
  const room = createLivingRoom({ cues: due(6, 600_000) });
  let sleptMs = 0;
  room.special["/v1/time"] = () => ({ status: 200, body: { timeMs: Math.floor(room.trueMs() + sleptMs) } });
  room.until(START_MS + 410_000);
  sleptMs = 1_800_000;
  room.time.stepWall(room.time.clock.wallMs() + sleptMs);
  room.advance(HOUR_MS);
  assert.deepEqual(told(room), [
    "pl0:once missed asleep",
    "pl1:once missed asleep",
    "pl2:once missed asleep",
    "pl3:once shown",
    "pl4:once shown",
    "pl5:once shown",
  ]);
});

test("what passed on a channel before the viewer came to it is not told after a suspend", () => {
  const room = createLivingRoom({ cues: [] });
  room.schedules.cctv2 = schedule(due(3, 600_000), { channel: "cctv2" });
  let sleptMs = 0;
  room.special["/v1/time"] = () => ({ status: 200, body: { timeMs: Math.floor(room.trueMs() + sleptMs) } });
  room.until(AT + 900_000);
  room.box.tune("cctv2");
  room.advance(5_000);
  sleptMs = HOUR_MS;
  room.time.stepWall(room.time.clock.wallMs() + sleptMs);
  room.advance(60_000);
  assert.deepEqual(told(room), ["pl2:once missed asleep"]);
});

test("cues over which the clock was set forward without network are each told", () => {
  for (const stepMs of [12 * HOUR_MS, 29 * 24 * HOUR_MS]) {
    const room = createLivingRoom({ cues: due(6, 600_000) });
    room.until(START_MS + 400_000);
    room.broken[EDGE] = "refused";
    room.time.stepWall(room.time.clock.wallMs() + stepMs);
    room.until(AT + 3_700_000);
    assert.equal(room.airings().length, 6, told(room).join());
    assert.equal(new Set(told(room)).size, 6);
  }
});
