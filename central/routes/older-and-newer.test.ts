import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { batchRequestSchema } from "../../shared/uplink/batch.ts";
import { hintRequestSchema } from "../../shared/uplink/hint.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import { createFirstEdge } from "../testing/first-edge.ts";

const CUE = "pl1:c1-p1.0";
const AT_MS = TEST_NOW_MS + 301_000;

const poster = (t: TestCentral) => async (path: string, body: unknown, token?: string) => {
  const reply = await t.central.app.request(`http://central.test${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
    body: JSON.stringify(body),
  });
  const text = await reply.text();
  assert.equal(reply.status, 200, `${path}: ${text}`);
  return JSON.parse(text) as unknown;
};

/** A central with something on air, and a code for an edge. */
const withCode = (run: (t: TestCentral, code: string) => Promise<void>) =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const { code } = (await t.api("POST", "/api/v1/edges/codes", { region: "north" })).body;
    await run(t, code);
  });

test("an edge of the first release enrols, renews, hears of a publication and has its answers counted once", () =>
  withCode(async (t, code) => {
    const edge = createFirstEdge(poster(t));
    assert.equal((await edge.enrol(code)).region, "north");
    await edge.renew();
    const first = (await edge.hint(undefined, TEST_NOW_MS)).air;
    assert.equal(first?.revision, 1);
    await t.api("PUT", "/api/v1/regions/north", { name: "Nord" });
    await t.central.publisher.publish();
    assert.equal((await edge.hint(first, TEST_NOW_MS)).air?.revision, 2);
    t.setWall(AT_MS + 1_000);
    const { taken, national } = await edge.batch(CUE, 1, ["b-1", "b-2"], AT_MS);
    assert.deepEqual([taken, national[0]?.total], [2, 2]);
    assert.equal((await edge.batch(CUE, 1, ["b-1", "b-2"], AT_MS)).taken, 2);
    const { counted, outcomes } = (await t.api("GET", `/api/v1/results/${CUE}`)).body;
    assert.deepEqual([counted.total, outcomes.shown], [2, 2]);
    const [{ report }] = (await t.api("GET", "/api/v1/edges")).body.edges;
    assert.equal(report.software, "0.1.0");
  }));

test("an edge of a newer release is understood: what it says beyond today's messages is passed over", () =>
  withCode(async (t, code) => {
    const post = poster(t);
    const beyond = { unheardOf: { deep: [1, "2"] } };
    const own = (await post("/uplink/v1/enrol", { code, software: "9.0.0", ...beyond })) as {
      uplinkToken: string;
    };
    const report = { software: "9.0.0", outbox: { waiting: 0, ...beyond }, timeMs: TEST_NOW_MS, ...beyond };
    const hint = (await post("/uplink/v1/hint", { waitMs: 0, report, ...beyond }, own.uplinkToken)) as {
      air: { revision: number };
    };
    assert.equal(hint.air.revision, 1);
    t.setWall(AT_MS + 1_000);
    const answer = {
      ...{ key: "6f1c2f6e-3f0a-4c0e-9a53-000000000001", cue: CUE, interaction: "int-1", version: 1 },
      ...{ options: ["a"], answeredAtMs: AT_MS, number: 1, box: "b-1", receivedAtMs: AT_MS, ...beyond },
    };
    const batch = {
      outbox: "0b9a1f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d",
      answers: [answer],
      airings: [],
      tallies: [],
    };
    assert.equal(
      ((await post("/uplink/v1/batch", { ...batch, ...beyond }, own.uplinkToken)) as { taken: number }).taken,
      1,
    );
    assert.equal((await t.api("GET", `/api/v1/results/${CUE}`)).body.counted.total, 1);
  }));

test("what today's messages have beyond the first release's is optional, for good", () => {
  const position = { epoch: 1, revision: 1, hash: "a".repeat(64) };
  const outbox = { waiting: 0 };
  assert.ok(v.is(hintRequestSchema, { waitMs: 0, report: { software: "0.1.0", outbox, timeMs: 1 } }));
  assert.ok(
    v.is(hintRequestSchema, {
      known: position,
      waitMs: 1,
      report: { serves: position, software: "x", outbox, timeMs: 1 },
    }),
  );
  const answer = { key: "6f1c2f6e-3f0a-4c0e-9a53-000000000001", cue: "c:once", interaction: "i", version: 1 };
  const sent = { ...answer, rating: 3, answeredAtMs: 1, number: 1, box: "b", receivedAtMs: 1 };
  const batch = { outbox: "0b9a1f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d", answers: [sent], airings: [], tallies: [] };
  assert.ok(v.is(batchRequestSchema, batch));
});
