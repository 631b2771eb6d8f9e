import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { silentLog } from "../../../shared/log.ts";
import type { Position } from "../../../shared/publication/manifest.ts";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import type { HintRequest } from "../../../shared/uplink/hint.ts";
import type { SyncCommand, SyncReply } from "./replica-messages.ts";
import { createSynchroniser } from "./synchroniser.ts";

const NOW = 1_795_431_900_000;
const at = (revision: number, epoch = 1): Position => ({
  ...{ epoch, revision, hash: String(epoch * 1000 + revision).padStart(64, "0") },
});
const HOUR_MS = 3_600_000;

/** A central and a replica process that answer from `world`. */
function start(served: Position | undefined, settings: { hintWaits?: boolean; expiresInMs?: number } = {}) {
  const time = createSimulatedTime(NOW);
  const world = {
    air: at(1) as Position | undefined,
    /** What the replica brings; `air` when unset. */
    replicates: undefined as Position | undefined,
    reply: undefined as SyncReply | undefined,
    hintFails: false,
    revoked: false,
    renewFails: false,
    airUrl: "http://air",
    /** How long a sync takes. */
    syncMs: 0,
    isAsked: false,
  };
  const seen = {
    hints: [] as HintRequest[],
    syncs: [] as SyncCommand[],
    promoted: [] as Position[],
    renews: 0,
  };
  let release = () => {};
  const sync = createSynchroniser(
    {
      central: {
        async hint(request, signal) {
          seen.hints.push(request);
          if (world.revoked) {
            throw new CuecastError("Cannot report to central: it refused this edge: it was revoked", {
              ...{ code: "central-refused-token", status: 401 },
            });
          }
          if (world.hintFails) {
            throw new CuecastError("Cannot reach central: nobody there", { code: "central-unreachable" });
          }
          if (settings.hintWaits !== false && world.air?.hash === request.known?.hash) {
            await new Promise<void>((resolve, reject) => {
              signal?.addEventListener("abort", reject);
              const cancel = time.timers.after(request.waitMs, resolve);
              release = () => {
                cancel();
                resolve();
              };
            });
          }
          return { ...(world.air && { air: world.air }), timeMs: time.clock.wallMs() + 40 };
        },
        async renew() {
          seen.renews++;
          if (world.renewFails)
            throw new CuecastError("Cannot reach central", { code: "central-unreachable" });
          return {
            air: { url: world.airUrl, token: `t${seen.renews}`, expiresAtMs: time.clock.wallMs() + HOUR_MS },
          };
        },
      },
      replica: {
        async sync(command) {
          seen.syncs.push(command);
          if (world.syncMs > 0)
            await new Promise<void>((resolve) => time.timers.after(world.syncMs, resolve));
          if (world.reply) return world.reply;
          if (command.url !== world.airUrl) {
            return { ok: false, code: "air-unreachable", message: "Cannot sync: nobody answers there" };
          }
          const position = world.replicates ?? world.air ?? at(1);
          if (command.served?.hash === position.hash) return { ok: true, result: "same", position };
          return { ok: true, result: "candidate", position, path: command.into };
        },
        kills: () => 0,
        stop() {},
      },
      async promote(_, position) {
        seen.promoted.push(position);
      },
      async saveAccess() {},
      report: () => ({ software: "test", outbox: { waiting: 3 } }),
      isAsked: () => world.isAsked,
      clock: time.clock,
      timers: time.timers,
      random: createSeededRandom(3),
      log: silentLog,
    },
    {
      access: { url: "http://air", token: "t0", expiresAtMs: NOW + (settings.expiresInMs ?? HOUR_MS) },
      ...{ publicationKey: "k", replicaFolder: "/r", candidatePath: "/c" },
    },
  );
  sync.start(served);
  const settle = async () => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
  };
  const pass = async (ms: number) => {
    const endMs = time.clock.monotonicMs() + ms;
    await settle();
    for (let due = time.nextDueMs(); due !== undefined && due <= endMs; due = time.nextDueMs()) {
      time.advance(due - time.clock.monotonicMs());
      await settle();
    }
    time.advance(endMs - time.clock.monotonicMs());
  };
  const publish = async (position: Position) => {
    world.air = position;
    release();
    await settle();
  };
  return { sync, world, seen, pass, publish };
}

