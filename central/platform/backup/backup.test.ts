import assert from "node:assert/strict";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { silentLog } from "../../../shared/log.ts";
import type { Position } from "../../../shared/publication/manifest.ts";
import { openDatabase } from "../../../shared/runtime/database.ts";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import { RESULTS_MIGRATIONS } from "../../results/tables.ts";
import { AUTHORING_MIGRATIONS } from "../../store/authoring.ts";
import { authorSample, TEST_NOW_MS, withCentral } from "../../testing/central-for-tests.ts";
import { readRestored, refuseHalfRestored } from "./after-restore.ts";
import { backUpBeforeMigration } from "./before-migration.ts";
import { type MadeBackup, makeBackup } from "./make-backup.ts";
import { MIGRATIONS_KNOWN } from "./migrations-known.ts";
import { restoreBackup } from "./restore.ts";

const FACTS = { nowMs: TEST_NOW_MS, software: "test" };
const HOW = { force: false, migrations: MIGRATIONS_KNOWN, nowMs: TEST_NOW_MS };

const OUTBOX = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const temporary = () => mkdtemp(join(tmpdir(), "cuecast-backup-"));

/** One central that ran with a publication on air and answers while it was backed up, for all tests: it takes longest. */
interface Backed {
  folder: string;
  archive: string;
  made: MadeBackup;
  onAir: Position | undefined;
  /** PEM. */
  publicationKey: string;
}
let backed: Backed;

before(() =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const answers = Array.from({ length: 50 }, (_, index) => ({
      number: index + 1,
      box: `box-${index}`,
      key: `6f1c2f6e-3f0a-4c0e-9a53-${String(index).padStart(12, "0")}`,
      ...{ cue: "pl1:c1-p1.0", interaction: "int-1", version: 1, options: ["a"] },
      ...{ answeredAtMs: TEST_NOW_MS + 301_000, receivedAtMs: TEST_NOW_MS + 301_000 },
    }));
    await t.central.intake.take("e1", { outbox: OUTBOX, answers, airings: [], tallies: [] });
    const folder = await temporary();
    const archive = join(folder, "one.tar.gz");
    backed = {
      ...{ folder, archive, made: await makeBackup(t.folder, archive, FACTS) },
      onAir: t.central.publisher.onAir(),
      publicationKey: await readFile(join(t.folder, "keys/publication.pem"), "utf8"),
    };
    assert.deepEqual(await readdir(folder), ["one.tar.gz"]);
    await restoreBackup(archive, join(folder, "restored"), HOW);
  }),
);
after(() => rm(backed.folder, { recursive: true, force: true }));

/** @param run gets an empty folder, and makes, when it asks, a data directory as that central left it */
async function withFolder(run: (folder: string, dataDir: () => Promise<string>) => Promise<void>) {
  const [folder, data] = [await temporary(), await temporary()];
  try {
    await run(folder, async () => {
      const filter = (path: string) => !path.includes("lock.db");
      await cp(join(backed.folder, "restored"), data, { recursive: true, filter });
      return data;
    });
  } finally {
    for (const each of [folder, data]) await rm(each, { recursive: true, force: true });
  }
}

/** Changes a database of a data directory behind everybody's back. */
async function change(dataDir: string, sql: string): Promise<void> {
  const database = await openDatabase(join(dataDir, "authoring.db"), AUTHORING_MIGRATIONS);
  await database.all(sql);
  database.close();
}

/** Some bits of gzip say nothing: a run of zeros is the same run from whichever of them it is copied. */
function unpacked(bytes: Buffer): Buffer | undefined {
  try {
    return gunzipSync(bytes);
  } catch {
    return undefined;
  }
}

/** What stands in a folder, its lock left aside. */
const namesIn = async (folder: string) =>
  (await readdir(folder)).filter((name) => !name.startsWith("lock.db"));

test("makeBackup() copies a central that runs, and restoreBackup() brings all of it back", async () => {
  const { archive, made, onAir, folder } = backed;
  assert.equal((await stat(archive)).mode & 0o777, 0o600);
  assert.equal((await stat(archive)).size, made.bytes);
  assert.ok(onAir);
  assert.equal(made.manifest.onAir?.hash, onAir.hash);
  const tables = Object.assign({}, ...made.manifest.files.map((file) => file.database?.tables));
  assert.equal(tables.answer.rows, 50);
  const place = join(folder, "elsewhere");
  const restored = await restoreBackup(archive, place, HOW);
  assert.equal(restored.before, undefined);
  assert.equal((await stat(join(place, "keys/box.pem"))).mode & 0o777, 0o600);
  assert.equal(await readFile(join(place, "keys/publication.pem"), "utf8"), backed.publicationKey);
  assert.deepEqual(await readRestored(place), {
    madeAtMs: TEST_NOW_MS,
    restoredAtMs: TEST_NOW_MS,
    onAir: made.manifest.onAir,
  });
  await refuseHalfRestored(place);
  const results = await openDatabase(join(place, "results.db"), RESULTS_MIGRATIONS);
  const [answers] = await results.all("SELECT count(*) AS rows, count(DISTINCT box) AS boxes FROM answer");
  assert.deepEqual([answers?.rows, answers?.boxes], [50, 50]);
  results.close();
});

