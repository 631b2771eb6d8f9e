import assert from "node:assert/strict";
import { test } from "node:test";
import { interactionSample } from "../../../shared/protocol/interaction.ts";
import { createLivingRoom, cue, EDGE, START_MS, schedule } from "../testing/living-room.ts";

const AT = START_MS + 600_000;
const OTHER = "http://edge-b";

const usedSince = (room: ReturnType<typeof createLivingRoom>, sinceMs: number) => [
  ...new Set(
    room.asked
      .filter((one) => one.atMs >= sinceMs && one.path.indexOf("/v1/time") !== 0)
      .map((one) => one.edge),
  ),
];

test("the nearest edge by round trip is used, whichever was configured first", () => {
  for (let seed = 1; seed <= 10; seed++) {
    const room = createLivingRoom({ edges: [EDGE, OTHER], seed, tripMs: { [EDGE]: 80, [OTHER]: 10 } });
    room.advance(1_800_000);
    assert.deepEqual(usedSince(room, START_MS + 5_000), [OTHER], `seed ${seed}`);
  }
});

test("among about equal edges boxes spread by weight, and stick", () => {
  let other = 0;
  for (let seed = 1; seed <= 200; seed++) {
    const room = createLivingRoom({ seed });
    room.lineUpEdges = [
      { url: EDGE, weight: 1 },
      { url: OTHER, weight: 3 },
    ];
    room.advance(2_000_000);
    const used = usedSince(room, START_MS + 10_000);
    assert.equal(used.length, 1, `seed ${seed}`);
    if (used[0] === OTHER) other++;
  }
  assert.ok(other > 125 && other < 175, `${other} of 200`);
});

test("an edge of weight 0 takes no box by choice, and every box when it is the only one left", () => {
  const room = createLivingRoom({ edges: [OTHER], tripMs: { [OTHER]: 60 } });
  room.lineUpEdges = [
    { url: EDGE, weight: 0 },
    { url: OTHER, weight: 1 },
  ];
  room.advance(700_000);
  assert.deepEqual(usedSince(room, START_MS), [OTHER]);
  room.broken[OTHER] = "refused";
  const brokenMs = room.trueMs();
  room.advance(700_000);
  assert.ok(room.to("/v1/channels/cctv1/schedule").some((one) => one.edge === EDGE && one.atMs > brokenMs));
});

