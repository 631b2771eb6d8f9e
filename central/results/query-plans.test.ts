import assert from "node:assert/strict";
import { test } from "node:test";
import type { Queries, Statement } from "../../shared/runtime/database.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const CUE = "pl1:c1-p1.0";
const OUTBOX = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const DAY_MS = 86_400_000;

/** Tables that grow with what boxes send, and with the cues there ever were. */
const LARGE = [
  "answer",
  "answer_before",
  "answer_kind",
  "cue_number",
  "tally",
  "verdict_count",
  "tally_provisional",
  "airing_count",
  "cue_seen",
  "draw_winner",
];
/** Answers whose cue is not known, few and looked at all together; and such cues, of which each statement reads so many. */
const SMALL_INDEX = /\b(answer_(unknown|unjudged)|cue_seen_unknown)\b/;

/** Everything that is asked of results, once around. */
async function useAll(t: TestCentral): Promise<void> {
  const answers = ["a", "b", "c"].map((name, index) => ({
    ...{ number: index + 1, box: `box-${name}`, cue: index < 2 ? CUE : "pl2:c1-p1.0", interaction: "int-1" },
    ...{ key: `6f1c2f6e-3f0a-4c0e-9a53-00000000000${index}`, version: 1, options: ["a"] },
    ...{ answeredAtMs: TEST_NOW_MS + 301_000, receivedAtMs: TEST_NOW_MS + 301_000 },
  }));
  const tallies = [{ cue: CUE, interaction: "int-1", version: 1, total: 2, options: { a: 2 } }];
  const airings = [
    {
      ...{ cue: CUE, interaction: "int-1", version: 1, outcomes: { shown: 1 } },
      firingErrors: [1, 0, 0, 0, 0, 0, 0, 0, 0],
    },
  ];
  t.setWall(TEST_NOW_MS + 302_000);
  await t.central.intake.take("e1", { outbox: OUTBOX, answers, airings, tallies });
  await t.central.intake.take("e1", { outbox: OUTBOX, answers, airings, tallies });
  await t.api("DELETE", "/api/v1/boxes/box-b");
  // A vote given earlier that comes later, and the gate's list of erased boxes.
  const later = { ...answers[0], number: 4, key: OUTBOX, answeredAtMs: TEST_NOW_MS + 300_500 } as never;
  await t.central.intake.take("e1", { outbox: OUTBOX, answers: [later], airings: [], tallies: [] });
  const { id } = (await t.api("POST", `/api/v1/results/${CUE}/draws`, { winners: 1, among: "all" })).body;
  t.setWall(TEST_NOW_MS + 500_000);
  assert.equal((await t.api("POST", `/api/v1/results/${CUE}/draws/${id}/pick`)).status, 200);
  for (const path of ["", "?limit=1", `/${CUE}`, `/${CUE}/series`, `/${CUE}/draws`]) {
    assert.equal((await t.api("GET", `/api/v1/results${path}`)).status, 200, path);
  }
  const csv = await t.central.app.request(`/api/v1/results/${CUE}/export`, {
    headers: { authorization: `Bearer ${t.token}` },
  });
  await csv.text();
  await t.api("PUT", "/api/v1/placements/pl2", {
    ...{ interaction: "int-1", version: 1, channels: ["c1"] },
    when: { kind: "programme", match: { title: "News" }, at: { from: "start", offsetMs: 300_000 } },
  });
  await t.central.publisher.publish();
  await t.central.intake.rejudge();
  await t.central.collect();
  assert.equal((await t.api("GET", "/api/v1/status")).status, 200);
  t.setWall(TEST_NOW_MS + 731 * DAY_MS);
  await t.central.retention.runNow();
}

test("nothing that is asked of results looks through a table that grows with the answers", async () => {
  const asked = new Map<string, Statement>();
  const watch = (results: Queries): Queries => ({
    ...results,
    all(sql, args) {
      asked.set(sql, { sql, args: args ?? [] });
      return results.all(sql, args);
    },
    batch(statements) {
      for (const each of statements) asked.set(each.sql, each);
      return results.batch(statements);
    },
  });
  await withCentral({ air: true, watch }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    await useAll(t);
    assert.ok(asked.size > 40, String(asked.size));
    // Whichever index SQLite would take of a small table it shall take of a large one.
    const scans: string[] = [];
    for (const { sql, args } of asked.values()) {
      for (const { detail } of await t.results.all(`EXPLAIN QUERY PLAN ${sql}`, args)) {
        const [, table = "", how = ""] = /^SCAN (\w+)(.*)/.exec(String(detail)) ?? [];
        if (LARGE.includes(table) && !SMALL_INDEX.test(how)) scans.push(`${detail}: ${sql}`);
      }
    }
    assert.deepEqual(scans, []);
  });
});
