import assert from "node:assert/strict";
import { test } from "node:test";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const CUE = "pl1:c1-p1.0";
/** Nobody listens there: what is queued stays in the queue. */
const URL_OF_NOBODY = "http://127.0.0.1:9/";

const collected = async (t: TestCentral, id: string) => {
  await t.central.collect();
  const { deliveries } = (await t.api("GET", `/api/v1/webhooks/${id}/deliveries`)).body;
  return (deliveries as { event: string; type: string; body: string }[]).map(({ event, type, body }) => ({
    ...{ event, type },
    data: JSON.parse(body).data,
  }));
};

/** A central with something on air and a webhook made after that. */
const withWebhook = (types: string[], run: (t: TestCentral, id: string) => Promise<void>) =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    await t.central.collect();
    t.setWall(TEST_NOW_MS + 1_000);
    const made = await t.api("POST", "/api/v1/webhooks", { url: URL_OF_NOBODY, types });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    assert.match(made.body.secret, /^whsec_/);
    const listed = await t.api("GET", "/api/v1/webhooks");
    assert.ok(!JSON.stringify(listed.body).includes(made.body.secret));
    await run(t, made.body.webhook.id);
  });

test("each publication is told once, a withdrawal with what it took away", () =>
  withWebhook(["published", "withdrawn"], async (t, id) => {
    assert.deepEqual(await collected(t, id), []);
    await t.api("PUT", "/api/v1/regions/north", { name: "Nord" });
    await t.api("POST", "/api/v1/publish", { comment: "tonight" });
    await t.api("POST", "/api/v1/withdraw", { placement: "pl1" });
    await collected(t, id);
    const [withdrawn, published] = await collected(t, id);
    assert.deepEqual(
      [published?.type, published?.data.revision, published?.data.comment],
      ["published", 2, "tonight"],
    );
    assert.deepEqual([withdrawn?.type, withdrawn?.data.placements], ["withdrawn", ["pl1"]]);
    assert.equal((await collected(t, id)).length, 2);
    // What had been seen is found again after a crash, under the same id.
    await t.authoring.all("UPDATE setting SET body = '[1,1]' WHERE name = 'webhook-place'");
    assert.equal((await collected(t, id)).length, 2);
  }));

test("a cue's close is told once, with its tallies, when answers had time to come in", () =>
  withWebhook(["cue.closed"], async (t, id) => {
    const atMs = TEST_NOW_MS + 300_000;
    t.setWall(atMs + 5_000);
    const answer = {
      ...{ number: 1, box: "b", key: "6f1c2f6e-3f0a-4c0e-9a53-000000000001", cue: CUE },
      ...{
        interaction: "int-1",
        version: 1,
        options: ["a"],
        answeredAtMs: atMs + 1_000,
        receivedAtMs: atMs + 1_000,
      },
    };
    const outbox = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
    await t.central.intake.take("e1", { outbox, answers: [answer], airings: [], tallies: [] });
    assert.deepEqual(await collected(t, id), []);
    t.setWall(atMs + 65_000);
    assert.deepEqual(await collected(t, id), []);
    t.setWall(atMs + 71_000);
    const [closed, ...more] = await collected(t, id);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [closed?.event, closed?.data.cue, closed?.data.counted],
      [`cue-closed-${CUE}`, CUE, { total: 1, options: { a: 1 } }],
    );
    await t.results.all("DELETE FROM cue_told");
    assert.equal((await collected(t, id)).length, 1);
  }));

test("an edge gone stale and back is told, not in the first minutes after a start, and not when it was revoked", () =>
  withWebhook(["edge.stale", "edge.back"], async (t, id) => {
    const { code } = await t.central.fleet.createCode("north", TEST_NOW_MS);
    const { uplinkToken } = await t.central.fleet.enrol(code, undefined, TEST_NOW_MS);
    const edge = await t.central.fleet.byToken(uplinkToken);
    assert.ok(edge);
    const heard = (atMs: number) =>
      t.central.fleet.report(edge, { software: "1", outbox: { waiting: 0 }, timeMs: atMs }, atMs);
    await heard(TEST_NOW_MS);
    t.setWall(TEST_NOW_MS + 70_000);
    assert.deepEqual(await collected(t, id), []);
    t.setWall(TEST_NOW_MS + 100_000);
    assert.deepEqual(
      (await collected(t, id)).map(({ type, data }) => [type, data.edge]),
      [["edge.stale", edge.id]],
    );
    assert.equal((await collected(t, id)).length, 1);
    await heard(TEST_NOW_MS + 110_000);
    t.setWall(TEST_NOW_MS + 111_000);
    assert.deepEqual((await collected(t, id)).map(({ type }) => type).sort(), ["edge.back", "edge.stale"]);
    t.setWall(TEST_NOW_MS + 300_000);
    assert.equal((await collected(t, id)).length, 3);
    await t.api("DELETE", `/api/v1/edges/${edge.id}`);
    assert.equal((await collected(t, id)).length, 3);
  }));

test("a webhook takes web addresses without a password alone; a test event, trying again, a new secret", () =>
  withWebhook(["published"], async (t, id) => {
    for (const url of ["ftp://a.test/", "http://me:secret@a.test/", "a.test", 5]) {
      assert.equal((await t.api("POST", "/api/v1/webhooks", { url })).status, 400, String(url));
    }
    const { event } = (await t.api("POST", `/api/v1/webhooks/${id}/test`)).body;
    assert.equal((await t.api("POST", `/api/v1/webhooks/${id}/deliveries/${event}/again`)).status, 200);
    assert.equal((await t.api("POST", `/api/v1/webhooks/${id}/deliveries/none/again`)).status, 404);
    assert.match((await t.api("POST", `/api/v1/webhooks/${id}/secret`)).body.secret, /^whsec_/);
    assert.equal(
      (await t.api("GET", `/api/v1/webhooks/${id}/deliveries?state=dead`)).body.deliveries.length,
      0,
    );
    assert.equal((await t.api("DELETE", `/api/v1/webhooks/${id}`)).status, 204);
    assert.equal((await t.authoring.all("SELECT 1 FROM webhook_delivery")).length, 0);
  }));
