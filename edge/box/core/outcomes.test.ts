/** A cue is told of once, with one outcome, whatever clocks and schedules do meanwhile. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { interactionSample } from "../../../shared/protocol/interaction.ts";
import { createLivingRoom, cue, EDGE, START_MS, schedule } from "../testing/living-room.ts";

const AT = START_MS + 600_000;
const HOUR_MS = 3_600_000;

const told = (room: ReturnType<typeof createLivingRoom>) =>
  room.airings().map(({ cue: id, outcome, reason }) => `${id} ${outcome}${reason ? ` ${reason}` : ""}`);

test("a cue over which the wall clock was set without network, and back, is shown and told of once", () => {
  for (const forthMs of [HOUR_MS, 12 * HOUR_MS, 31 * 24 * HOUR_MS]) {
    const room = createLivingRoom({ cues: [cue({ atMs: AT + HOUR_MS })] });
    room.until(AT);
    room.broken[EDGE] = "refused";
    room.time.stepWall(room.time.clock.wallMs() + forthMs);
    room.advance(600_000);
    room.time.stepWall(room.time.clock.wallMs() - forthMs);
    room.advance(600_000);
    delete room.broken[EDGE];
    room.until(AT + HOUR_MS + 120_000);
    assert.deepEqual(told(room), ["pl1:p1.0 shown"], `${forthMs}`);
  }
});

test("a cue that was missed is not shown when the picture is measured to be later", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.special["/v1/interactions/int-42"] = ({ atMs }) => (atMs < AT + 65_000 ? { status: 404 } : undefined);
  room.until(AT + 65_000);
  assert.deepEqual(told(room), ["pl1:p1.0 missed no-interaction"]);
  room.box.delay(20_000);
  room.until(AT + 120_000);
  assert.deepEqual(room.shown(), []);
  assert.equal(room.airings().length, 1);
});

test("an edge whose clock was wrong by an hour and is set right again costs no cue but those of that hour", () => {
  const cues = [0, 1, 2].map((at) => cue({ id: `pl${at}:once`, atMs: AT + (0.5 + at) * HOUR_MS }));
  const room = createLivingRoom({ cues });
  let aheadMs = HOUR_MS;
  room.special["/v1/time"] = () => ({ status: 200, body: { timeMs: Math.floor(room.trueMs() + aheadMs) } });
  room.until(AT);
  aheadMs = 0;
  room.until(AT + 3 * HOUR_MS);
  assert.deepEqual(room.shown(), ["pl0:once", "pl1:once", "pl2:once"]);
});

/** Two cues at one moment, of which the first holds the screen. */
function overlapping() {
  const low = cue({ id: "pl2:x", interaction: "int-2", version: 1, priority: 1 });
  const room = createLivingRoom({ cues: [cue({ priority: 5 }), low] });
  const short = { ...interactionSample, durationMs: 10_000, results: "never" };
  room.interactions["int-42@3"] = short as never;
  room.interactions["int-2@1"] = { ...short, id: "int-2", version: 1 } as never;
  return { room, low };
}

test("what was overlapped is not shown late, and is told when its window has closed", () => {
  const { room } = overlapping();
  room.until(AT + 59_000);
  assert.deepEqual(told(room), ["pl1:p1.0 shown"]);
  room.until(AT + 62_000);
  assert.deepEqual(told(room), ["pl1:p1.0 shown", "pl2:x suppressed overlap"]);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
  assert.ok(!("fired/pl2:x" in room.flash.texts));
});

test("what was overlapped and moves before its window has closed is judged anew", () => {
  for (const byMs of [1_000, 40_000, 300_000]) {
    const { room, low } = overlapping();
    room.until(AT + 500);
    assert.deepEqual(room.shown(), ["pl1:p1.0"]);
    room.until(AT + 12_000);
    const atMs = AT + 12_000 + byMs;
    const moved = { ...low, atMs, untilMs: atMs + 60_000, fetch: { fromMs: AT, untilMs: AT + 1_000 } };
    room.schedules.cctv1 = schedule([cue({ priority: 5 }), moved], { revision: 2 });
    room.until(atMs + 70_000);
    assert.deepEqual(room.shown(), ["pl1:p1.0", "pl2:x"], `${byMs}`);
    const [, its] = told(room);
    assert.match(its as string, byMs < 30_000 ? /^pl2:x late / : /^pl2:x shown$/);
    assert.equal(room.airings().length, 2);
  }
});

test("a cue that was still to come and moved wholly into the past is told of once, as moved", () => {
  const early = { atMs: AT - 200_000, untilMs: AT - 100_000 };
  const room = createLivingRoom({
    cues: [cue({ atMs: AT + 600_000 }), cue({ id: "pl2:x", atMs: AT + 900_000 })],
  });
  room.until(AT - 10_000);
  room.schedules.cctv1 = schedule([cue(early), cue({ id: "pl2:x", atMs: AT + 900_000 })], { revision: 2 });
  room.until(AT + 310_000);
  assert.deepEqual(told(room), ["pl1:p1.0 missed moved"]);
  assert.equal(room.airings()[0]?.dueMs, early.atMs);
  room.schedules.cctv1 = schedule([cue(early)], { revision: 3 });
  room.until(AT + 800_000);
  assert.equal(room.airings().length, 1);
  room.schedules.cctv1 = schedule([cue({ atMs: AT + 1_500_000 })], { revision: 4 });
  room.until(AT + 1_600_000);
  assert.deepEqual(told(room).slice(1), ["pl1:p1.0 shown"]);
});

test("of a cue that moved into the past and was shown, or is for others, or was over when the viewer came, nothing is told", () => {
  const early = { atMs: AT - 200_000, untilMs: AT - 100_000 };
  const others = { audience: { tags: ["none"] } };
  for (const away of [false, true]) {
    const long = { atMs: START_MS + 60_000, untilMs: AT + 600_000 };
    const cues = [cue({ id: "pl2:x", ...long }), cue({ id: "pl3:x", atMs: AT + 600_000, ...others })];
    if (away) cues.push(cue({ id: "pl1:x", atMs: AT + 600_000 }));
    const room = createLivingRoom({ cues });
    room.until(AT - 90_000);
    assert.deepEqual(told(room), ["pl2:x shown"]);
    room.schedules.cctv1 = schedule(
      cues.map((one) => ({ ...one, ...early })),
      { revision: 2 },
    );
    if (away) room.box.tune("cctv2");
    room.advance(5_000);
    room.box.tune("cctv1");
    room.until(AT + 700_000);
    assert.deepEqual(told(room), ["pl2:x shown"]);
  }
});
