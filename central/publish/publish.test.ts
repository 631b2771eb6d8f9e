import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { historyKey } from "../../shared/publication/entries.ts";
import { checkContent, openManifest } from "../../shared/publication/manifest.ts";
import { createTimedFetch } from "../platform/timed-fetch.ts";
import { createAirStore } from "../store/air.ts";
import { authorSample, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const scheduleOf = (test: TestCentral, channel: string) =>
  JSON.parse(String(test.central.publisher.onAir()?.content.get("schedules")?.get(channel)));
const report = { software: "test", outbox: { waiting: 0 }, timeMs: 1 };
const hash = (digit: string) => digit.repeat(64);

async function enrolled(test: TestCentral, position: { epoch: number; revision: number; hash: string }) {
  const { code } = await test.central.fleet.createCode("north", 1);
  const { uplinkToken } = await test.central.fleet.enrol(code, undefined, 2);
  const edge = await test.central.fleet.byToken(uplinkToken);
  assert.ok(edge);
  await test.central.fleet.report(edge, { ...report, serves: position }, 3);
}

test("publish() puts an edge into its region's line-up where it was last said to be", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const { code } = await t.central.fleet.createCode("north", 1);
    const { uplinkToken } = await t.central.fleet.enrol(code, "http://edge:1", 2);
    const urls = async () => {
      await t.central.publisher.publish();
      const region = t.central.publisher.onAir()?.content.get("regions")?.get("north");
      return JSON.parse(String(region)).edges.map(({ url }: { url: string }) => url);
    };
    assert.deepEqual(await urls(), ["http://edge:1"]);
    const edge = await t.central.fleet.byToken(uplinkToken);
    assert.ok(edge);
    await t.central.fleet.report(edge, report, 3);
    assert.deepEqual(await urls(), ["http://edge:1"]);
    await t.central.fleet.report(edge, { ...report, url: "http://edge:2" }, 4);
    assert.deepEqual(await urls(), ["http://edge:2"]);
    await t.central.fleet.report(edge, report, 5);
    assert.deepEqual(await urls(), ["http://edge:2"]);
  }));

test("publish() does not believe an edge that claims what no fleet can have served", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const far = Number.MAX_SAFE_INTEGER;
    await enrolled(t, { epoch: far, revision: far, hash: hash("a") });
    const withdrawn = await t.central.publisher.withdraw({ placement: "pl1" });
    assert.deepEqual([withdrawn.position.epoch, withdrawn.position.revision], [1, 2]);
    const raised = await t.central.publisher.publish({ newEpoch: true });
    assert.equal(raised.position.epoch, 2);
  }));

test("publish() in a new epoch goes above what edges have served, revoked ones left out", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    await enrolled(t, { epoch: 9, revision: 1, hash: hash("a") });
    const [edge] = await t.central.fleet.list();
    assert.ok(edge);
    await t.central.fleet.revoke(edge.id, 4);
    await enrolled(t, { epoch: 5, revision: 1, hash: hash("b") });
    assert.equal((await t.central.publisher.publish({ newEpoch: true })).position.epoch, 6);
  }));

test("publish() puts a signed whole into air, and again only what differs", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const first = await t.central.publisher.publish({ comment: "first" });
    assert.equal(first.changed, true);
    const signed = await t.central.air.readManifest();
    assert.ok(signed);
    checkContent(openManifest(signed, t.keys.publication.publicPem), await t.central.air.readContent());
    assert.deepEqual(await t.central.publisher.publish(), { changed: false, position: first.position });

    const [before1, before2] = [scheduleOf(t, "c1"), scheduleOf(t, "c2")];
    await t.api("PUT", "/api/v1/placements/pl2", {
      interaction: "int-1",
      version: 1,
      channels: ["c2"],
      when: { kind: "instant", atMs: 1_795_431_700_000 },
    });
    const second = await t.central.publisher.publish();
    assert.deepEqual([second.position.epoch, second.position.revision], [1, 2]);
    assert.deepEqual(scheduleOf(t, "c1"), before1);
    assert.notDeepEqual(scheduleOf(t, "c2"), before2);
    assert.equal(scheduleOf(t, "c2").revision, 2);
    const content = await t.central.air.readContent();
    const history = JSON.parse(String(content.get("history")?.get(historyKey(1, 1))));
    assert.equal(history.hash, first.position.hash);

    const withdrawn = await t.central.publisher.withdraw({ cue: "pl1:c1-p1.0" });
    assert.equal(withdrawn.position.revision, 3);
    assert.deepEqual((await t.central.drafts.placement("pl1"))?.placement.except, ["c1-p1.0"]);
    await t.central.publisher.withdraw({ placement: "pl2" });
    assert.equal((await t.central.drafts.placement("pl2"))?.state, "withdrawn");
    await assert.rejects(t.central.publisher.withdraw({ placement: "pl2" }), { code: "not-on-air" });

    const back = await t.central.publisher.rollback({ epoch: 1, revision: 1 });
    assert.equal(back.position.revision, 5);
    assert.equal(t.central.publisher.onAir()?.content.get("placements")?.size, 1);
    // Boxes hold revision 3 of c1: going back must look newer to them.
    assert.equal(scheduleOf(t, "c1").revision, 5);
    const last = await t.central.air.readManifest();
    assert.ok(last);
    checkContent(openManifest(last, t.keys.publication.publicPem), await t.central.air.readContent());
    await assert.rejects(t.central.publisher.rollback({ epoch: 1, revision: 99 }), {
      code: "unknown-publication",
    });

    const restarted = t.again();
    await restarted.start();
    assert.equal(restarted.publisher.onAir()?.hash, back.position.hash);
    assert.equal((await restarted.publisher.publish({ comment: "after" })).position.revision, 6);
  }));