test("central is told at once what was promoted, not when the long poll comes back", async () => {
  const { sync, seen, pass, publish } = start(at(1));
  await pass(0);
  await publish(at(2));
  await pass(0);
  assert.deepEqual(seen.promoted, [at(2)]);
  const last = seen.hints.at(-1);
  assert.deepEqual([last?.report.serves, last?.known], [at(2), at(2)]);
  await pass(10_000);
  assert.equal(seen.hints.at(-1), last, "it waits, and does not spin");
  await sync.stop();
});

test("createSynchroniser() asks central once for each publication, and cuts no poll", async () => {
  const { sync, world, seen, pass, publish } = start(at(1));
  await pass(0);
  world.syncMs = 300;
  for (const revision of [2, 3, 4]) {
    const before = seen.hints.length;
    await publish(at(revision));
    await pass(1_000);
    assert.deepEqual(seen.promoted.at(-1), at(revision));
    assert.equal(seen.hints.length - before, 1);
    assert.deepEqual(seen.hints.at(-1)?.report.serves, at(revision));
  }
  await sync.stop();
});

test("createSynchroniser() tells the replica process when boxes ask a lot", async () => {
  const { sync, world, seen, pass, publish } = start(at(1));
  await pass(0);
  world.isAsked = true;
  await publish(at(2));
  await pass(100);
  assert.deepEqual(
    seen.syncs.map(({ isAsked }) => isAsked),
    [undefined, true],
  );
  await sync.stop();
});

test("createSynchroniser() goes on reporting while a sync takes long", async () => {
  const { sync, world, seen, pass, publish } = start(at(1));
  await pass(0);
  world.syncMs = 30_000;
  const before = seen.hints.length;
  await publish(at(2));
  await pass(999);
  assert.equal(seen.hints.length - before, 0);
  await pass(2);
  assert.deepEqual(
    seen.hints.slice(before).map(({ known }) => known),
    [at(2)],
  );
  await pass(30_000);
  assert.deepEqual(seen.hints.at(-1)?.report.serves, at(2));
  await sync.stop();
});

test("createSynchroniser() syncs at start, on a hint within a moment, and every now and then without", async () => {
  const { sync, seen, pass, publish } = start(undefined);
  await pass(200);
  assert.deepEqual(seen.promoted, [at(1)]);
  await publish(at(2));
  await pass(100);
  assert.deepEqual(seen.promoted, [at(1), at(2)]);
  assert.deepEqual(seen.syncs.at(-1)?.served, at(1));
  const before = seen.syncs.length;
  await pass(10 * 60_000);
  const more = seen.syncs.length - before;
  assert.ok(more >= 8 && more <= 12, `${more} syncs in ten minutes`);
  const { line, lastSyncMs, trouble, centralClock } = sync.state();
  assert.equal(line, "up");
  assert.ok((lastSyncMs ?? 0) > NOW);
  assert.equal(trouble, undefined);
  assert.ok(centralClock, "central's clock was not measured");
  assert.ok(Math.abs(centralClock.offsetMs - 40) <= centralClock.errorMs, JSON.stringify(centralClock));
  const last = seen.hints.at(-1);
  assert.deepEqual([last?.known, last?.report.serves, last?.report.outbox.waiting], [at(2), at(2), 3]);
  await sync.stop();
});

test("createSynchroniser() does not sync for a hint at what it serves already", async () => {
  const { sync, seen, pass } = start(at(1));
  await pass(5_000);
  assert.equal(seen.syncs.length, 1);
  assert.deepEqual(seen.promoted, []);
  await sync.stop();
});

test("createSynchroniser() keeps a refused state off, says why, and does not spin", async () => {
  const { sync, world, seen, pass, publish } = start(at(9));
  world.reply = {
    ...{ ok: false, code: "publication-refused", message: "Cannot promote what was synced: older" },
    position: at(4),
  };
  world.air = at(5);
  await pass(60_000);
  assert.ok(seen.syncs.length <= 4, `${seen.syncs.length} syncs`);
  assert.ok(seen.hints.length <= 6, `${seen.hints.length} hints`);
  assert.deepEqual(seen.promoted, []);
  assert.deepEqual(sync.state().refused, { ...at(4), why: "Cannot promote what was synced: older" });
  const { report } = seen.hints.at(-1) ?? {};
  assert.deepEqual([report?.serves, report?.trouble], [at(9), "Cannot promote what was synced: older"]);
  world.reply = undefined;
  await publish(at(1, 2));
  await pass(200);
  assert.deepEqual(seen.promoted, [at(1, 2)]);
  assert.equal(sync.state().refused, undefined);
  await sync.stop();
});