test("a dead edge is left within a second or two, and the answer of the schedule comes from the next", () => {
  const room = createLivingRoom({ edges: [EDGE, OTHER], cues: [cue()], tripMs: { [OTHER]: 100 } });
  room.advance(10_000);
  assert.deepEqual(usedSince(room, START_MS + 5_000), []);
  room.broken[EDGE] = "refused";
  room.until(AT + 5_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
  assert.deepEqual([...new Set(room.to("/v1/interactions/").map((one) => one.edge))], [OTHER]);
});

test("a black-holed edge is left after one request timed out", () => {
  const room = createLivingRoom({ edges: [EDGE, OTHER], tripMs: { [OTHER]: 100 } });
  room.broken[EDGE] = "black-hole";
  room.advance(15_000);
  assert.ok(room.box.state().schedules["schedule/cctv1"]);
});

test("a box that failed over comes back to the nearest edge, spread out", () => {
  const back: number[] = [];
  for (let seed = 1; seed <= 12; seed++) {
    const room = createLivingRoom({ edges: [EDGE, OTHER], seed, tripMs: { [OTHER]: 100 } });
    room.advance(10_000);
    room.broken[EDGE] = "refused";
    room.advance(400_000);
    const mendedMs = room.trueMs();
    delete room.broken[EDGE];
    room.advance(1_500_000);
    const returned = room.asked.filter(
      (one) => one.atMs > mendedMs && one.edge === EDGE && /schedule$/.test(one.path),
    )[0];
    assert.ok(returned, `seed ${seed}`);
    back.push(returned.atMs - mendedMs);
  }
  assert.ok(Math.max(...back) - Math.min(...back) > 60_000);
});

test("with every edge dead the asking thins out to once a minute or so, and recovers", () => {
  const room = createLivingRoom({ edges: [EDGE, OTHER] });
  room.broken = { [EDGE]: "refused", [OTHER]: "refused" };
  room.advance(3_600_000);
  const lastHour = room.asked.length;
  assert.ok(lastHour < 1_200, `${lastHour} asks in an hour`);
  room.broken = {};
  room.advance(130_000);
  assert.ok(room.box.state().schedules["schedule/cctv1"]);
});

test("Retry-After of a busy edge is honoured, without leaving that edge", () => {
  const room = createLivingRoom({ edges: [EDGE, OTHER], tripMs: { [OTHER]: 100 } });
  room.advance(1_000);
  let refused = 0;
  room.special["/v1/channels/cctv1/schedule"] = () =>
    refused++ === 0 ? { status: 503, retryAfter: "20" } : undefined;
  room.advance(500_000);
  const asks = room.to("/v1/channels/cctv1/schedule").filter((one) => one.atMs > START_MS + 1_000);
  assert.deepEqual([...new Set(asks.map((one) => one.edge))], [EDGE]);
  assert.ok((asks[1]?.atMs as number) - (asks[0]?.atMs as number) >= 20_000);
  assert.ok((asks[1]?.atMs as number) - (asks[0]?.atMs as number) <= 22_000);
});

test("the Retry-After of each edge holds for that edge, whatever else is tried, fails or is said meanwhile", () => {
  for (const trouble of ["none", "other edge dead", "online", "network cut"]) {
    const room = createLivingRoom({ edges: [EDGE, OTHER], cues: [cue()], tripMs: { [OTHER]: 100 } });
    room.advance(10_000);
    let refusedMs = 0;
    room.special["/v1/channels/cctv1/schedule"] = ({ edge, atMs }) => {
      if (edge !== EDGE || refusedMs !== 0) return undefined;
      refusedMs = atMs;
      return { status: 503, retryAfter: "1800" };
    };
    room.advance(400_000);
    assert.ok(refusedMs > 0);
    if (trouble === "other edge dead") room.broken[OTHER] = "refused";
    if (trouble === "online") room.box.online();
    if (trouble === "network cut") room.broken = { [EDGE]: "refused", [OTHER]: "refused" };
    room.advance(900_000);
    if (trouble === "online") room.box.online();
    room.broken = {};
    room.advance(2_400_000);
    const early = room.asked.filter(
      ({ edge, atMs }) => edge === EDGE && atMs > refusedMs + 1_000 && atMs < refusedMs + 1_800_000,
    );
    assert.deepEqual(
      early.map(({ path, atMs }) => [path, atMs - refusedMs]),
      [],
      trouble,
    );
    const back = room.asked.filter(({ edge, atMs }) => edge === EDGE && atMs > refusedMs + 1_800_000);
    assert.ok(back.length > 0, `${trouble}: it is asked again then`);
  }
});

test("of one edge alone a Retry-After holds back what it was given for, and no more", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT + 1_000);
  const sinceMs = room.trueMs();
  room.special["/v1/answers"] = () => ({ status: 503, retryAfter: "7200" });
  room.answer("pl1:p1.0", { options: ["a"] });
  room.advance(7_100_000);
  assert.equal(room.to("/v1/answers").length, 1);
  assert.ok(room.to("/v1/channels/cctv1/schedule").filter(({ atMs }) => atMs > sinceMs).length > 15);
  delete room.special["/v1/answers"];
  room.advance(300_000);
  assert.equal(room.to("/v1/answers").length, 2);
});

test("a Retry-After of days counts as a day", () => {
  const room = createLivingRoom();
  room.advance(10_000);
  let refused = 0;
  room.special["/v1/channels/cctv1/schedule"] = () =>
    refused++ === 0 ? { status: 503, retryAfter: "604800" } : undefined;
  room.advance(23 * 3_600_000);
  assert.equal(refused, 1);
  room.advance(2 * 3_600_000);
  assert.ok(refused > 1);
});

test("boxes that are told at once that the network is back do not ask at once", () => {
  const asked: number[] = [];
  for (let seed = 1; seed <= 40; seed++) {
    const room = createLivingRoom({ seed, edges: [EDGE, OTHER] });
    room.advance(10_000);
    room.broken = { [EDGE]: "refused", [OTHER]: "refused" };
    room.advance(1_200_000);
    room.broken = {};
    const sinceMs = room.trueMs();
    room.box.online();
    room.advance(120_000);
    const first = room.asked.filter(({ atMs }) => atMs > sinceMs)[0];
    asked.push((first?.atMs as number) - sinceMs);
    assert.ok(room.to("/v1/channels/cctv1/schedule").some(({ atMs }) => atMs > sinceMs));
  }
  const within = (ms: number) => asked.filter((afterMs) => afterMs <= ms).length;
  assert.ok(within(2_000) <= 8, `${within(2_000)} of 40 within 2 s`);
  assert.ok(within(60_000) === 40);
});

