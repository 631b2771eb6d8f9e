/** What a box holds that could not appear: told once each, given back, and no longer asked for. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { createLivingRoom, cue, EDGE, START_MS, schedule } from "../testing/living-room.ts";
import type { Effect, Happened, Input } from "./messages.ts";
import { initialState, type State } from "./state.ts";
import { step } from "./step.ts";

const AT = START_MS + 600_000;
const INTERACTION = "/v1/interactions/int-42";

test("a thousand cues that pass without network are told once each", () => {
  const cues = Array.from({ length: 1_000 }, (_, number) =>
    cue({ id: `pl${number}:p`, atMs: AT + number * 60_000, interaction: `int-${number}` }),
  );
  const room = createLivingRoom({ cues });
  // A write that is over at once would make the telling one endless step.
  room.flash.slowMs = 1;
  room.until(START_MS + 120_000);
  room.broken[EDGE] = "refused";
  room.until(AT + 1_002 * 60_000);
  const told = room.airings().map((airing) => airing.cue);
  assert.equal(told.length, 1_000);
  assert.equal(new Set(told).size, 1_000);
  assert.ok(room.flash.writes.length < 1_500, `${room.flash.writes.length} writes`);
});

/** A box with one cue, held from the start, whose writes end when they are told to. */
function slowBox() {
  let state: State = initialState({
    box: "b",
    edges: [EDGE],
    channel: "cctv1",
    languages: ["en"],
    tags: [],
  });
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT - 20_000);
  const entries = Object.keys(room.flash.texts)
    .filter((key) => /^(secret|schedule|interaction|clock)/.test(key))
    .map((key) => ({ key, data: dataOf(room.flash.texts[key] as string) }));
  const effects: Effect[] = [];
  const happen = (happened: Happened, atMs: number) => {
    const input = { ...happened, wallClockMs: atMs, steadyMs: atMs - START_MS } as Input;
    const [after, made] = step(state, input);
    state = after;
    effects.push(...made);
  };
  happen({ type: "loaded", seed: [1, 2, 3, 4], entries, damaged: [] }, AT - 60_000);
  const marks = () => effects.filter((effect) => effect.type === "put" && effect.key.startsWith("fired/"));
  return { effects, happen, marks, mark: (number: number) => marks()[number] as Effect & { type: "put" } };
}
const dataOf = (text: string): unknown => JSON.parse(text.slice(text.search(/[[{]/)));

test("the late end of a mark's write that was taken back does not let the cue appear", () => {
  const { effects, happen, marks, mark } = slowBox();
  const shows = () => effects.some(({ type }) => type === "show");
  happen({ type: "tick" }, AT - 300);
  assert.equal(marks().length, 1);
  happen({ type: "tune", channel: "cctv2" }, AT - 250);
  happen({ type: "tune", channel: "cctv1" }, AT - 200);
  happen({ type: "tick" }, AT + 2_000);
  assert.equal(marks().length, 2);
  const stored = (number: number) => {
    const { key, data } = mark(number);
    return { type: "stored", key, data, ok: true } as const;
  };
  happen(stored(0), AT + 2_001);
  assert.ok(!shows(), "its mark is not on flash: the box could lose power now");
  happen(stored(1), AT + 2_002);
  assert.ok(shows());
});

test("a wall clock that was set two hours ahead without network costs no cue once the network is back", () => {
  for (const dueMs of [AT + 7_200_000, AT + 30_000, AT + 7_170_000]) {
    const fetch = { fromMs: AT - 300_000, untilMs: AT - 10_000 };
    const room = createLivingRoom({ cues: [cue({ atMs: dueMs, untilMs: dueMs + 60_000, fetch })] });
    room.until(AT);
    room.broken[EDGE] = "refused";
    room.time.stepWall(room.trueMs() + 7_200_000);
    room.until(AT + 20_000);
    delete room.broken[EDGE];
    room.until(dueMs + 30_000);
    assert.deepEqual(room.shown(), ["pl1:p1.0"], String(dueMs - AT));
  }
});

test("a cue that the clock kept away is told as that, when its window has closed", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT - 30_000);
  room.broken[EDGE] = "refused";
  room.time.stepWall(room.trueMs() + 40_000);
  room.until(AT + 120_000);
  const told = room.airings().map(({ outcome, reason }) => [outcome, reason]);
  assert.deepEqual(told, [["suppressed", "clock"]]);
  assert.ok(!("fired/pl1:p1.0" in room.flash.texts));
});

test("a clock that becomes right while the window is open lets the cue appear, late", () => {
  const room = createLivingRoom({ cues: [cue({ untilMs: AT + 180_000 })] });
  room.until(AT - 60_000);
  room.broken[EDGE] = "refused";
  room.time.stepWall(room.trueMs() + 30_000);
  room.until(AT + 20_000);
  assert.deepEqual(room.shown(), []);
  delete room.broken[EDGE];
  room.box.online();
  room.until(AT + 175_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
  const [airing] = room.airings();
  assert.deepEqual([airing?.outcome, airing?.reason], ["late", "clock"]);
});

test("an interaction that is not there is asked for no longer than its cue's window", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.special[INTERACTION] = () => ({ status: 404 });
  room.until(AT + 180_000);
  const asked = room.to(INTERACTION).length;
  room.until(AT + 7_200_000);
  assert.equal(room.to(INTERACTION).length, asked);
});

test("an interaction that is not there is asked for no more once its cue is withdrawn", () => {
  const room = createLivingRoom({ cues: [cue({ untilMs: AT + 7_200_000 })] });
  room.special[INTERACTION] = () => ({ status: 404 });
  room.until(AT + 60_000);
  room.schedules.cctv1 = schedule([], { revision: 2 });
  room.until(AT + 1_800_000);
  const asked = room.to(INTERACTION).length;
  room.until(AT + 5_400_000);
  assert.equal(room.to(INTERACTION).length, asked);
});

test("requests that fail together are one failure of their edge", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.broken[EDGE] = "black-hole";
  room.reboot(1_000);
  room.until(START_MS + 14_000);
  const failed = room.happened.filter(({ event }) => event === "request-failed").length;
  const [edge] = room.box.state().edges.list;
  assert.ok(failed >= 2, `${failed} failed`);
  assert.ok((edge?.failures ?? 0) < failed, `${edge?.failures} of ${failed}`);
});
