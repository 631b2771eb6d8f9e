import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../shared/log.ts";
import { createSimulatedTime } from "../../shared/testing/simulated-time.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";
import { KINDS, type Kind, RETENTION_DAYS } from "./kinds.ts";
import { createPublicationRemover } from "./publication-remover.ts";
import type { Remover } from "./removers.ts";
import { createRetention, type RetentionRun } from "./retention.ts";

const DAY_MS = 86_400_000;
const CUE = "pl1:c1-p1.0";

async function settle() {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
}

function withJob(left: Partial<Record<Kind, number>>) {
  const time = createSimulatedTime(TEST_NOW_MS);
  let kept: readonly RetentionRun[] = [];
  const asked: { kind: Kind; beforeMs: number; rowsMax: number }[] = [];
  const removers = Object.fromEntries(
    KINDS.map((kind) => [
      kind,
      async (beforeMs: number, rowsMax: number) => {
        asked.push({ kind, beforeMs, rowsMax });
        const count = Math.min(rowsMax, left[kind] ?? 0);
        left[kind] = (left[kind] ?? 0) - count;
        return count;
      },
    ]),
  ) as unknown as Record<Kind, Remover>;
  const retention = createRetention({
    ...{ removers, clock: time.clock, timers: time.timers, log: silentLog },
    days: async () => RETENTION_DAYS,
    runs: {
      read: async () => [...kept],
      write: async (runs) => {
        kept = runs;
      },
    },
  });
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 1_000) {
      time.advance(1_000);
      await settle();
    }
  };
  return { retention, asked, pass, left, time };
}

test("createRetention() removes in slices until nothing is due, and tells what", async () => {
  const { retention, asked, pass } = withJob({ answers: 2_500, audit: 3 });
  retention.start();
  await pass(240_000);
  const view = await retention.view();
  assert.deepEqual(view.runs[0]?.removed, { answers: 2_500, audit: 3 });
  assert.equal(view.running, false);
  assert.ok(asked.every(({ rowsMax }) => rowsMax <= 1_000));
  assert.equal(asked.filter(({ kind }) => kind === "answers").length, 4);
  const audit = asked.find(({ kind }) => kind === "audit");
  assert.ok(audit && Math.abs(TEST_NOW_MS - audit.beforeMs - 730 * DAY_MS) < 300_000);
});

test("createRetention() bounds a run and goes on within a minute", async () => {
  const { retention, pass } = withJob({ answers: 600_000 });
  retention.start();
  await pass(900_000);
  const { runs } = await retention.view();
  assert.equal(runs.at(-1)?.more, true);
  assert.ok((runs.at(-1)?.removed.answers ?? 0) <= 500_000);
  const sum = runs.reduce((total, run) => total + (run.removed.answers ?? 0), 0);
  assert.equal(sum, 600_000);
});

test("createRetention() stops at once when it is closed", async () => {
  const { retention, asked, pass } = withJob({ answers: 1e9 });
  retention.start();
  await pass(121_000);
  await retention.close();
  const before = asked.length;
  await pass(600_000);
  assert.ok(asked.length <= before + 1);
});

/** One cue with answers of ten boxes, on air. */
const withAnswers = (run: (t: TestCentral, take: () => Promise<unknown>) => Promise<void>) =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const answers = Array.from({ length: 10 }, (_, index) => ({
      ...{ number: index + 1, box: `b${index}`, cue: CUE, interaction: "int-1", version: 1, options: ["a"] },
      key: `6f1c2f6e-3f0a-4c0e-9a53-00000000000${index}`,
      ...{ answeredAtMs: TEST_NOW_MS + 301_000, receivedAtMs: TEST_NOW_MS + 301_000 },
    }));
    const outbox = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
    await run(t, () => t.central.intake.take("e1", { outbox, answers, airings: [], tallies: [] }));
  });

/** Runs the job of a central that stands at an instant. */
async function runAt(t: TestCentral, ms: number) {
  t.setWall(ms);
  await t.central.retention.runNow();
  return (await t.api("GET", "/api/v1/retention")).body.runs[0]?.removed;
}

test("answers past their retention go, their counts over time and by region stay, and none comes in again", () =>
  withAnswers(async (t, take) => {
    t.setWall(TEST_NOW_MS + 400_000);
    await take();
    const before = (await t.api("GET", `/api/v1/results/${CUE}/series`)).body;
    assert.equal(before.points[0].total, 10);
    await runAt(t, TEST_NOW_MS + 89 * DAY_MS);
    assert.equal((await t.results.all("SELECT 1 FROM answer")).length, 10);
    assert.equal((await runAt(t, TEST_NOW_MS + 91 * DAY_MS)).answers, 10);
    assert.equal((await t.results.all("SELECT 1 FROM answer")).length, 0);
    assert.deepEqual((await t.api("GET", `/api/v1/results/${CUE}/series`)).body, before);
    await take();
    assert.equal((await t.api("GET", `/api/v1/results/${CUE}`)).body.counted.total, 10);
    assert.equal((await t.results.all("SELECT 1 FROM answer")).length, 0);
  }));

