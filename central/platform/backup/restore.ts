/**
 * Puts a backup into a data directory. Everything is unpacked aside and checked first; only then the files change
 * places, and what stood there is moved away, not removed. Central's next start raises the epoch: `after-restore.ts`.
 */
import { createPublicKey } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CuecastError } from "../../../shared/errors.ts";
import { syncFolder, writeFileAside } from "../../../shared/runtime/files.ts";
import { holdFolder } from "../../../shared/runtime/folder-lock.ts";
import { RESTORED_FILE, RESTORING_FOLDER } from "./after-restore.ts";
import { readArchive } from "./archive.ts";
import { type BackupManifest, DATABASES, KEY_FILES } from "./manifest.ts";
import { checkOnAir } from "./on-air-copy.ts";
import { readBack } from "./read-back.ts";

/** What central keeps in its data directory, its lock left aside. */
const KEPT = [
  "keys",
  "password",
  "token",
  ...DATABASES.flatMap((name) => [name, `${name}-wal`, `${name}-shm`]),
  "air",
  "sqld.pid",
  RESTORED_FILE,
];

export interface Restored {
  manifest: BackupManifest;
  /** Where what stood there before is now; absent when nothing did. */
  before?: string;
}

/** Unpacks into an empty folder and checks all of it. @throws {CuecastError} `backup-damaged`, `database-damaged` */
export async function unpackBackup(
  archive: string,
  folder: string,
  migrations: Readonly<Record<(typeof DATABASES)[number], number>>,
): Promise<BackupManifest> {
  await mkdir(join(folder, "keys"), { recursive: true, mode: 0o700 });
  const manifest = await readArchive(archive, async ({ path }, bytes) => {
    const to = createWriteStream(join(folder, path), { mode: 0o600, flush: true });
    await pipeline(Readable.from(bytes), to);
  });
  const refuse = (place: string, state: string) =>
    new CuecastError(`Cannot trust the backup ${archive}: it is damaged at ${place}: ${state}`, {
      code: "backup-damaged",
    });
  for (const name of [...KEY_FILES, ...DATABASES]) {
    if (!manifest.files.some(({ path }) => path === name)) throw refuse(name, "it is missing");
  }
  for (const { path, database } of manifest.files) {
    if (path !== "authoring.db" && path !== "results.db") continue;
    if (!database) throw refuse(path, "the manifest does not say what it holds");
    if (database.migrations > migrations[path]) {
      throw new CuecastError(
        `Cannot restore ${archive}: ${path} is of a newer release than this one; install that release (${manifest.software})`,
        { code: "backup-newer" },
      );
    }
    const found = await readBack(join(folder, path), `${path} in ${archive}`);
    for (const [table, told] of Object.entries(database.tables)) {
      const { rows, sha256 } = found.tables[table] ?? { rows: 0, sha256: "" };
      if (rows !== told.rows || sha256 !== told.sha256) {
        throw refuse(path, `its table ${table} holds ${rows} rows, not the ${told.rows} that were written`);
      }
    }
  }
  const key = createPublicKey(await readFile(join(folder, "keys/publication.pem"), "utf8"));
  const publicKey = key.export({ type: "spki", format: "pem" }).toString();
  const onAir = await checkOnAir(join(folder, "authoring.db"), publicKey);
  if (onAir?.hash !== manifest.onAir?.hash) {
    throw refuse("authoring.db", "what is on air in it is not what the manifest says");
  }
  return manifest;
}

async function moveAway(dataDir: string, present: readonly string[], to: string): Promise<void> {
  await mkdir(to, { mode: 0o700 });
  for (const name of present) await rename(join(dataDir, name), join(to, name));
}

/**
 * @param settings `force`: what stands there is moved into a folder beside; `migrations`: how many this release knows
 * @throws {CuecastError} `data-in-use` while central runs, `data-refused` when something stands there, and as
 *   `unpackBackup`; then nothing was changed
 */
export async function restoreBackup(
  archive: string,
  dataDir: string,
  {
    force,
    migrations,
    nowMs,
  }: { force: boolean; migrations: Parameters<typeof unpackBackup>[2]; nowMs: number },
): Promise<Restored> {
  await holdFolder(dataDir);
  const aside = join(dataDir, RESTORING_FOLDER);
  const present = () => readdir(dataDir).then((names) => KEPT.filter((name) => names.includes(name)));
  const there = (await present()).filter((name) => name !== "sqld.pid");
  if (there.length > 0 && !force) {
    throw new CuecastError(
      `Cannot restore into ${dataDir}: ${there[0]} is there already; name an empty --data, or move what is there aside with --force`,
      { code: "data-refused" },
    );
  }
  await rm(aside, { recursive: true, force: true });
  const unpacked = join(aside, "unpacked");
  let manifest: BackupManifest;
  try {
    manifest = await unpackBackup(archive, unpacked, migrations);
  } catch (error) {
    await rm(aside, { recursive: true, force: true });
    throw error;
  }
  await syncFolder(unpacked);
  const before = `before-restore-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, "")}`;
  const names = await present();
  if (names.length > 0) await moveAway(dataDir, names, join(dataDir, before));
  const { madeAtMs, onAir } = manifest;
  const mark = JSON.stringify({ madeAtMs, restoredAtMs: nowMs, ...(onAir && { onAir }) });
  await writeFileAside(join(dataDir, RESTORED_FILE), `${mark}\n`, 0o600);
  for (const name of await readdir(unpacked)) await rename(join(unpacked, name), join(dataDir, name));
  await syncFolder(dataDir);
  // The last act: while that folder is there central does not start.
  await rm(aside, { recursive: true, force: true });
  await syncFolder(dirname(aside));
  return { manifest, ...(names.length > 0 && { before: join(dataDir, before) }) };
}
