import assert from "node:assert/strict";
import { test } from "node:test";
import { createLivingRoom, cue, EDGE, START_MS, schedule } from "../testing/living-room.ts";
import { LIMITS } from "./pace.ts";

const AT = START_MS + 600_000;
const SCHEDULE = "/v1/channels/cctv1/schedule";

test("on start the schedule is pulled at once, later conditionally", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.advance(10);
  assert.equal(room.to(SCHEDULE).length, 1);
  room.advance(400_000);
  const [first, second] = room.to(SCHEDULE);
  assert.equal(first?.etag, null);
  assert.equal(second?.etag, `"1.1.${START_MS - 3_600_000}"`);
  assert.ok((second?.atMs as number) >= START_MS + 240_000);
});

test("a stored schedule serves while the network is down, from the start", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT - 5_000);
  room.broken[EDGE] = "refused";
  room.reboot(1_000);
  room.until(AT + 5_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
});

test("a channel switch pulls the new schedule, disarms the old cues and clears the screen", () => {
  const room = createLivingRoom({ cues: [cue(), cue({ id: "pl3:p1.0", atMs: AT + 30_000 })] });
  room.schedules.cctv2 = schedule([cue({ id: "pl4:p9.0", atMs: AT + 60_000 })], { channel: "cctv2" });
  room.until(AT + 5_000);
  room.box.tune("cctv2");
  assert.equal(room.hidden("pl1:p1.0"), AT + 5_000);
  room.until(AT + 100_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0", "pl4:p9.0"]);
  assert.equal(room.to("/v1/channels/cctv2/schedule")[0]?.atMs, AT + 5_400);
});

test("a switch in the moment between mark and showing gives the mark back", () => {
  const room = createLivingRoom({ cues: [cue()], pace: { markSpreadMs: 0 } });
  room.schedules.cctv2 = schedule([], { channel: "cctv2" });
  room.until(AT - 100);
  assert.ok(room.flash.texts["fired/pl1:p1.0"]);
  room.box.tune("cctv2");
  assert.equal(room.flash.texts["fired/pl1:p1.0"], undefined);
  room.until(AT + 10_000);
  room.box.tune("cctv1");
  room.until(AT + 20_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
});

test("30 switches in 3 s cost one pull, and fire nothing on the way", () => {
  const room = createLivingRoom();
  for (let at = 0; at < 31; at++) {
    const id = `ch${at}`;
    room.schedules[id] = schedule([cue({ id: `pl${at}:x`, atMs: START_MS + 1_000, fetch: undefined })], {
      channel: id,
    });
  }
  room.advance(10_000);
  const before = room.asked.length;
  for (let at = 0; at < 30; at++) {
    room.box.tune(`ch${at}`);
    room.advance(100);
  }
  room.box.tune("ch30");
  room.advance(3_000);
  const pulls = room.asked.slice(before).filter((one) => /schedule$/.test(one.path));
  assert.deepEqual(
    pulls.map((one) => one.path),
    ["/v1/channels/ch30/schedule"],
  );
  assert.deepEqual(room.shown(), ["pl30:x"]);
});

test("a reply that comes after the switch away is not taken for the new channel", () => {
  const room = createLivingRoom({ latencyMs: 1_000 });
  room.schedules.cctv2 = schedule([], { channel: "cctv2", revision: 5 });
  room.advance(500);
  room.box.tune("cctv2");
  room.advance(10_000);
  assert.deepEqual(Object.keys(room.box.state().schedules), ["schedule/cctv2"]);
});

test("a schedule of another channel, as a broken cache may hand out, is refused", () => {
  const room = createLivingRoom();
  room.special[SCHEDULE] = () => ({ status: 200, body: schedule([], { channel: "cctv9" }) });
  room.advance(60_000);
  assert.deepEqual(Object.keys(room.box.state().schedules), []);
});

test("malformed replies leave the last good schedule standing", () => {
  const bad: unknown[] = [
    null,
    [],
    "x",
    { channel: "cctv1" },
    schedule([{ ...cue(), atMs: "soon" } as never], { revision: 9 }),
  ];
  for (const body of bad) {
    const room = createLivingRoom({ cues: [cue()] });
    room.advance(1_000);
    room.special[SCHEDULE] = () => ({ status: 200, body });
    room.until(AT + 1_000);
    assert.deepEqual(room.shown(), ["pl1:p1.0"], JSON.stringify(body));
  }
});

test("a cue that cannot be read costs itself alone, and is told of once for each schedule", () => {
  const good = cue({ id: "pl2:x", atMs: AT + 120_000 });
  const bad = [null, 1, { ...cue(), atMs: "soon" }, { ...cue({ id: "pl3:x" }), id: "no id" }];
  for (const one of bad) {
    const room = createLivingRoom();
    room.schedules.cctv1 = schedule([cue(), one as never, good]);
    room.until(AT + 130_000);
    assert.deepEqual(room.shown(), ["pl1:p1.0", "pl2:x"], JSON.stringify(one));
    const told = room.happened.filter(({ event }) => event === "schedule").map(({ fields }) => fields);
    assert.deepEqual(told, [{ channel: "cctv1", epoch: 1, revision: 1, cues: 2, malformed: 1 }]);
    assert.ok(!room.happened.some(({ event }) => event === "request-failed"));
  }
});

test("of two cues of one id the second is left out, and the box goes on", () => {
  const room = createLivingRoom();
  const twice = [cue({ id: "pl2:x", atMs: AT + 500 }), cue({ id: "pl2:x", atMs: AT + 900 })];
  room.schedules.cctv1 = schedule([cue({ priority: 5 }), ...twice]);
  room.until(AT + 130_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
  const told = room.happened.filter(({ event }) => event === "schedule").map(({ fields }) => fields);
  assert.deepEqual(told, [{ channel: "cctv1", epoch: 1, revision: 1, cues: 2, malformed: 1 }]);
  assert.ok(room.flash.writes.length < 40, `${room.flash.writes.length} writes`);
});

test("a cue that ends before it begins is left out", () => {
  const room = createLivingRoom();
  room.schedules.cctv1 = schedule([cue({ id: "pl2:x", untilMs: AT - 1_000 }), cue()]);
  room.until(AT + 130_000);
  assert.deepEqual(
    room.airings().map(({ cue: id }) => id),
    ["pl1:p1.0"],
  );
});

test("a held cue whose newer version cannot be read does not appear: nothing is known of it", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.advance(1_000);
  const good = cue({ id: "pl2:x", atMs: AT + 120_000 });
  room.schedules.cctv1 = schedule([{ ...cue(), untilMs: null } as never, good], { revision: 2 });
  room.until(AT + 130_000);
  assert.deepEqual(room.shown(), ["pl2:x"]);
});

test("a lower revision or epoch is ignored for 24 h, then taken", () => {
  for (const lower of [
    { epoch: 2, revision: 4 },
    { epoch: 1, revision: 900 },
  ]) {
    const wide = { fromMs: START_MS, untilMs: START_MS + 100 * 3_600_000 };
    const room = createLivingRoom();
    room.schedules.cctv1 = schedule([], { epoch: 2, revision: 5, ...wide });
    room.advance(1_000);
    room.schedules.cctv1 = schedule([cue({ atMs: START_MS + 80 * 3_600_000 })], { ...lower, ...wide });
    room.advance(23 * 3_600_000);
    assert.equal(room.box.state().schedules["schedule/cctv1"]?.schedule.revision, 5);
    room.reboot(1_000);
    room.advance(2 * 3_600_000);
    assert.equal(room.box.state().schedules["schedule/cctv1"]?.schedule.revision, lower.revision);
  }
});

test("what was withdrawn leaves the screen at the next revalidation; what only passed stays", () => {
  const long = { fromMs: START_MS, untilMs: START_MS + 3_600_000 };
  for (const [fields, gone] of [
    [{ revision: 2, ...long }, true],
    // The hour turns while it could still begin: an edge's schedule tells of it, unless it was taken back.
    [{ revision: 2, fromMs: cue().untilMs, untilMs: AT + 3_600_000 }, true],
    [{ revision: 2, fromMs: cue().untilMs + 1, untilMs: AT + 3_600_000 }, false],
  ] as const) {
    const room = createLivingRoom({ cues: [cue()] });
    room.interactions["int-42@3"] = {
      ...(room.interactions["int-42@3"] as object),
      durationMs: 120_000,
    } as never;
    room.until(AT + 1_000);
    room.schedules.cctv1 = schedule([], fields);
    room.until(AT + 45_000);
    assert.equal(room.hidden("pl1:p1.0") !== undefined, gone);
  }
});

test("results of what was withdrawn after the viewer answered do not come to the screen", () => {
  const answer = { mode: "first", closeAfterMs: 120_000, acceptAfterCloseMs: 1_000 };
  const quiz = { type: "quiz", answer, durationMs: 20_000, results: "after-close" };
  for (const [cues, phases] of [
    [[cue()], ["open", "answered", "results"]],
    [[], ["open", "answered"]],
  ] as const) {
    const room = createLivingRoom({ cues: [cue()] });
    room.schedules.cctv1 = schedule([cue()], { refreshMs: 30_000 });
    room.interactions["int-42@3"] = { ...(room.interactions["int-42@3"] as object), ...quiz } as never;
    room.special["/v1/cues/pl1%3Ap1.0/results"] = () => ({
      status: 200,
      body: {
        ...{ cue: "pl1:p1.0", interaction: "int-42", version: 3, scope: "edge", closed: true, total: 1 },
        ...{ options: { a: 1 }, correct: ["a"], asOfMs: AT, refreshMs: 5_000 },
      },
    });
    room.until(AT + 2_000);
    room.answer("pl1:p1.0", { options: ["a"] });
    room.until(AT + 30_000);
    room.schedules.cctv1 = schedule([...cues], { revision: 2, refreshMs: 30_000 });
    room.until(AT + 180_000);
    const seen = room.seen.filter(({ what }) => what === "show").map(({ view }) => view?.phase);
    assert.deepEqual([...new Set(seen)], phases);
  }
});

test("a cue beyond the window of a newer schedule is kept", () => {
  const far = cue({ id: "pl5:far", atMs: START_MS + 40 * 3_600_000 });
  const room = createLivingRoom({ cues: [far] });
  room.advance(1_000);
  room.schedules.cctv1 = schedule([], { revision: 2, untilMs: START_MS + 24 * 3_600_000 });
  room.advance(400_000);
  assert.deepEqual(room.box.state().schedules["schedule/cctv1"]?.schedule.cues, [far]);
});

test("schedules and interactions kept are bounded, the longest unused go first", () => {
  const room = createLivingRoom();
  for (let at = 0; at < 12; at++) {
    room.schedules[`ch${at}`] = schedule([], { channel: `ch${at}` });
    room.box.tune(`ch${at}`);
    room.advance(2_000);
  }
  const kept = Object.keys(room.flash.texts).filter((key) => key.indexOf("schedule/") === 0);
  assert.equal(kept.length, LIMITS.schedules);
  assert.ok(kept.includes("schedule/ch11") && !kept.includes("schedule/ch0"));
});

test("an unknown channel is asked for again, and nothing breaks", () => {
  const room = createLivingRoom({ channel: "cctv404" });
  room.advance(200_000);
  const asks = room.to("/v1/channels/cctv404/schedule").length;
  assert.ok(asks >= 3 && asks <= 6, String(asks));
});

test("an unchanged schedule is not written to flash again", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.special[SCHEDULE] = () => ({ status: 200, body: room.schedules.cctv1, etag: '"same"' });
  room.until(AT + 100_000);
  assert.ok(room.to(SCHEDULE).length > 5);
  assert.equal(room.flash.writes.filter((key) => key === "schedule/cctv1").length, 1);
});

test("in standby nothing is pulled or shown, and waking up is a channel switch", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.advance(60_000);
  room.box.tune("");
  const before = room.to("/v1/channels/").length;
  room.until(AT + 20_000);
  assert.equal(room.to("/v1/channels/").length, before);
  assert.deepEqual(room.shown(), []);
  room.box.tune("cctv1");
  room.advance(2_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
});

test("a schedule that only asks for another pace is not written again, and goes by it", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.advance(1_000);
  const written = () => room.flash.writes.filter((key) => key === "schedule/cctv1").length;
  room.special[SCHEDULE] = () => ({
    status: 200,
    body: { ...(room.schedules.cctv1 as object), refreshMs: 30_000 },
    etag: '"near"',
  });
  room.advance(520_000);
  assert.equal(written(), 1);
  assert.equal(room.to(SCHEDULE).at(-1)?.etag, '"near"');
  assert.ok(room.to(SCHEDULE).length > 3);
  // A cue that moved is another schedule, whatever its revision says.
  room.special[SCHEDULE] = () => ({
    status: 200,
    body: schedule([cue({ atMs: AT + 90_000 })]),
    etag: '"moved"',
  });
  room.advance(40_000);
  assert.equal(written(), 2);
});