test("a box that failed over looks for its edge within a minute once the network is said to be back", () => {
  const looked: number[] = [];
  for (let seed = 1; seed <= 20; seed++) {
    const room = createLivingRoom({ seed, edges: [EDGE, OTHER], tripMs: { [OTHER]: 100 } });
    room.advance(10_000);
    room.broken[EDGE] = "refused";
    room.advance(370_000);
    delete room.broken[EDGE];
    const sinceMs = room.trueMs();
    room.box.online();
    room.advance(61_000);
    assert.equal(room.box.state().edges.current, EDGE, `seed ${seed}`);
    looked.push((room.asked.find(({ edge, atMs }) => edge === EDGE && atMs > sinceMs)?.atMs ?? 0) - sinceMs);
  }
  assert.ok(Math.max(...looked) - Math.min(...looked) > 30_000, looked.join());
});

test("a Retry-After that is a date is waited for by the edge's time, whatever the wall clock says", () => {
  for (const wallOffMs of [0, 7_200_000, -7_200_000]) {
    const room = createLivingRoom({ wallOffMs });
    room.schedules.cctv1 = schedule([], { refreshMs: 100_000 });
    room.advance(10_000);
    const untilMs = START_MS + 160_000;
    room.special["/v1/channels/cctv1/schedule"] = ({ atMs }) =>
      atMs < untilMs - 1_000 ? { status: 503, retryAfter: new Date(untilMs).toUTCString() } : undefined;
    room.until(untilMs + 3_000);
    const asks = room.to("/v1/channels/cctv1/schedule").filter((one) => one.atMs > START_MS + 10_000);
    assert.equal(asks.length, 2, `${wallOffMs}: ${asks.map(({ atMs }) => atMs - START_MS)}`);
    assert.ok((asks[1]?.atMs as number) >= untilMs - 1_000);
  }
});

test("a Retry-After that is neither seconds nor a date counts as half a minute", () => {
  for (const retryAfter of ["1.5", "-5", "5, 5", "1e3", "+30", "soon", "abc 5"]) {
    const room = createLivingRoom();
    room.advance(5_000);
    room.asked.length = 0;
    room.special["/v1/channels/cctv1/schedule"] = () => ({ status: 503, retryAfter });
    room.advance(600_000);
    const asks = room.to("/v1/channels/cctv1/schedule").map(({ atMs }) => atMs);
    for (const [at, atMs] of asks.entries())
      if (at > 0) assert.ok(atMs - (asks[at - 1] as number) >= 30_000, `${retryAfter}: ${asks.join()}`);
  }
});

test("a schedule that says to come back in years is asked for again within two days", () => {
  const room = createLivingRoom();
  room.schedules.cctv1 = schedule([], { refreshMs: 1e14 });
  room.advance(60_000);
  room.schedules.cctv1 = schedule([], { revision: 2 });
  room.advance(2 * 86_400_000);
  assert.equal(room.box.state().schedules["schedule/cctv1"]?.schedule.revision, 2);
});

test("an edge that answers for a schedule what is none is left for another, whatever its status", () => {
  for (const status of [204, 302, 304, 400, 401, 403, 404, 410, 425, 451, 503, 504]) {
    const room = createLivingRoom({
      edges: [EDGE, OTHER],
      cues: [cue()],
      tripMs: { [EDGE]: 2, [OTHER]: 20 },
    });
    room.special["/v1/channels/cctv1/schedule"] = (asked) => (asked.edge === EDGE ? { status } : undefined);
    room.until(AT + 60_000);
    assert.deepEqual(room.shown(), ["pl1:p1.0"], `${status}`);
  }
});

test("an edge that refuses again and again is left for another", () => {
  const room = createLivingRoom({ edges: [EDGE, OTHER], tripMs: { [OTHER]: 100 } });
  room.advance(10_000);
  room.special["/v1/channels/cctv1/schedule"] = (asked) =>
    asked.edge === EDGE ? { status: 503 } : undefined;
  room.schedules.cctv1 = schedule([], { revision: 2 });
  room.advance(600_000);
  assert.equal(room.box.state().schedules["schedule/cctv1"]?.schedule.revision, 2);
});

test("addresses are the same with and without a slash at the end", () => {
  const room = createLivingRoom({ edges: [`${EDGE}/`, EDGE] });
  room.advance(1_000);
  assert.deepEqual(
    room.box.state().edges.list.map((edge) => edge.url),
    [EDGE],
  );
});

