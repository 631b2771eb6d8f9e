import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { HOUR_MS } from "../../../shared/schedule/window.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { compile, DAY, NOW, place } from "./_sample-publication.ts";
import { createRollOver, LEAD_MS, READY_MAX_MS } from "./roll-over.ts";
import type { Snapshot } from "./snapshot.ts";

/** A roll-over whose turns are counted and whose pauses end by themselves. */
function start(snapshot: Snapshot | undefined, wallMs: number, turnMs = 0) {
  const time = createSimulatedTime(wallMs);
  let current = snapshot;
  let turns = 0;
  const rollOver = createRollOver({
    snapshot: () => current,
    clock: time.clock,
    timers: time.timers,
    pause: () => {
      turns++;
      time.advance(turnMs);
      return Promise.resolve();
    },
    log: silentLog,
  });
  return {
    time,
    rollOver,
    turns: () => turns,
    replace: (next: Snapshot | undefined) => {
      current = next;
    },
  };
}
/** Everything that waits for nothing but promises has run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a promoted snapshot has every channel's schedule made, in three turns a channel", async () => {
  const snapshot = await compile();
  const { rollOver, turns } = start(snapshot, NOW);
  assert.equal(snapshot.channel("cctv1")?.suppressed(NOW), undefined);
  await rollOver.promoted();
  assert.equal(turns(), 6);
  assert.deepEqual(snapshot.channel("cctv1")?.suppressed(NOW), {});
  rollOver.stop();
});

test("a snapshot is made ready while another is served, and takes over half ready when it takes too long", async () => {
  const { rollOver } = start(await compile(), NOW);
  const next = await compile();
  await rollOver.ready(next);
  assert.deepEqual(next.channel("cctv2")?.suppressed(NOW), {});
  rollOver.stop();
  const slow = start(await compile(), NOW, READY_MAX_MS / 3);
  const late = await compile();
  await slow.rollOver.ready(late);
  assert.deepEqual(late.channel("cctv1")?.suppressed(NOW), {});
  assert.equal(late.channel("cctv2")?.suppressed(NOW), undefined);
  slow.rollOver.stop();
});

test("shortly before every hour the next one's schedules are made for channels that are asked for", async () => {
  const snapshot = await compile();
  const hourMs = Math.floor(NOW / HOUR_MS) * HOUR_MS + HOUR_MS;
  const { time, turns, rollOver } = start(snapshot, NOW);
  const now = snapshot.channel("cctv1")?.scheduleAt(NOW);
  time.advance(hourMs - LEAD_MS - NOW - 1);
  await settled();
  assert.equal(turns(), 0);
  time.advance(1);
  await settled();
  assert.equal(turns(), 3, "cctv2 was not asked for");
  assert.equal(snapshot.channel("cctv1")?.scheduleAt(hourMs - 1), now, "what is sent now stays");
  const next = snapshot.channel("cctv1")?.scheduleAt(hourMs);
  assert.notEqual(next, now);
  const fresh = (await compile()).channel("cctv1")?.scheduleAt(hourMs);
  assert.equal(next?.etag, fresh?.etag, "made ahead or when asked for: the same bytes");
  time.advance(HOUR_MS);
  await settled();
  assert.equal(turns(), 6, "and again an hour later");
  rollOver.stop();
});

test("a newer snapshot ends the work on the one before, and stop() ends all of it", async () => {
  const snapshot = await compile();
  const { rollOver, turns, replace, time } = start(snapshot, NOW);
  const newer = await compile();
  const working = rollOver.promoted();
  replace(newer);
  await working;
  assert.equal(turns(), 1);
  rollOver.stop();
  time.advance(DAY);
  assert.equal(turns(), 1);
  assert.equal(time.nextDueMs(), undefined);
});

test("a snapshot takes over the schedules that a publication did not touch, as they were made", async () => {
  const before = await compile();
  const made = before.channel("cctv2")?.scheduleAt(NOW);
  const more = place("more", { when: { kind: "instant", atMs: NOW + HOUR_MS } });
  const put = { placements: { more: JSON.stringify(more) } };
  const after = await compile({ revision: 419, put }, before);
  assert.equal(after.channel("cctv2"), before.channel("cctv2"));
  assert.equal(after.channel("cctv2")?.scheduleAt(NOW), made);
  assert.notEqual(after.channel("cctv1"), before.channel("cctv1"));
  const moved = await compile({ revision: 420, put: { ...put, "guide/cctv2": {} } }, after);
  assert.equal(moved.channel("cctv2"), after.channel("cctv2"), "an entry of the same body is the same");
  const rules = { fair: JSON.stringify({ id: "fair", gapMs: 60_000, channels: ["cctv2"] }) };
  const ruled = await compile({ revision: 421, put: { ...put, "channel-rules": rules } }, after);
  assert.notEqual(ruled.channel("cctv2"), after.channel("cctv2"));
  assert.equal(ruled.channel("cctv1"), after.channel("cctv1"));
});
