import assert from "node:assert/strict";
import { test } from "node:test";
import type { UplinkAnswer } from "../../shared/uplink/batch.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const OUTBOX = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const CUE = "pl1:c1-p1.0";
const AT_MS = TEST_NOW_MS + 300_000;

let drawn = 0;
const answer = (number: number, box: string, more: Partial<UplinkAnswer> = {}): UplinkAnswer => ({
  ...{ number, box, cue: CUE, interaction: "int-1", version: 1, options: ["a"] },
  key: `6f1c2f6e-3f0a-4c0e-9a53-${String(++drawn).padStart(12, "0")}`,
  answeredAtMs: AT_MS + 1_000,
  receivedAtMs: AT_MS + 1_000,
  ...more,
});
const take = (t: TestCentral, ...answers: UplinkAnswer[]) =>
  t.central.intake.take("e1", { outbox: OUTBOX, answers, airings: [], tallies: [] });
const total = async (t: TestCentral) => (await t.api("GET", `/api/v1/results/${CUE}`)).body.counted.total;
const rowsOf = async (t: TestCentral, box: string) =>
  (await t.results.all("SELECT count(*) AS rows FROM answer WHERE box = ?", [box]))[0]?.rows;
const erase = (t: TestCentral, box: string) => t.api("DELETE", `/api/v1/boxes/${box}`);

/** A cue on air, and the clock behind its answers. */
const withAnswers = (run: (t: TestCentral) => Promise<void>) =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    t.setWall(AT_MS + 10_000);
    await run(t);
  });

test("erasing a box removes its answers and its pseudonym everywhere, and no count changes", () =>
  withAnswers(async (t) => {
    await take(t, answer(1, "box-one"), answer(2, "box-2"));
    const erased = await erase(t, "box-one");
    assert.deepEqual([erased.status, erased.body], [200, { answers: 1, cues: 1 }]);
    assert.equal(await total(t), 2);
    assert.equal(await rowsOf(t, "box-one"), 0);
    assert.equal(await rowsOf(t, "box-2"), 1);
    for (const database of [t.authoring, t.results]) {
      const tables = await database.all("SELECT name FROM sqlite_schema WHERE type = 'table'");
      for (const { name } of tables) {
        const text = JSON.stringify(await database.all(`SELECT * FROM "${name}"`));
        assert.ok(!text.includes("box-one"), `${name} still names the box`);
      }
    }
  }));

test("an erased box's answer that comes again is not counted twice, nor another one of its to the same cue", () =>
  withAnswers(async (t) => {
    const first = answer(1, "box-one");
    await take(t, first);
    await erase(t, "box-one");
    assert.equal((await take(t, first)).taken, 1);
    assert.equal(await total(t), 1);
    await take(t, answer(2, "box-one", { answeredAtMs: AT_MS + 20_000, receivedAtMs: AT_MS + 20_000 }));
    assert.equal(await total(t), 1);
    assert.equal(await rowsOf(t, "box-one"), 0);
  }));

test("what an erased box answers later, to another cue, counts again", () =>
  withAnswers(async (t) => {
    await take(t, answer(1, "box-2"));
    await erase(t, "box-one");
    // On its way when the box was erased; and given afterwards.
    await take(t, answer(2, "box-one"));
    assert.equal(await total(t), 1);
    await take(t, answer(3, "box-one", { answeredAtMs: AT_MS + 20_000, receivedAtMs: AT_MS + 20_000 }));
    assert.equal(await total(t), 2);
  }));

test("an erasure and tokens of a box stand in the audit without the box's name", () =>
  withAnswers(async (t) => {
    await t.api("POST", "/api/v1/box-tokens", { box: "box-one" });
    await erase(t, "box-one");
    const { entries } = (await t.api("GET", "/api/v1/audit")).body;
    const text = JSON.stringify(entries);
    assert.ok(!text.includes('"box-one"'), text);
    const hashes = [...text.matchAll(/box-[0-9a-f]{16}/g)].map(([hash]) => hash);
    assert.equal(new Set(hashes).size, 1);
    assert.ok(hashes.length >= 2);
  }));

test("revoking a box's tokens puts them into what is on air, and a roll back does not bring them back", () =>
  withAnswers(async (t) => {
    await t.api("PUT", "/api/v1/regions/north", { name: "Nord" });
    await t.central.publisher.publish();
    const reply = await t.api("DELETE", "/api/v1/box-tokens/box-one");
    assert.deepEqual([reply.status, reply.body], [200, { published: true }]);
    const part = () => t.central.publisher.onAir()?.content.get("box-revocations");
    assert.equal(part()?.size, 1);
    assert.equal((await t.api("POST", "/api/v1/rollback", { epoch: 1, revision: 1 })).status, 200);
    assert.equal(part()?.size, 1);
    const { revocations } = (await t.api("GET", "/api/v1/box-revocations")).body;
    assert.deepEqual([revocations.length, revocations[0].by], [1, "test"]);
    assert.equal((await t.api("GET", "/api/v1/box-revocations?before=x")).status, 400);
  }));
