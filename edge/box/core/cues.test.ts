import assert from "node:assert/strict";
import { test } from "node:test";
import { interactionSample } from "../../../shared/protocol/interaction.ts";
import { createLivingRoom, cue, EDGE, START_MS, schedule } from "../testing/living-room.ts";
import { PACE } from "./pace.ts";
import { step } from "./step.ts";

const AT = START_MS + 600_000;

test("a cue fires within 20 ms of its moment, from the store", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.advance(700_000);
  const [airing] = room.airings();
  assert.equal(airing?.outcome, "shown");
  assert.equal(airing?.source, "store");
  assert.ok(Math.abs((room.firstShown("pl1:p1.0") as number) - AT) <= 20);
});

test("a cue fires on time when the network is cut after the prefetch", () => {
  for (const how of ["refused", "black-hole"] as const) {
    const room = createLivingRoom({ cues: [cue()] });
    room.until(AT - 5_000);
    room.broken[EDGE] = how;
    room.until(AT + 1_000);
    assert.ok(Math.abs((room.firstShown("pl1:p1.0") as number) - AT) <= 20, how);
  }
});

test("boxes spread their prefetch over the whole window, each with a schedule that is no older than 30 s there", () => {
  const instants: number[] = [];
  for (let seed = 1; seed <= 60; seed++) {
    const room = createLivingRoom({ cues: [cue()], seed });
    room.until(AT - 1_000);
    const [asked, ...more] = room.to("/v1/interactions/int-42?version=3");
    assert.ok(asked && more.length === 0, `seed ${seed}: ${more.length + 1} asks`);
    const schedules = room
      .to("/v1/channels/cctv1/schedule")
      .filter((one) => one.atMs <= asked.atMs + 1 && one.atMs >= asked.atMs - 30_010);
    assert.ok(schedules.length > 0, `seed ${seed}`);
    assert.ok(asked.atMs >= AT - 300_000 && asked.atMs <= AT - 10_000 + 1, `seed ${seed}`);
    instants.push(asked.atMs - (AT - 300_000));
  }
  const mean = instants.reduce((sum, one) => sum + one, 0) / instants.length;
  assert.ok(Math.abs(mean - 145_000) < 30_000, `mean ${mean}`);
});

test("the prefetch instant is drawn once and survives reboots", () => {
  const drawn = (rebootAtMs: number) => {
    const room = createLivingRoom({ cues: [cue()], seed: 7 });
    room.until(START_MS + rebootAtMs);
    room.reboot(1_000);
    room.until(AT - 1_000);
    return Math.round((room.to("/v1/interactions/")[0]?.atMs as number) / 100);
  };
  assert.equal(drawn(5_000), drawn(200_000));
});

test("from the prefetch until the cue is gone the schedule is revalidated every 30 s at most", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT + 19_000);
  const prefetchedMs = room.to("/v1/interactions/")[0]?.atMs as number;
  const asks = room.to("/v1/channels/cctv1/schedule").map((one) => one.atMs);
  const active = asks.filter((atMs) => atMs >= prefetchedMs);
  for (let at = 1; at < active.length; at++) {
    const gapMs = (active[at] as number) - (active[at - 1] as number);
    assert.ok(gapMs >= 20_000 && gapMs <= 30_100, `gap ${gapMs}`);
  }
  assert.ok(active.length > (AT - prefetchedMs) / 40_000);
  const before = asks.filter((atMs) => atMs < prefetchedMs);
  assert.ok(before.length <= 1 + (prefetchedMs - START_MS) / 240_000, `${before.length} asks before`);
});

test("an embargoed cue is not fetched before its moment, and is asked within its spread", () => {
  const spread: number[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    const room = createLivingRoom({ cues: [cue({ fetch: undefined, spreadMs: 10_000 })], seed });
    room.until(AT + 15_000);
    const [asked] = room.to("/v1/interactions/");
    assert.ok(asked && asked.atMs >= AT && asked.atMs <= AT + 10_001, `seed ${seed}: ${asked?.atMs}`);
    spread.push(asked.atMs - AT);
    assert.equal(room.airings()[0]?.source, "network");
    assert.ok((room.firstShown("pl1:p1.0") as number) - asked.atMs < 50);
  }
  assert.ok(Math.max(...spread) - Math.min(...spread) > 5_000);
});

