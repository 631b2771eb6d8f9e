import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../shared/runtime/database.ts";
import type { UplinkAnswer } from "../../shared/uplink/batch.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import { RESULTS_MIGRATIONS } from "./tables.ts";

const OUTBOX = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const CUE = "pl1:c1-p1.0";
const AT_MS = TEST_NOW_MS + 300_000;
const DAY_MS = 86_400_000;
/** The last migration of a release that kept wide rows. */
const WIDE = 7;

const keyOf = (number: number) => `6f1c2f6e-3f0a-4c0e-9a53-${String(number).padStart(12, "0")}`;
const answer = (number: number, box: string, option: string, answeredAtMs = AT_MS + 1_000): UplinkAnswer => ({
  ...{ number, box, key: keyOf(number), cue: CUE, interaction: "int-1", version: 1, options: [option] },
  ...{ answeredAtMs, receivedAtMs: AT_MS + 1_100 },
});
const WIDE_ROW = `(box, key, cue, interaction, version, options, answered_ms, received_ms, outbox, number, verdict)
  VALUES (?, ?, ?, 'int-1', 1, ?, ?, ?, ?, ?, 'counted')`;
const wideValues = (each: UplinkAnswer) => [
  ...[each.box, each.key, each.cue, JSON.stringify(each.options), each.answeredAtMs, each.receivedAtMs],
  ...[OUTBOX, each.number],
];

/** Boxes 1 to 3 answered before the upgrade, all with `a`. */
const BEFORE = [1, 2, 3].map((number) => answer(number, `box-${number}`, "a"));
const withOlder = (run: (t: TestCentral) => Promise<void>) =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    t.setWall(AT_MS + 10_000);
    await t.results.batch([
      ...BEFORE.map((each) => ({
        sql: `INSERT INTO answer_before ${WIDE_ROW}`,
        args: wideValues(each),
      })),
      { sql: "INSERT INTO outbox VALUES (?, 'e1', 3, NULL, 0)", args: [OUTBOX] },
      {
        sql: "INSERT INTO tally VALUES (?1, 'int-1', 1, '', 3), (?1, 'int-1', 1, 'a', 3)",
        args: [CUE],
      },
      { sql: "INSERT INTO verdict_count VALUES (?, 'counted', 3)", args: [CUE] },
      { sql: "INSERT INTO cue_seen VALUES (?1, ?2, ?2)", args: [CUE, AT_MS] },
    ]);
    await run(t);
  });
const take = (t: TestCentral, ...answers: UplinkAnswer[]) =>
  t.central.intake.take("e1", { outbox: OUTBOX, answers, airings: [], tallies: [] });
const summaryOf = async (t: TestCentral) => (await t.api("GET", `/api/v1/results/${CUE}`)).body;

test("an upgrade leaves wide rows where they are: it takes as long however many there are", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-wide-"));
  try {
    const path = join(folder, "results.db");
    const older = await openDatabase(path, RESULTS_MIGRATIONS.slice(0, WIDE));
    await older.batch(
      BEFORE.map((each) => ({ sql: `INSERT INTO answer ${WIDE_ROW}`, args: wideValues(each) })),
    );
    const root = async (database: typeof older, name: string) =>
      (await database.all("SELECT rootpage FROM sqlite_schema WHERE name = ?", [name]))[0]?.rootpage;
    const page = await root(older, "answer");
    older.close();
    const newer = await openDatabase(path, RESULTS_MIGRATIONS);
    assert.equal(await root(newer, "answer_before"), page);
    assert.equal((await newer.all("SELECT 1 FROM answer_before")).length, 3);
    assert.equal((await newer.all("SELECT 1 FROM answer")).length, 0);
    newer.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("what was taken in before an upgrade is not counted again after it, and can still lose its vote", () =>
  withOlder(async (t) => {
    assert.equal((await take(t, ...BEFORE, answer(4, "box-4", "b"))).taken, 4);
    assert.deepEqual((await summaryOf(t)).counted, { total: 4, options: { a: 3, b: 1 } });
    // Given earlier, by another key, after the upgrade: it takes the vote of a wide row.
    await take(t, answer(5, "box-1", "b", AT_MS + 500));
    const { counted, verdicts } = await summaryOf(t);
    assert.deepEqual(counted, { total: 4, options: { a: 2, b: 2 } });
    assert.deepEqual(verdicts, { counted: 4, duplicate: 1 });
    assert.deepEqual((await t.api("GET", "/api/v1/status")).body.alarms, []);
  }));

test("series and draws tell answers of before an upgrade and of after it together", () =>
  withOlder(async (t) => {
    await take(t, answer(4, "box-0", "b"), answer(5, "box-2b", "b"));
    const { points, regions } = (await t.api("GET", `/api/v1/results/${CUE}/series`)).body;
    assert.deepEqual(points[0].options, { a: 3, b: 2 });
    assert.equal(regions[0].total, 5);
    const { id } = (await t.api("POST", `/api/v1/results/${CUE}/draws`, { winners: 1, among: "all" })).body;
    const reply = await t.central.app.request(`/api/v1/results/${CUE}/draws/${id}/entries`, {
      headers: { authorization: `Bearer ${t.token}` },
    });
    assert.equal(await reply.text(), "box-0\nbox-1\nbox-2\nbox-2b\nbox-3\n");
  }));

test("erasure and retention remove answers of before an upgrade too", () =>
  withOlder(async (t) => {
    await take(t, answer(4, "box-4", "a"));
    assert.deepEqual((await t.api("DELETE", "/api/v1/boxes/box-2")).body, { answers: 1, cues: 1 });
    assert.equal((await t.results.all("SELECT 1 FROM answer_before WHERE box = 'box-2'")).length, 0);
    assert.equal((await summaryOf(t)).counted.total, 4);
    t.setWall(TEST_NOW_MS + 91 * DAY_MS);
    await t.central.retention.runNow();
    for (const table of ["answer_before", "answer", "answer_kind"]) {
      assert.equal((await t.results.all(`SELECT 1 FROM ${table}`)).length, 0, table);
    }
  }));

test("answers that an unknown cue got before an upgrade count when it is published", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    t.setWall(AT_MS + 10_000);
    await t.results.batch([
      { sql: `INSERT INTO answer_before ${WIDE_ROW}`, args: wideValues(answer(1, "box-1", "a")) },
      { sql: "UPDATE answer_before SET verdict = 'unknown'" },
      { sql: "INSERT INTO verdict_count VALUES (?, 'unknown', 1)", args: [CUE] },
    ]);
    await t.central.intake.take("e1", {
      ...{ outbox: randomUUID(), airings: [], tallies: [] },
      answers: [answer(1, "box-9", "b")],
    });
    await t.central.publisher.publish();
    await t.central.intake.rejudge();
    assert.deepEqual((await summaryOf(t)).counted, { total: 2, options: { a: 1, b: 1 } });
  }));