test("publish() refuses placements that name what is not there, and writes nothing", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("PUT", "/api/v1/placements/bad", {
      interaction: "int-9",
      version: 1,
      channels: ["c9"],
      when: { kind: "instant", atMs: 1 },
    });
    const reply = await t.api("POST", "/api/v1/publish", {});
    assert.equal(reply.status, 422);
    assert.deepEqual(
      reply.body.errors.map((error: { path: string }) => error.path),
      ["placements.bad.channels", "placements.bad.interaction"],
    );
    assert.equal(await t.central.air.readManifest(), undefined);
  }));

test("publish() refuses to go below what an edge reports, until a new epoch", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    await enrolled(t, { epoch: 1, revision: 7, hash: hash("a") });
    await t.api("PUT", "/api/v1/channels/c3", { number: 3, name: "C3" });
    await assert.rejects(t.central.publisher.publish(), { code: "history-conflict", message: /new epoch/ });
    const healed = await t.central.publisher.publish({ newEpoch: true });
    assert.deepEqual([healed.position.epoch, healed.position.revision], [2, 1]);
    // Boxes may hold 1/7 of every channel.
    assert.equal(scheduleOf(t, "c1").epoch, 2);
    await t.api("PUT", "/api/v1/channels/c4", { number: 4, name: "C4" });
    assert.equal((await t.central.publisher.publish()).position.revision, 2);
  }));

test("publish() refuses when air was wiped, and a new epoch fills it again", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const { createClient } = await import("@libsql/client/http");
    const client = createClient({ url: t.airUrl, authToken: await t.central.tokens.writeAir() });
    await client.batch(["DROP TABLE entry", "DROP TABLE manifest"], "write");
    client.close();
    await t.api("PUT", "/api/v1/channels/c3", { number: 3, name: "C3" });
    await assert.rejects(t.central.publisher.publish(), { code: "history-conflict", message: /wiped/ });
    await t.central.publisher.publish({ newEpoch: true });
    const signed = await t.central.air.readManifest();
    assert.ok(signed);
    checkContent(openManifest(signed, t.keys.publication.publicPem), await t.central.air.readContent());
  }));

test("reconcile() finishes an intent that never reached air, and one that reached it unmarked", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    await t.api("PUT", "/api/v1/channels/c3", { number: 3, name: "C3" });
    const second = await t.central.publisher.publish();
    // As if it had ended between air and the mark.
    await t.authoring.batch([{ sql: "UPDATE publication SET state = 'intended' WHERE revision = 2" }]);
    const marked = t.again();
    await marked.publisher.open();
    await marked.publisher.reconcile();
    assert.equal(marked.publisher.onAir()?.hash, second.position.hash);

    // As if it had ended between the intent and air: air is at revision 1.
    await t.authoring.batch([{ sql: "UPDATE publication SET state = 'intended' WHERE revision = 2" }]);
    const first = (
      await t.authoring.all("SELECT manifest, hash, signature FROM publication WHERE revision = 1")
    )[0];
    assert.ok(first);
    const manifest = JSON.parse(String(first.manifest));
    await t.central.air.apply(second.position.hash, { put: [], remove: [] }, manifest, {
      body: String(first.manifest),
      hash: String(first.hash),
      signature: String(first.signature),
    });
    const resumed = t.again();
    await resumed.publisher.open();
    await resumed.publisher.reconcile();
    assert.equal((await t.central.air.readManifest())?.hash, second.position.hash);
    assert.equal(resumed.publisher.onAir()?.hash, second.position.hash);
    await assert.rejects(
      t.central.air.apply(hash("b"), { put: [], remove: [] }, manifest, {
        body: "{}",
        hash: hash("c"),
        signature: "",
      }),
      { code: "air-moved" },
    );
  }));

test("an edge's token reads air and cannot write it", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const { token } = await t.central.tokens.readAir();
    const store = createAirStore({ url: t.airUrl, token: async () => token }, createTimedFetch(5_000));
    assert.ok(await store.readManifest());
    const { createClient } = await import("@libsql/client/http");
    const client = createClient({ url: t.airUrl, authToken: token });
    await assert.rejects(client.execute("DELETE FROM entry"));
    client.close();
    const nobody = createAirStore({ url: t.airUrl, token: async () => "" }, createTimedFetch(5_000));
    await assert.rejects(nobody.readManifest(), { code: "air-unreachable" });
  }));

test("a libSQL server that accepts and never answers holds nobody for ever", async () => {
  const sockets = new Set<import("node:net").Socket>();
  const hole = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  await new Promise<void>((resolve) => hole.listen(0, "127.0.0.1", resolve));
  const address = hole.address();
  assert.ok(address && typeof address === "object");
  const store = createAirStore(
    { url: `http://127.0.0.1:${address.port}`, token: async () => "t" },
    createTimedFetch(200),
  );
  await assert.rejects(store.readManifest(), { code: "air-unreachable" });
  for (const socket of sockets) socket.destroy();
  await new Promise((resolve) => hole.close(resolve));
});