test("an embargo that still holds (425) is waited out by its Retry-After", () => {
  const room = createLivingRoom({ cues: [cue({ fetch: undefined, spreadMs: 0 })] });
  let refusals = 0;
  room.special["/v1/interactions/int-42"] = () =>
    refusals++ === 0 ? { status: 425, retryAfter: "3" } : undefined;
  room.until(AT + 10_000);
  const asks = room.to("/v1/interactions/").map((one) => one.atMs);
  assert.equal(asks.length, 2);
  assert.ok((asks[1] as number) - (asks[0] as number) >= 3_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
});

test("a missing interaction is asked for at the moment, and shown while the window is open", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.special["/v1/interactions/int-42"] = () => ({ status: 404 });
  room.until(AT + 20_000);
  assert.deepEqual(room.shown(), []);
  delete room.special["/v1/interactions/int-42"];
  room.until(AT + 61_000);
  const [airing] = room.airings();
  assert.equal(airing?.outcome, "late");
  assert.equal(airing?.source, "network");
});

test("at the moment a missing interaction is asked for at once, whatever backoff the prefetch is in", () => {
  const room = createLivingRoom({ cues: [cue()], pace: { backoffBaseMs: 400_000, backoffMaxMs: 400_000 } });
  room.special["/v1/interactions/int-42"] = () => ({ status: 404 });
  room.until(AT - 1_000);
  assert.deepEqual(room.shown(), []);
  delete room.special["/v1/interactions/int-42"];
  room.until(AT + 1_100);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
});

test("an interaction that never comes makes the cue missed, with the reason", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.special["/v1/interactions/int-42"] = () => ({ status: 404 });
  room.until(AT + 120_000);
  const airings = room.airings();
  assert.equal(airings.length, 1);
  assert.deepEqual([airings[0]?.outcome, airings[0]?.reason], ["missed", "no-interaction"]);
});

test("a cue fires at most once: across reboots at any moment around it", () => {
  for (let offsetMs = -3_000; offsetMs <= 3_000; offsetMs += 50) {
    const room = createLivingRoom({ cues: [cue()] });
    room.until(AT + offsetMs);
    room.reboot(700);
    room.until(AT + 10_000);
    room.reboot(700);
    room.until(AT + 100_000);
    const shows = room.seen.filter((one) => one.what === "show").length;
    assert.ok(shows <= 1, `reboot at ${offsetMs}: shown ${shows} times`);
    // Only between the mark and the showing may it be lost: never twice goes before always once.
    if (shows === 0) assert.ok(offsetMs >= -PACE.markAheadMs - PACE.markSpreadMs && offsetMs <= 20);
  }
});

test("the mark is on flash before the cue is shown, however slow the flash", () => {
  // Frequent revalidation: the box is awake while it waits.
  const room = createLivingRoom({ cues: [cue()], pace: { revalidateMs: 100 } });
  room.until(AT - 10_000);
  room.flash.slowMs = 5_000;
  room.until(AT + 10_000);
  const shownMs = room.firstShown("pl1:p1.0") as number;
  assert.ok(room.flash.writes.includes("fired/pl1:p1.0"));
  assert.ok(shownMs >= AT + 5_000 - PACE.markAheadMs - PACE.markSpreadMs && shownMs < AT + 5_000);
});

test("a flash that takes no mark keeps the cue from the screen, and says why", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT - 10_000);
  room.flash.full = true;
  room.until(AT + 100_000);
  assert.deepEqual(room.shown(), []);
  assert.deepEqual([room.airings()[0]?.outcome, room.airings()[0]?.reason], ["missed", "storage"]);
});

test("a damaged mark still forbids a second time", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT + 5_000);
  room.flash.texts["fired/pl1:p1.0"] = "1 0 {";
  room.reboot(500);
  room.until(AT + 50_000);
  assert.equal(room.seen.filter((one) => one.what === "show").length, 1);
});

