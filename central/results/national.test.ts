import assert from "node:assert/strict";
import { test } from "node:test";
import type { Queries, Row } from "../../shared/runtime/database.ts";
import { createSimulatedTime } from "../../shared/testing/simulated-time.ts";
import { authorSample, TEST_NOW_MS, withCentral } from "../testing/central-for-tests.ts";
import { createNational } from "./national.ts";

const CUE = "pl1:c1-p1.0";
const AT_MS = TEST_NOW_MS + 301_000;

test("an edge that took no answer of a cue is told what the others brought, and nothing of what nobody answered", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const edge = async () => {
      const { code } = (await t.api("POST", "/api/v1/edges/codes", { region: "north" })).body;
      return await t.central.fleet.enrol(code, undefined, TEST_NOW_MS);
    };
    const [one, other] = [await edge(), await edge()];
    t.setWall(AT_MS + 1_000);
    const answer = {
      ...{ number: 1, box: "b", key: "6f1c2f6e-3f0a-4c0e-9a53-000000000001", cue: CUE, interaction: "int-1" },
      ...{ version: 1, options: ["a"], answeredAtMs: AT_MS, receivedAtMs: AT_MS },
    };
    const outbox = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
    await t.central.intake.take(one.id, { outbox, answers: [answer], airings: [], tallies: [] });
    const ask = (token?: string) =>
      t.central.app.request("http://central.test/uplink/v1/results", {
        method: "POST",
        headers: { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) },
        body: JSON.stringify({ cues: [CUE, "nobody:once", CUE] }),
      });
    const reply = await ask(other.uplinkToken);
    assert.equal(reply.status, 200);
    assert.deepEqual(await reply.json(), {
      national: [{ cue: CUE, interaction: "int-1", version: 1, total: 1, options: { a: 1 } }],
    });
    assert.equal((await ask()).status, 401);
  }));

test("recent() reads a cue once a second, however many ask, and again after a read that failed", async () => {
  const { clock, advance } = createSimulatedTime(TEST_NOW_MS);
  const reads: string[][] = [];
  let count = 1;
  let fails = false;
  const database = {
    async all(_sql: string, [cues]: string[]) {
      reads.push(JSON.parse(cues as string));
      if (fails) throw new Error("its disk refuses");
      return [{ cue: "a", interaction: "i", version: 1, option: "", count }] as unknown as Row[];
    },
  } as unknown as Queries;
  const { recent } = createNational({ database, clock });
  const totalOf = async (...cues: string[]) => (await recent(cues)).map(({ total }) => total);
  const all = await Promise.all([totalOf("a"), totalOf("a", "b"), totalOf("b"), totalOf("a")]);
  assert.deepEqual(all, [[1], [1], [], [1]]);
  assert.deepEqual(reads, [["a"], ["b"]]);
  count = 7;
  advance(999);
  assert.deepEqual(await totalOf("a"), [1]);
  advance(1);
  assert.deepEqual(await totalOf("a"), [7]);
  advance(1_000);
  fails = true;
  await assert.rejects(totalOf("a"));
  fails = false;
  count = 8;
  assert.deepEqual(await totalOf("a"), [8]);
});