test("in standby nothing is asked of any channel, not even after a sleep", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.advance(1_000);
  room.box.tune("");
  const before = room.to("/v1/channels/").length;
  // The wall clock an hour on, the monotonic one not: it slept.
  room.time.stepWall(room.trueMs() + 3_600_000);
  room.advance(600_000);
  assert.equal(room.to("/v1/channels/").length, before);
});

test("hopping away and back does not ask before the Retry-After is over", () => {
  const room = createLivingRoom({ cues: [] });
  room.schedules.cctv2 = schedule([], { channel: "cctv2" });
  room.special["/v1/channels/cctv1/schedule"] = () => ({ status: 503, retryAfter: "60" });
  room.until(START_MS + 1_000);
  for (let hop = 0; hop < 20; hop++) {
    room.box.tune("cctv2");
    room.advance(500);
    room.box.tune("cctv1");
    room.advance(500);
  }
  assert.equal(room.to("/v1/channels/cctv1/schedule").length, 1);
  room.advance(60_000);
  assert.equal(room.to("/v1/channels/cctv1/schedule").length, 2);
  assert.equal(room.to("/v1/channels/cctv2/schedule").length, 20);
});

test("a schedule that is good for no time is asked for once a second at most", () => {
  const room = createLivingRoom({ cues: [] });
  room.schedules.cctv1 = schedule([], { refreshMs: 0 });
  room.advance(60_000);
  const asks = room.to("/v1/channels/cctv1/schedule").length;
  assert.ok(asks > 40 && asks <= 76, `${asks} asks in a minute`);
});
