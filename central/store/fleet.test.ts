import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../shared/runtime/database.ts";
import type { Report } from "../../shared/uplink/hint.ts";
import { AUTHORING_MIGRATIONS } from "./authoring.ts";
import { createFleet } from "./fleet.ts";

const hash = "a".repeat(64);
const telling = (revision: number | undefined, epoch = 1, more: Partial<Report> = {}): Report => ({
  ...{ software: "1", outbox: { waiting: 0 }, timeMs: 1, ...more },
  ...(revision !== undefined && { serves: { epoch, revision, hash } }),
});

test("addresses() gives each address once, to the edge that was enrolled last with it and is not revoked", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-fleet-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const database = await openDatabase(join(folder, "authoring.db"), AUTHORING_MIGRATIONS);
  t.after(() => database.close());
  const fleet = createFleet(database);
  const enrol = async (region: string, url: string | undefined, nowMs: number) => {
    const { code } = await fleet.createCode(region, nowMs);
    return (await fleet.enrol(code, url, nowMs)).id;
  };
  await enrol("north", "http://moves", 1);
  await enrol("north", "http://stays", 2);
  await enrol("north", undefined, 3);
  const moved = await enrol("south", "http://moves", 4);
  const stays = { region: "north", url: "http://stays" };
  assert.deepEqual(await fleet.addresses(), [stays, { region: "south", url: "http://moves" }]);
  await fleet.revoke(moved, 5);
  const back = await fleet.addresses();
  assert.deepEqual(
    back.sort((one, other) => one.url.localeCompare(other.url)),
    [{ region: "north", url: "http://moves" }, stays],
  );
  assert.deepEqual((await fleet.list()).length, 4);
});

test("reportAll() keeps what many edges said in one transaction, and never lowers a highest place", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-fleet-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const database = await openDatabase(join(folder, "authoring.db"), AUTHORING_MIGRATIONS);
  t.after(() => database.close());
  let transactions = 0;
  const fleet = createFleet({
    ...database,
    batch(statements) {
      transactions++;
      return database.batch(statements);
    },
  });
  for (const region of ["north", "south"]) {
    const { code } = await fleet.createCode(region, 1);
    await fleet.enrol(code, `http://${region}`, 1);
  }
  const [north, south] = await fleet.list();
  assert.ok(north && south);
  const highest = async () =>
    (await fleet.list()).map((edge) => edge.highest && [edge.highest.epoch, edge.highest.revision]);
  const cases: [reports: [edge: typeof north, report: Report][], expected: unknown[]][] = [
    [[[north, telling(undefined)]], [undefined, undefined]],
    [
      [
        [north, telling(5)],
        [south, telling(7)],
      ],
      [
        [1, 5],
        [1, 7],
      ],
    ],
    // One edge twice, both read before either was written.
    [
      [
        [north, telling(9)],
        [north, telling(6)],
      ],
      [
        [1, 9],
        [1, 7],
      ],
    ],
    [
      [
        [north, telling(undefined)],
        [south, telling(2)],
      ],
      [
        [1, 9],
        [1, 7],
      ],
    ],
    [
      [
        [south, telling(1, 2)],
        [south, telling(8)],
      ],
      [
        [1, 9],
        [2, 1],
      ],
    ],
  ];
  for (const [reports, expected] of cases) {
    const before = transactions;
    await fleet.reportAll(reports.map(([edge, report]) => ({ edge, report, nowMs: 2 })));
    assert.equal(transactions - before, 1);
    assert.deepEqual(await highest(), expected);
  }
  assert.equal(
    (await fleet.list())[1]?.report?.serves?.revision,
    8,
    "what was said last is kept as it was said",
  );
  await fleet.report(north, telling(9, 1, { url: "http://elsewhere" }), 3);
  assert.deepEqual(
    (await fleet.list()).map(({ url }) => url),
    ["http://elsewhere", "http://south"],
  );
});