test("a cue that moves takes the new moment, and one that fired never fires again", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT - 60_000);
  const later = cue({ atMs: AT + 120_000 });
  room.schedules.cctv1 = schedule([later], { revision: 2 });
  room.until(AT + 60_000);
  assert.deepEqual(room.shown(), []);
  room.until(AT + 125_000);
  assert.ok(Math.abs((room.firstShown("pl1:p1.0") as number) - later.atMs) <= 20);
  room.schedules.cctv1 = schedule([cue({ atMs: AT + 400_000 })], { revision: 3 });
  room.until(AT + 600_000);
  assert.equal(room.seen.filter((one) => one.what === "hide").length, 1);
  assert.equal(room.airings().length, 1);
});

test("a withdrawn cue does not fire; one that moved away at the last moment gives its mark back", () => {
  const room = createLivingRoom({ cues: [cue()], pace: { revalidateMs: 200, markSpreadMs: 0 } });
  room.until(AT - 290);
  assert.ok(room.flash.texts["fired/pl1:p1.0"]);
  room.schedules.cctv1 = schedule([], { revision: 2 });
  room.until(AT + 5_000);
  assert.deepEqual(room.shown(), []);
  assert.equal(room.flash.texts["fired/pl1:p1.0"], undefined);
  room.schedules.cctv1 = schedule([cue({ atMs: AT + 500_000 })], { revision: 3 });
  room.until(AT + 600_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
});

test("joining late shows it while the window is open, unless it was for those tuned in", () => {
  const cases = [
    { lateJoin: true, joinMs: 30_000, outcome: "late", reason: "joined" },
    { lateJoin: false, joinMs: 30_000, outcome: "missed", reason: "joined-late" },
    { lateJoin: true, joinMs: 61_000, outcome: undefined, reason: undefined },
  ];
  for (const { lateJoin, joinMs, outcome, reason } of cases) {
    const room = createLivingRoom({ channel: "cctv2" });
    room.schedules.cctv2 = schedule([], { channel: "cctv2" });
    room.schedules.cctv1 = schedule([cue({ lateJoin })]);
    room.until(AT + joinMs);
    room.box.tune("cctv1");
    room.until(AT + 200_000);
    const airings = room.airings();
    assert.deepEqual(
      [airings[0]?.outcome, airings[0]?.reason],
      [outcome, reason],
      JSON.stringify({ lateJoin, joinMs }),
    );
    assert.ok(airings.length <= 1);
  }
});

test("of two cues at one moment the higher priority is shown, the other suppressed as overlap", () => {
  const low = cue({ id: "pl2:p1.0", interaction: "int-2", version: 1, priority: 1 });
  const room = createLivingRoom({ cues: [cue({ priority: 5 }), low] });
  room.interactions["int-2@1"] = { ...interactionSample, id: "int-2", version: 1 };
  room.until(AT + 70_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
  const suppressed = room.airings().filter((airing) => airing.outcome === "suppressed");
  assert.deepEqual(
    suppressed.map(({ cue, reason }) => [cue, reason]),
    [["pl2:p1.0", "overlap"]],
  );
});

test("an equal priority waits for nobody: what came first stays, the other is suppressed", () => {
  const second = cue({ id: "pl2:p1.0", interaction: "int-2", version: 1, atMs: AT + 5_000 });
  const room = createLivingRoom({ cues: [cue(), second] });
  room.interactions["int-2@1"] = { ...interactionSample, id: "int-2", version: 1 };
  room.until(AT + 70_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
  assert.deepEqual(
    room.airings().map(({ outcome }) => outcome),
    ["shown", "suppressed"],
  );
});

test("a higher priority replaces what is on the screen", () => {
  const high = cue({ id: "pl2:p1.0", interaction: "int-2", version: 1, priority: 9, atMs: AT + 5_000 });
  const room = createLivingRoom({ cues: [cue(), high] });
  room.interactions["int-2@1"] = { ...interactionSample, id: "int-2", version: 1 };
  room.until(AT + 6_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0", "pl2:p1.0"]);
  assert.ok(Math.abs((room.hidden("pl1:p1.0") as number) - AT - 5_000) <= 20);
});

test("an audience that leaves the box out shows nothing and sends nothing about it", () => {
  const cases = [
    { audience: { languages: ["en"] }, meant: false },
    { audience: { languages: ["ZH", "en"] }, meant: true },
    { audience: { tags: ["hd", "4k"] }, meant: false },
    { audience: { tags: ["hd"] }, meant: true },
    { audience: { tags: ["hd"], languages: ["en"] }, meant: false },
    { audience: { share: 1e-9 }, meant: false },
    { audience: { share: 1 }, meant: true },
  ];
  for (const { audience, meant } of cases) {
    const room = createLivingRoom({ cues: [cue({ audience })], tags: ["hd"] });
    room.until(AT + 100_000);
    assert.equal(room.shown().length, meant ? 1 : 0, JSON.stringify(audience));
    assert.equal(room.sent("airings").length, meant ? 1 : 0, JSON.stringify(audience));
  }
});

test("a share of 0.3 takes 3 boxes in 10, and the same ones after a reboot", () => {
  let taken = 0;
  for (let seed = 1; seed <= 300; seed++) {
    const room = createLivingRoom({
      cues: [cue({ atMs: START_MS + 30_000, audience: { share: 0.3 } })],
      seed,
    });
    if (seed % 2) room.reboot(1_000);
    room.advance(40_000);
    taken += room.shown().length;
  }
  assert.ok(taken > 65 && taken < 115, `${taken} of 300`);
});

test("a clock error beyond the interaction's tolerance suppresses it", () => {
  for (const [latencyMs, outcome] of [
    [1_900, "shown"],
    [2_100, "suppressed"],
  ] as const) {
    const room = createLivingRoom({ cues: [cue()], latencyMs, pace: { timeTimeoutMs: 10_000 } });
    room.until(AT + 65_000);
    const [airing] = room.airings();
    assert.equal(airing?.outcome, outcome, String(latencyMs));
    if (outcome === "suppressed") assert.equal(airing?.reason, "clock");
  }
});

test("marks are forgotten after two weeks, and never more than the limit are kept", () => {
  const room = createLivingRoom({
    cues: [cue({ atMs: START_MS + 5_000, fetch: { fromMs: START_MS, untilMs: START_MS + 1 } })],
  });
  room.advance(30_000);
  assert.ok(room.flash.texts["fired/pl1:p1.0"]);
  const nextMs = START_MS + 15 * 86_400_000;
  const window = { fromMs: nextMs - 3_600_000, untilMs: nextMs + 3_600_000, revision: 2 };
  room.schedules.cctv1 = schedule([cue({ id: "pl9:x", atMs: nextMs })], window);
  room.until(nextMs + 1_000);
  assert.ok(room.flash.texts["fired/pl9:x"]);
  assert.equal(room.flash.texts["fired/pl1:p1.0"], undefined);
});

test("a presentation delay shifts the moment to what the viewer sees, and the airing tells it so", () => {
  for (const presentationDelayMs of [-700, 4_000]) {
    const room = createLivingRoom({ cues: [cue()], presentationDelayMs });
    room.until(AT + 8_000);
    assert.ok(Math.abs((room.firstShown("pl1:p1.0") as number) - AT - presentationDelayMs) <= 20);
    assert.equal(room.airings()[0]?.outcome, "shown");
    assert.ok(Math.abs((room.airings()[0]?.firedMs as number) - AT) <= 20);
  }
});

test("a measured presentation delay takes over, unless it is no measure", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.box.delay(2_500);
  room.box.delay(Number.NaN);
  room.box.delay(1e9);
  room.until(AT + 8_000);
  assert.ok(Math.abs((room.firstShown("pl1:p1.0") as number) - AT - 2_500) <= 20);
});

test("a late airing says what it waited for: flash, the clock, the network, a timer, or the viewer", () => {
  const late = (room: ReturnType<typeof createLivingRoom>) => {
    room.until(START_MS + 660_000);
    const airing = room.airings()[0];
    assert.equal(airing?.outcome, "late", JSON.stringify(airing));
    return airing?.reason;
  };
  const flash = createLivingRoom({ cues: [cue()] });
  flash.flash.slowMs = 4_000;
  assert.equal(late(flash), "storage");

  const slept = createLivingRoom({ cues: [cue()], latencyMs: 900 });
  slept.until(START_MS + 600_000 - 500);
  slept.time.stepWall(slept.time.clock.wallMs() + 3_000);
  assert.equal(late(slept), "clock");

  const missing = createLivingRoom({ cues: [cue()] });
  missing.special["/v1/interactions/int-42"] = ({ atMs }) =>
    atMs < START_MS + 602_000 ? { status: 503 } : undefined;
  assert.equal(late(missing), "network");
});

test("a box looks at its cues again when the time turns out to be earlier than it believed", () => {
  const one = cue();
  const room = createLivingRoom({ cues: [one] });
  room.until(START_MS + 60_000);
  const right = room.box.state();
  const tick = (afterMs: number) =>
    ({ type: "tick", wallClockMs: START_MS + 60_000 + afterMs, steadyMs: 60_000 + afterMs }) as const;
  const [calm] = step(right, tick(0));
  assert.equal(calm.calm.untilMs, one.fetch?.fromMs);
  assert.equal(step(calm, tick(1))[0].calm, calm.calm, "nothing is looked at twice");
  // An hour ahead, the cue is over.
  const samples = right.clock.samples.map((sample) => ({ ...sample, offsetMs: sample.offsetMs + 3_600_000 }));
  const [ahead] = step({ ...calm, clock: { ...right.clock, samples } }, tick(2));
  assert.equal(ahead.calm.untilMs, Number.POSITIVE_INFINITY);
  const [back] = step({ ...ahead, clock: right.clock }, tick(3));
  assert.equal(back.calm.untilMs, one.fetch?.fromMs);
});

test("a cue that comes into the schedule when its window is over was not missed", () => {
  const room = createLivingRoom({ cues: [cue({ id: "pl2:p9.0", atMs: START_MS + 3_600_000 })] });
  room.until(AT + 600_000);
  room.schedules.cctv1 = schedule([cue(), cue({ id: "pl2:p9.0", atMs: START_MS + 3_600_000 })], {
    revision: 2,
  });
  room.until(AT + 1_200_000);
  assert.equal(room.box.state().schedules["schedule/cctv1"]?.schedule.revision, 2);
  assert.deepEqual(room.airings(), []);
});

test("a late airing blames the flash only for a mark that was asked for in time", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT - 60_000);
  room.broken[EDGE] = "refused";
  room.flash.slowMs = 20;
  // Wakes in the window of the cue, whose mark is written then.
  room.interactions["int-42@3"] = interactionSample;
  room.time.stepWall(room.time.clock.wallMs() + 65_000);
  delete room.broken[EDGE];
  room.special["/v1/time"] = () => ({ status: 200, body: { timeMs: Math.floor(room.trueMs()) + 65_000 } });
  room.until(AT + 60_000);
  assert.deepEqual([room.airings()[0]?.outcome, room.airings()[0]?.reason], ["late", "clock"]);
});

test("more interactions than are kept are prefetched in their turn, each once, and all are shown", () => {
  const room = createLivingRoom();
  const cues = Array.from({ length: 200 }, (_, at) => {
    const interaction = `int-${at}`;
    room.interactions[`${interaction}@1`] = {
      ...interactionSample,
      id: interaction,
      version: 1,
      durationMs: 1_000,
    };
    const fetch = { fromMs: START_MS + 1_000, untilMs: AT - 60_000 };
    return cue({ id: `pl${at}:once`, atMs: AT + at * 5_000, interaction, version: 1, fetch });
  });
  room.schedules.cctv1 = schedule(cues, { revision: 2 });
  room.until(AT + 1_100_000);
  assert.equal(room.shown().length, 200);
  const fetched = room.to("/v1/interactions/").length;
  assert.ok(fetched <= 220, `${fetched} fetched`);
  assert.ok(room.airings().every(({ source }) => source === "store"));
});
