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

/** A step forward without network is taken for a sleep, once it is noticed and the doubt is over. */
const LOST_MS = { least: 4_000, most: 9_100 };

for (const stepMs of [2_000, 10_000, 61_000, HOUR_MS, 12 * HOUR_MS, -HOUR_MS]) {
  test(`a wall clock set by ${stepMs / 1000} s while something is asked costs no answer, with or without network`, () => {
    for (const cut of [false, true]) {
      for (const afterMs of [1, 100, 2_000, 6_000]) {
        if (cut && afterMs > LOST_MS.least && stepMs > 40_000) continue;
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

  test(`a wall clock set by ${stepMs / 1000} s changes nothing on the screen; without network it may have been a sleep`, () => {
    for (const cut of [false, true]) {
      const room = asking();
      if (cut) room.broken[EDGE] = "refused";
      room.time.stepWall(room.time.clock.wallMs() + stepMs);
      room.advance(50_000);
      const phases = room.seen.flatMap(({ view }) => view?.phase ?? []);
      assert.deepEqual([...new Set(phases)], ["open"], `cut ${cut}`);
      const hiddenMs = room.hidden(CUE) as number;
      // What is on the screen leaves by then, though nobody can tell.
      const endMs = cut ? 50_000 - Math.max(0, stepMs) : 50_000;
      const what = `cut ${cut}: hidden after ${hiddenMs - AT}`;
      if (endMs > 14_000) assert.ok(Math.abs(hiddenMs - AT - endMs) <= 100, what);
      else {
        const afterMs = hiddenMs - AT - 5_000;
        assert.ok(afterMs >= LOST_MS.least && afterMs <= LOST_MS.most, what);
      }
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
    room.advance(120_000);
    // Without network nobody knows whether it slept: it is told once it is over either way.
    assert.equal(told(room).length, online ? 6 : 0);
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

test("cues over which the clock was set forward without network are told once they are over, the others appear", () => {
  for (const stepMs of [12 * HOUR_MS, 29 * 24 * HOUR_MS]) {
    const cues = due(6, 600_000);
    const room = createLivingRoom({ cues });
    room.until(START_MS + 400_000);
    room.broken[EDGE] = "refused";
    room.time.stepWall(room.time.clock.wallMs() + stepMs);
    room.until(AT + 50_000);
    assert.deepEqual(told(room), []);
    room.until(AT + 1_900_000);
    assert.equal(told(room).length, 4);
    delete room.broken[EDGE];
    room.until(AT + 3_700_000);
    // Four had passed unseen; two were to come, and came.
    const outcomes = cues.map(({ id }, at) => (at < 4 ? `${id} missed asleep` : `${id} shown`));
    assert.deepEqual(told(room).sort(), outcomes.sort(), `${stepMs}`);
  }
});

test("what is on the screen when the machine falls asleep is gone within seconds of its waking", () => {
  for (const cut of [false, true]) {
    const room = createLivingRoom({ cues: [cue()] });
    let sleptMs = 0;
    room.special["/v1/time"] = () => ({ status: 200, body: { timeMs: Math.floor(room.trueMs() + sleptMs) } });
    const notice = { ...interactionSample, type: "notice", durationMs: 300_000 };
    room.interactions["int-42@3"] = notice as never;
    room.until(AT + 10_000);
    if (cut) room.broken[EDGE] = "refused";
    sleptMs = 12 * HOUR_MS;
    room.time.stepWall(room.time.clock.wallMs() + sleptMs);
    room.advance(10_000);
    const hiddenMs = room.hidden(CUE) as number;
    assert.ok(hiddenMs - AT - 10_000 <= (cut ? 9_100 : 5_100), `cut ${cut}: ${hiddenMs - AT - 10_000}`);
  }
});

test("a nap that ends before its end takes its time from what is on the screen", () => {
  const room = asking();
  let sleptMs = 0;
  room.special["/v1/time"] = () => ({ status: 200, body: { timeMs: Math.floor(room.trueMs() + sleptMs) } });
  sleptMs = 20_000;
  room.time.stepWall(room.time.clock.wallMs() + sleptMs);
  room.advance(40_000);
  const hiddenMs = room.hidden(CUE) as number;
  assert.ok(Math.abs(hiddenMs + sleptMs - AT - 50_000) <= 100, String(hiddenMs - AT));
});

test("a sleep of 31 days, or of 300, without network shows nothing of before it", () => {
  for (const days of [31, 300]) {
    const room = createLivingRoom({ cues: [cue()] });
    room.until(AT - 30_000);
    room.broken[EDGE] = "refused";
    room.time.stepWall(room.time.clock.wallMs() + days * 24 * HOUR_MS);
    room.until(AT + HOUR_MS);
    assert.deepEqual(room.shown(), [], `${days}`);
  }
});