test("one request tries an edge that failed; the others wait for what becomes of it", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.advance(30_000);
  room.broken[EDGE] = "black-hole";
  room.advance(3_600_000);
  const asked = room.asked.filter(({ atMs }) => atMs > room.trueMs() - 3_000_000);
  assert.ok(asked.length > 40, `${asked.length} tries`);
  for (const [at, { atMs }] of asked.entries()) {
    const before = asked[at - 1];
    assert.ok(
      !before || atMs - before.atMs >= 2_900,
      `${atMs - (before?.atMs ?? 0)} ms after the one before`,
    );
  }
});

/** How many of these boxes each edge has. */
const shares = (rooms: ReturnType<typeof createLivingRoom>[]) =>
  rooms.filter((room) => room.box.state().edges.current === OTHER).length;

function fleet(boxes: number, weight: number) {
  return Array.from({ length: boxes }, (_, number) => {
    const room = createLivingRoom({ seed: 1 + number * 31, edges: [EDGE, OTHER] });
    room.lineUpEdges = [
      { url: EDGE, weight: 1 },
      { url: OTHER, weight },
    ];
    room.advance(60_000);
    return room;
  });
}

test("after an outage an edge has its share again, and the same boxes, however often", () => {
  const rooms = fleet(100, 3);
  const first = rooms.map((room) => room.box.state().edges.current);
  assert.ok(shares(rooms) >= 62 && shares(rooms) <= 88, `${shares(rooms)} of 100`);
  for (let outage = 0; outage < 2; outage++) {
    for (const room of rooms) {
      room.broken[OTHER] = "refused";
      // It is asked for a schedule within six minutes.
      room.advance(400_000);
      assert.equal(room.box.state().edges.current, EDGE);
      delete room.broken[OTHER];
      room.advance(1_200_000);
    }
    assert.deepEqual(
      rooms.map((room) => room.box.state().edges.current),
      first,
    );
  }
});

test("a new weight in the line-up moves the boxes that it must, and no more", () => {
  const rooms = fleet(60, 1);
  const first = rooms.map((room) => room.box.state().edges.current);
  const weigh = (weight: number) => {
    for (const room of rooms) {
      room.lineUpEdges = [
        { url: EDGE, weight: 1 },
        { url: OTHER, weight },
      ];
      room.advance(5_000_000);
    }
  };
  weigh(0);
  assert.equal(shares(rooms), 0);
  weigh(1);
  assert.deepEqual(
    rooms.map((room) => room.box.state().edges.current),
    first,
  );
});

test("an interaction that cannot be read costs no edge, and is asked for ever more rarely", () => {
  const room = createLivingRoom({
    cues: [cue(), cue({ id: "pl2:p1.0", interaction: "int-new", version: 1, untilMs: AT + 7_200_000 })],
    edges: [EDGE, OTHER],
  });
  room.interactions["int-new@1"] = {
    ...interactionSample,
    id: "int-new",
    version: 1,
    type: "wheel",
  } as never;
  room.until(AT + 1_000);
  assert.deepEqual(room.shown(), ["pl1:p1.0"]);
  room.until(AT + 7_200_000);
  assert.ok(room.happened.filter(({ event }) => event === "edge").length <= 5);
  const asked = room.to("/v1/interactions/int-new").length;
  assert.ok(asked >= 5 && asked <= 20, `${asked} asks in two hours`);
});

test("an edge that asks to be left alone for long is left for another", () => {
  const room = createLivingRoom({ edges: [EDGE, OTHER], tripMs: { [OTHER]: 100 } });
  room.advance(10_000);
  const sinceMs = room.trueMs();
  room.special["/v1/channels/cctv1/schedule"] = (asked) =>
    asked.edge === EDGE ? { status: 503, retryAfter: "600" } : undefined;
  room.schedules.cctv1 = schedule([], { revision: 2 });
  room.advance(1_800_000);
  const asks = room.to("/v1/channels/cctv1/schedule").filter(({ atMs }) => atMs > sinceMs);
  const refusedMs = asks[0]?.atMs as number;
  assert.equal(asks[0]?.edge, EDGE);
  assert.equal(asks[1]?.edge, OTHER);
  assert.ok((asks[1]?.atMs as number) - refusedMs < 5_000);
  const early = asks.filter(
    ({ edge, atMs }) => edge === EDGE && atMs > refusedMs && atMs < refusedMs + 299_000,
  );
  assert.deepEqual(early, []);
});
