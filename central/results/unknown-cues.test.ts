import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../shared/runtime/database.ts";
import type { UplinkAnswer } from "../../shared/uplink/batch.ts";
import type { Past, Publication } from "../store/past.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import { createCueFinder } from "./cue-facts.ts";
import { RESULTS_MIGRATIONS } from "./tables.ts";

const OUTBOX = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const CUE = "pl1:c1-p1.0";
const AT_MS = TEST_NOW_MS + 300_000;

const answerTo = (cue: string, number: number): UplinkAnswer => ({
  ...{ number, box: `box-${number}`, key: randomUUID(), cue, interaction: "int-1", version: 1 },
  ...{ options: ["a"], answeredAtMs: AT_MS + 1_000, receivedAtMs: AT_MS + 1_000 },
});
const take = (t: TestCentral, answers: UplinkAnswer[]) =>
  t.central.intake.take("e1", { outbox: OUTBOX, answers, airings: [], tallies: [] });
const cuesOf = (list: { cue: string }[]) => list.map(({ cue }) => cue);
const fired = async (t: TestCentral) => {
  await authorSample(t);
  await t.central.publisher.publish();
  t.setWall(AT_MS + 2_000);
};

test("cues that never were on air stand apart from results, a page at a time, and are not open", () =>
  withCentral({ air: true }, async (t) => {
    await fired(t);
    await take(t, [answerTo(CUE, 1)]);
    t.setWall(AT_MS + 3_000);
    await take(
      t,
      Array.from({ length: 60 }, (_, index) => answerTo(`junk${index}:once`, index + 2)),
    );
    const { body } = await t.api("GET", "/api/v1/results");
    assert.deepEqual([cuesOf(body.results), body.unknownCues, body.next], [[CUE], 60, undefined]);
    const first = (await t.api("GET", "/api/v1/unknown-cues")).body;
    assert.equal(first.cues.length, 50);
    assert.deepEqual(first.cues[0], { cue: "junk9:once", lastMs: AT_MS + 3_000, answers: 1 });
    const rest = (await t.api("GET", `/api/v1/unknown-cues?before=${first.next}`)).body;
    const all = [...first.cues, ...rest.cues];
    assert.deepEqual([new Set(cuesOf(all)).size, rest.next], [60, undefined]);
    assert.equal((await t.api("GET", "/api/v1/results/junk0:once")).body.atMs, undefined);
  }));

test("a cue that is published after its answers came in moves to the results", () =>
  withCentral({ air: true }, async (t) => {
    await fired(t);
    await take(t, [answerTo("pl2:once", 1)]);
    assert.equal((await t.api("GET", "/api/v1/results")).body.unknownCues, 1);
    await t.api("PUT", "/api/v1/placements/pl2", {
      ...{ interaction: "int-1", version: 1, channels: ["c2"] },
      when: { kind: "instant", atMs: AT_MS },
    });
    await t.central.publisher.publish();
    await t.central.intake.rejudge();
    const { body } = await t.api("GET", "/api/v1/results");
    assert.deepEqual([cuesOf(body.results), body.unknownCues], [["pl2:once"], 0]);
    assert.equal(body.results[0].counted.total, 1);
  }));

test("what is sent for moments to come of a rule that is on air is told when they have come", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("PUT", "/api/v1/placements/pl3", {
      ...{ interaction: "int-1", version: 1, channels: ["c2"] },
      when: { kind: "cron", rule: "* * * * *", zone: "UTC" },
    });
    await t.central.publisher.publish();
    t.setWall(AT_MS + 2_000);
    const due = new Date(AT_MS + 3_600_000).toISOString().slice(0, 16).replaceAll(/[-:]/g, "");
    await take(t, [answerTo(`pl3:${due}`, 1)]);
    const { body } = await t.api("GET", "/api/v1/results");
    assert.deepEqual([cuesOf(body.results), body.unknownCues], [[], 0], JSON.stringify(body));
    t.setWall(AT_MS + 3_600_000);
    const later = (await t.api("GET", "/api/v1/results")).body;
    assert.deepEqual([cuesOf(later.results), later.unknownCues], [[`pl3:${due}`], 0]);
  }));

test("results are told by their moment, the latest first, whatever came in last", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("PUT", "/api/v1/placements/pl2", {
      ...{ interaction: "int-1", version: 1, channels: ["c2"] },
      when: { kind: "instant", atMs: AT_MS - 60_000 },
    });
    await t.central.publisher.publish();
    t.setWall(AT_MS + 2_000);
    await take(t, [answerTo(CUE, 1)]);
    t.setWall(AT_MS + 9_000);
    await take(t, [answerTo("pl2:once", 2)]);
    assert.deepEqual(cuesOf((await t.api("GET", "/api/v1/results")).body.results), [CUE, "pl2:once"]);
  }));

test("an upgrade takes the cues that answers were judged of for results, at when something came in last", async () => {
  const added = RESULTS_MIGRATIONS.findIndex((all) =>
    all.some((sql) => /cue_seen ADD COLUMN due_ms/.test(sql)),
  );
  assert.ok(added > 0);
  const folder = await mkdtemp(join(tmpdir(), "cuecast-seen-"));
  const older = await openDatabase(join(folder, "results.db"), RESULTS_MIGRATIONS.slice(0, added));
  try {
    await older.batch([
      { sql: "INSERT INTO cue_seen VALUES ('judged:once', 5), ('junk:once', 6), ('shown:once', 7)" },
      { sql: "INSERT INTO verdict_count VALUES ('judged:once', 'late', 1), ('junk:once', 'unknown', 3)" },
      ...(RESULTS_MIGRATIONS[added] ?? []).map((sql) => ({ sql })),
    ]);
    const rows = await older.all("SELECT cue, due_ms FROM cue_seen ORDER BY cue");
    assert.deepEqual(
      rows.map(({ cue, due_ms }) => [cue, due_ms]),
      [
        ["judged:once", 5],
        ["junk:once", null],
        ["shown:once", null],
      ],
    );
  } finally {
    older.close();
    await rm(folder, { recursive: true, force: true });
  }
});

test("cue() of placements that never were on air reads what was on air once, however many are asked for", async () => {
  let reads = 0;
  const manifest = { parts: { placements: "h1" } };
  const past = {
    async list() {
      reads++;
      return [{ manifest } as unknown as Publication];
    },
    async part() {
      reads++;
      return new Map([["pl1", "{}"]]);
    },
  } as unknown as Past;
  const content = new Map([["placements", new Map<string, string>()]]);
  const finder = createCueFinder({
    ...{ past, drafts: {} as never },
    onAir: () => ({ content }) as never,
  });
  for (let index = 0; index < 200; index++) assert.equal(await finder.cue(`junk${index}:once`), undefined);
  assert.equal(reads, 2);
});
