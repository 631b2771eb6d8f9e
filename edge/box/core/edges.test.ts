import assert from "node:assert/strict";
import { test } from "node:test";
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

test("boxes that left an edge draw again once it is back, so that it is not left alone", () => {
  const away = "http://edge-b";
  let back = 0;
  for (let seed = 1; seed <= 120; seed++) {
    const room = createLivingRoom({ seed, edges: [EDGE, away] });
    room.advance(1_000);
    room.broken[away] = "refused";
    room.advance(1_800_000);
    delete room.broken[away];
    room.advance(1_200_000);
    if (room.box.state().edges.current === away) back++;
  }
  // Half had chosen it, and half of those choose it again.
  assert.ok(back >= 15 && back <= 50, `${back} of 120`);
});