test("createSynchroniser() backs off while air lags behind central's hint", async () => {
  const { sync, world, seen, pass } = start(at(1));
  world.air = at(2);
  world.replicates = at(1);
  await pass(60_000);
  assert.ok(seen.syncs.length >= 3 && seen.syncs.length <= 12, `${seen.syncs.length} syncs`);
  world.replicates = undefined;
  await pass(60_000);
  assert.deepEqual(seen.promoted, [at(2)]);
  await sync.stop();
});

test("createSynchroniser() has a replica that stays behind synced from scratch, now and then", async () => {
  const { sync, world, seen, pass } = start(at(1));
  world.air = at(2);
  world.replicates = at(1);
  await pass(600_000);
  const fresh = seen.syncs.filter((command) => command.fresh).length;
  assert.ok(fresh >= 1 && fresh <= seen.syncs.length / 4, `${fresh} of ${seen.syncs.length} syncs`);
  await sync.stop();
});

test("createSynchroniser() says that central is away, since when, and finds back", async () => {
  const { sync, world, seen, pass } = start(at(1));
  await pass(1_000);
  assert.equal(sync.state().line, "up");
  world.hintFails = true;
  await pass(60_000);
  assert.equal(sync.state().line, "down");
  assert.match(sync.state().trouble ?? "", /nobody there/);
  assert.ok(sync.state().sinceMs >= NOW + 25_000 && sync.state().sinceMs <= NOW + 27_000);
  assert.ok(seen.hints.length < 20, `${seen.hints.length} hints`);
  world.hintFails = false;
  await pass(61_000);
  assert.equal(sync.state().line, "up");
  assert.equal(sync.state().trouble, undefined);
  await sync.stop();
});

test("createSynchroniser() does not hammer a central that answers at once", async () => {
  const { sync, seen, pass } = start(at(1), { hintWaits: false });
  await pass(10_000);
  assert.ok(seen.hints.length <= 12, `${seen.hints.length} hints`);
  await sync.stop();
});

test("createSynchroniser() renews the token before it ends, and at once when it is refused", async () => {
  const soon = start(at(1), { expiresInMs: -1 });
  await soon.pass(200);
  assert.equal(soon.seen.renews, 1);
  assert.equal(soon.seen.syncs[0]?.token, "t1");
  await soon.pass(2 * HOUR_MS);
  assert.ok(soon.seen.renews >= 3 && soon.seen.renews <= 4, `${soon.seen.renews} renewals`);
  await soon.sync.stop();

  const refused = start(at(1));
  refused.world.reply = { ok: false, code: "air-refused-token", message: "Cannot sync: it refuses" };
  await refused.pass(100);
  assert.deepEqual(
    refused.seen.syncs.slice(0, 2).map(({ token }) => token),
    ["t0", "t1"],
  );
  assert.match(refused.sync.state().trouble ?? "", /refuses/);
  await refused.sync.stop();
});

test("createSynchroniser() learns from central where air is when it has moved, soon and without asking all the time", async () => {
  const { sync, world, seen, pass, publish } = start(at(1));
  await pass(1_000);
  const before = seen.renews;
  world.airUrl = "http://air-elsewhere";
  await publish(at(2));
  await pass(10_000);
  assert.deepEqual(seen.promoted.at(-1), at(2));
  assert.equal(seen.syncs.at(-1)?.url, "http://air-elsewhere");
  assert.equal(seen.renews, before + 1);
  world.reply = { ok: false, code: "air-unreachable", message: "Cannot sync: nobody answers there" };
  await publish(at(3));
  await pass(600_000);
  assert.ok(seen.renews - before <= 4, `${seen.renews - before} renewals`);
  await sync.stop();
});

test("createSynchroniser() syncs on with the old token while renewing fails", async () => {
  const { sync, world, seen, pass } = start(undefined, { expiresInMs: 1_000 });
  world.renewFails = true;
  await pass(2_000);
  assert.deepEqual(seen.promoted, [at(1)]);
  await sync.stop();
});

test("createSynchroniser() reads air no more once central has revoked the edge, and again when it is let in", async () => {
  const { sync, world, seen, pass, publish } = start(at(1));
  await pass(1_000);
  world.revoked = true;
  await publish(at(2));
  await pass(5_000);
  const before = seen.syncs.length;
  await pass(10 * 60_000);
  assert.equal(seen.syncs.length, before, "it goes on syncing");
  assert.match(sync.state().lineTrouble ?? "", /revoked/);
  assert.ok(seen.hints.length < 100, `${seen.hints.length} hints`);
  world.revoked = false;
  await pass(20_000);
  assert.deepEqual(seen.promoted, [at(2)]);
  await sync.stop();
});