test("the answers of a cue that is still open stay, whatever their age", () =>
  withAnswers(async (t, take) => {
    t.setWall(TEST_NOW_MS + 400_000);
    await take();
    assert.equal((await t.api("PUT", "/api/v1/retention", { answers: 1 })).body.days.answers, 1);
    // Accepted until a day after the close.
    await runAt(t, TEST_NOW_MS + 301_000 + DAY_MS + 1_000);
    assert.equal((await t.results.all("SELECT 1 FROM answer")).length, 10);
    await runAt(t, TEST_NOW_MS + 500_000 + DAY_MS);
    assert.equal((await t.results.all("SELECT 1 FROM answer")).length, 0);
  }));

test("past publications go with the parts that no other names; the newest stay and can be gone back to", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    for (let index = 0; index < 8; index++) {
      await t.api("PUT", "/api/v1/regions/north", { name: `North ${index}` });
      await t.central.publisher.publish();
    }
    const remove = createPublicationRemover({
      ...{ authoring: t.authoring, exclusive: t.central.publisher.exclusive, leastKept: 4 },
      breathe: async () => {},
    });
    assert.equal(await remove(TEST_NOW_MS + 400 * DAY_MS, 1_000, TEST_NOW_MS), 4);
    assert.equal(await remove(TEST_NOW_MS + 400 * DAY_MS, 1_000, TEST_NOW_MS), 0);
    const named = await t.authoring.all(
      "SELECT DISTINCT value FROM publication, json_each(manifest, '$.parts') WHERE key <> 'history'",
    );
    const parts = await t.authoring.all("SELECT hash FROM part");
    const names = new Set(named.map((row) => row.value));
    for (const { value } of named) assert.ok(parts.some(({ hash }) => hash === value));
    assert.ok(parts.filter(({ hash }) => !names.has(hash)).length <= 1);
    assert.equal((await t.api("POST", "/api/v1/rollback", { epoch: 1, revision: 4 })).status, 404);
    assert.equal((await t.api("POST", "/api/v1/rollback", { epoch: 1, revision: 6 })).status, 200);
  }));

test("the newest hundred publications stay, and those that an edge serves", () =>
  withCentral({ air: false }, async (t) => {
    // The job asks for the manifests that are left: of a publication without parts.
    const manifest = JSON.stringify({ ...{ epoch: 1, revision: 1, publishedAtMs: 0, parts: {} } });
    await t.authoring.all(
      `INSERT INTO publication (epoch, revision, hash, manifest, signature, state, kind, published_at_ms)
       SELECT 1, value, 'h' || value, ?, '', 'on-air', 'publish', 0 FROM generate_series(1, 104)`,
      [manifest],
    );
    await t.api("PUT", "/api/v1/regions/north", { name: "North" });
    const { code } = await t.central.fleet.createCode("north", TEST_NOW_MS);
    await t.central.fleet.enrol(code, undefined, TEST_NOW_MS);
    await t.authoring.all("UPDATE edge SET epoch = 1, revision = 2");
    assert.equal((await runAt(t, TEST_NOW_MS + 400 * DAY_MS)).publications, 3);
    const left = await t.authoring.all("SELECT revision FROM publication ORDER BY revision");
    assert.deepEqual([left.length, left[0]?.revision, left[1]?.revision], [101, 2, 5]);
  }));

test("audit, ended sessions and airings go when they are past theirs", () =>
  withAnswers(async (t) => {
    await t.central.people.setPassword("ann", "long enough");
    await t.central.people.signIn("ann", "long enough", "1.2.3.4");
    const outbox = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
    const airing = { cue: CUE, interaction: "int-1", version: 1, outcomes: { shown: 3 } };
    await t.central.intake.take("e1", {
      ...{ outbox, answers: [], tallies: [] },
      airings: [{ ...airing, firingErrors: [0, 0, 0, 0, 0, 0, 0, 0, 3] }],
    });
    const removed = await runAt(t, TEST_NOW_MS + 731 * DAY_MS);
    assert.equal(removed.sessions, 1);
    assert.equal(removed.airings, 1);
    assert.ok(removed.audit > 0);
    assert.equal((await t.api("PUT", "/api/v1/retention", { audit: 1 })).status, 400);
  }));
