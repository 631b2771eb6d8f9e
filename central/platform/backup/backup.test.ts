import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { silentLog } from "../../../shared/log.ts";
import { openDatabase } from "../../../shared/runtime/database.ts";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import { RESULTS_MIGRATIONS } from "../../results/tables.ts";
import { AUTHORING_MIGRATIONS } from "../../store/authoring.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../../testing/central-for-tests.ts";
import { readRestored, refuseHalfRestored } from "./after-restore.ts";
import { backUpBeforeMigration } from "./before-migration.ts";
import { makeBackup } from "./make-backup.ts";
import { MIGRATIONS_KNOWN } from "./migrations-known.ts";
import { restoreBackup } from "./restore.ts";

const FACTS = { nowMs: TEST_NOW_MS, software: "test" };
const HOW = { force: false, migrations: MIGRATIONS_KNOWN, nowMs: TEST_NOW_MS };

/** A central with a publication on air and answers, and a folder beside it. */
const withFilled = (run: (t: TestCentral, folder: string) => Promise<void>) =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const boxes = Array.from({ length: 50 }, (_, index) => ({
      number: index + 1,
      box: `box-${index}`,
      key: `6f1c2f6e-3f0a-4c0e-9a53-${String(index).padStart(12, "0")}`,
      ...{ cue: "pl1:c1-p1.0", interaction: "int-1", version: 1, options: ["a"] },
      ...{ answeredAtMs: TEST_NOW_MS + 301_000, receivedAtMs: TEST_NOW_MS + 301_000 },
    }));
    await t.central.intake.take("e1", {
      ...{ outbox: "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d", answers: boxes, airings: [], tallies: [] },
    });
    const folder = await mkdtemp(join(tmpdir(), "cuecast-backup-"));
    try {
      await run(t, folder);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

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

test("makeBackup() copies a central that runs, and restoreBackup() brings all of it back", () =>
  withFilled(async (t, folder) => {
    const archive = join(folder, "one.tar.gz");
    const { manifest, bytes } = await makeBackup(t.folder, archive, FACTS);
    assert.equal((await stat(archive)).mode & 0o777, 0o600);
    assert.equal((await stat(archive)).size, bytes);
    assert.equal(manifest.onAir?.hash, t.central.publisher.onAir()?.hash);
    const tables = Object.assign({}, ...manifest.files.map((file) => file.database?.tables));
    assert.equal(tables.answer.rows, 50);
    assert.deepEqual(await readdir(folder), ["one.tar.gz"]);

    const place = join(folder, "elsewhere");
    const restored = await restoreBackup(archive, place, HOW);
    assert.equal(restored.before, undefined);
    assert.equal((await stat(join(place, "keys/box.pem"))).mode & 0o777, 0o600);
    assert.equal(
      await readFile(join(place, "keys/publication.pem"), "utf8"),
      await readFile(join(t.folder, "keys/publication.pem"), "utf8"),
    );
    assert.deepEqual(await readRestored(place), {
      madeAtMs: TEST_NOW_MS,
      restoredAtMs: TEST_NOW_MS,
      onAir: manifest.onAir,
    });
    await refuseHalfRestored(place);
    const results = await openDatabase(join(place, "results.db"), RESULTS_MIGRATIONS);
    const [answers] = await results.all("SELECT count(*) AS rows, count(DISTINCT box) AS boxes FROM answer");
    assert.deepEqual([answers?.rows, answers?.boxes], [50, 50]);
    results.close();
  }));

test("makeBackup() never writes over a file, and needs central's data directory", () =>
  withFilled(async (t, folder) => {
    await writeFile(join(folder, "there.tar.gz"), "mine");
    await assert.rejects(makeBackup(t.folder, join(folder, "there.tar.gz"), FACTS), { code: "usage" });
    assert.equal(await readFile(join(folder, "there.tar.gz"), "utf8"), "mine");
    await assert.rejects(makeBackup(folder, join(folder, "x.tar.gz"), FACTS), { code: "data-refused" });
    assert.deepEqual(await readdir(folder), ["there.tar.gz"]);
  }));

for (const [what, sql] of [
  ["a text that is no UTF-8", "UPDATE region SET body = CAST(X'7bff7d' AS TEXT)"],
  ["a changed part of what is on air", "UPDATE part SET body = X'00' WHERE length(body) > 100"],
] as const) {
  test(`makeBackup() finds ${what} and leaves no archive`, () =>
    withFilled(async (t, folder) => {
      await t.authoring.all(sql);
      await assert.rejects(makeBackup(t.folder, join(folder, "bad.tar.gz"), FACTS), {
        code: "database-damaged",
        message: /authoring\.db/,
      });
      assert.deepEqual(await readdir(folder), []);
    }));
}

test("restoreBackup() refuses an archive that is damaged anywhere, whole, with the place", () =>
  withFilled(async (t, folder) => {
    const archive = join(folder, "good.tar.gz");
    await makeBackup(t.folder, archive, FACTS);
    const good = await readFile(archive);
    const random = createSeededRandom(11);
    const damaged = join(folder, "damaged.tar.gz");
    let refused = 0;
    for (let trial = 0; trial < 24; trial++) {
      const bytes = Buffer.from(good);
      // Behind the header of gzip, whose time and system say nothing.
      const at = 10 + Math.floor(random() * (bytes.length - 10));
      bytes[at] = (bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8));
      if (unpacked(bytes)?.equals(gunzipSync(good))) continue;
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
  withFilled(async (t, folder) => {
    await makeBackup(t.folder, join(folder, "new.tar.gz"), FACTS);
    const migrations = { ...MIGRATIONS_KNOWN, "authoring.db": 1 };
    await assert.rejects(
      restoreBackup(join(folder, "new.tar.gz"), join(folder, "older"), { ...HOW, migrations }),
      { code: "backup-newer" },
    );
  }));

test("restoreBackup() moves what is there aside when it must, and else touches nothing", () =>
  withFilled(async (t, folder) => {
    const archive = join(folder, "one.tar.gz");
    await makeBackup(t.folder, archive, FACTS);
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
  withFilled(async (t, folder) => {
    const place = join(folder, "upgraded");
    await makeBackup(t.folder, join(folder, "one.tar.gz"), FACTS);
    await restoreBackup(join(folder, "one.tar.gz"), place, HOW);
    const how = { ...FACTS, log: silentLog };
    await backUpBeforeMigration(place, MIGRATIONS_KNOWN, how);
    assert.ok(!(await readdir(place)).includes("before-upgrade"));
    const newer = { ...MIGRATIONS_KNOWN, "authoring.db": AUTHORING_MIGRATIONS.length + 1 };
    await backUpBeforeMigration(place, newer, how);
    const [name = ""] = await readdir(join(place, "before-upgrade"));
    const back = join(folder, "back");
    const { manifest } = await restoreBackup(join(place, "before-upgrade", name), back, HOW);
    assert.equal(manifest.onAir?.hash, t.central.publisher.onAir()?.hash);
    await t.authoring.all("UPDATE region SET body = CAST(X'ff' AS TEXT)");
    await assert.rejects(backUpBeforeMigration(t.folder, newer, how), { code: "backup-failed" });
  }));