test("makeBackup() never writes over a file, and needs central's data directory", () =>
  withFolder(async (folder, dataDir) => {
    await writeFile(join(folder, "there.tar.gz"), "mine");
    await assert.rejects(makeBackup(await dataDir(), join(folder, "there.tar.gz"), FACTS), { code: "usage" });
    assert.equal(await readFile(join(folder, "there.tar.gz"), "utf8"), "mine");
    await assert.rejects(makeBackup(folder, join(folder, "x.tar.gz"), FACTS), { code: "data-refused" });
    assert.deepEqual(await readdir(folder), ["there.tar.gz"]);
  }));

for (const [what, sql] of [
  ["a text that is no UTF-8", "UPDATE region SET body = CAST(X'7bff7d' AS TEXT)"],
  ["a changed part of what is on air", "UPDATE part SET body = X'00' WHERE length(body) > 100"],
] as const) {
  test(`makeBackup() finds ${what} and leaves no archive`, () =>
    withFolder(async (folder, dataDir) => {
      const data = await dataDir();
      await change(data, sql);
      await assert.rejects(makeBackup(data, join(folder, "bad.tar.gz"), FACTS), {
        code: "database-damaged",
        message: /authoring\.db/,
      });
      assert.deepEqual(await readdir(folder), []);
    }));
}

test("restoreBackup() refuses an archive that is damaged anywhere, whole, with the place", () =>
  withFolder(async (folder) => {
    const good = await readFile(backed.archive);
    const whole = gunzipSync(good);
    const random = createSeededRandom(11);
    const damaged = join(folder, "damaged.tar.gz");
    let refused = 0;
    for (let trial = 0; trial < 24; trial++) {
      const bytes = Buffer.from(good);
      // Behind the header of gzip, whose time and system say nothing.
      const at = 10 + Math.floor(random() * (bytes.length - 10));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      if (unpacked(bytes)?.equals(whole)) continue;
      refused++;
      await writeFile(damaged, bytes);
      const place = join(folder, `place-${trial}`);
      await assert.rejects(restoreBackup(damaged, place, HOW), {
        code: "backup-damaged",
        message: /damaged at [\w./]+/,
      });
      assert.deepEqual(await namesIn(place), [], `byte ${at}`);
    }
    assert.ok(refused > 12, String(refused));
    await writeFile(damaged, good);
    await truncate(damaged, good.length - 100);
    await assert.rejects(restoreBackup(damaged, join(folder, "short"), HOW), { code: "backup-damaged" });
    await writeFile(damaged, "no archive");
    await assert.rejects(restoreBackup(damaged, join(folder, "none"), HOW), { code: "backup-damaged" });
    await assert.rejects(restoreBackup(join(folder, "nowhere"), join(folder, "nowhere-to"), HOW), {
      code: "usage",
    });
  }));

test("restoreBackup() refuses what a newer release made", () =>
  withFolder(async (folder) => {
    const migrations = { ...MIGRATIONS_KNOWN, "authoring.db": 1 };
    await assert.rejects(restoreBackup(backed.archive, join(folder, "older"), { ...HOW, migrations }), {
      code: "backup-newer",
    });
  }));

test("restoreBackup() moves what is there aside when it must, and else touches nothing", () =>
  withFolder(async (folder) => {
    const { archive } = backed;
    const held = join(folder, "held");
    await restoreBackup(archive, held, HOW);
    await writeFile(join(held, "token"), "older");
    await assert.rejects(restoreBackup(archive, held, HOW), { code: "data-in-use" });

    const place = join(folder, "place");
    await makeFilled(place);
    const { before } = await restoreBackup(archive, place, { ...HOW, force: true });
    assert.ok(before?.startsWith(join(place, "before-restore-")));
    assert.equal(await readFile(join(before ?? "", "token"), "utf8"), "older");
    assert.equal(await readFile(join(before ?? "", "air"), "utf8"), "older");
    const other = join(folder, "other");
    await makeFilled(other);
    await assert.rejects(restoreBackup(archive, other, HOW), { code: "data-refused" });
    assert.equal(await readFile(join(other, "token"), "utf8"), "older");
  }));

async function makeFilled(place: string): Promise<void> {
  await rm(place, { recursive: true, force: true });
  await mkdir(place);
  for (const name of ["token", "air"]) await writeFile(join(place, name), "older");
}

test("backUpBeforeMigration() keeps what the older release left, and nothing when nothing changes", () =>
  withFolder(async (folder, dataDir) => {
    const place = await dataDir();
    const how = { ...FACTS, log: silentLog };
    await backUpBeforeMigration(place, MIGRATIONS_KNOWN, how);
    assert.ok(!(await readdir(place)).includes("before-upgrade"));
    const newer = { ...MIGRATIONS_KNOWN, "authoring.db": AUTHORING_MIGRATIONS.length + 1 };
    await backUpBeforeMigration(place, newer, how);
    const [name = ""] = await readdir(join(place, "before-upgrade"));
    const back = join(folder, "back");
    const { manifest } = await restoreBackup(join(place, "before-upgrade", name), back, HOW);
    assert.equal(manifest.onAir?.hash, backed.onAir?.hash);
    await change(place, "UPDATE region SET body = CAST(X'ff' AS TEXT)");
    await assert.rejects(backUpBeforeMigration(place, newer, how), { code: "backup-failed" });
  }));
