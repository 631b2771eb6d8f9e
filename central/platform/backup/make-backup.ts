/**
 * Makes one backup of central's data directory, whether central runs or not, and reads it back before it counts.
 *
 * Each database is copied by `VACUUM INTO` within one read transaction of its own: a whole moment of it, while its
 * owner writes on. `results` is copied first, so that it never knows of something that `authoring` does not. What is
 * on air stands in `authoring` with its content, hashes and signature, so `air` is not copied: a restore fills it anew.
 */
import { createPublicKey } from "node:crypto";
import { chmod, copyFile, mkdir, readFile, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import { hashFile, readArchive, writeArchive } from "./archive.ts";
import {
  BACKED_UP,
  BACKUP_FORMAT,
  type BackupFile,
  type BackupManifest,
  DATABASES,
  KEY_FILES,
} from "./manifest.ts";
import { checkOnAir } from "./on-air-copy.ts";
import { openCopy } from "./open-copy.ts";
import { readBack } from "./read-back.ts";

const isDatabase = (name: string) => (DATABASES as readonly string[]).includes(name);
const isKey = (name: string) => (KEY_FILES as readonly string[]).includes(name);
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );

async function copyDatabase(from: string, to: string): Promise<void> {
  const source = await openCopy(from, 30_000);
  try {
    await source.all("VACUUM INTO ?", [to]);
  } catch (cause) {
    throw new CuecastError(`Cannot copy ${from}: ${errorMessage(cause)}`, { code: "backup-failed", cause });
  } finally {
    source.close();
  }
  await chmod(to, 0o600);
}

async function copyInto(dataDir: string, folder: string): Promise<BackupFile[]> {
  await mkdir(join(folder, "keys"), { recursive: true, mode: 0o700 });
  for (const name of [...BACKED_UP].reverse()) {
    const [from, to] = [join(dataDir, name), join(folder, name)];
    if (!(await isThere(from))) {
      if (!isDatabase(name) && !isKey(name)) continue;
      throw new CuecastError(
        `Cannot back up ${dataDir}: ${name} is missing; is it central's data directory?`,
        {
          code: "data-refused",
        },
      );
    }
    if (isDatabase(name)) await copyDatabase(from, to);
    else {
      await copyFile(from, to);
      await chmod(to, 0o600);
    }
  }
  const files: BackupFile[] = [];
  for (const name of BACKED_UP) {
    const path = join(folder, name);
    if (!(await isThere(path))) continue;
    const database = isDatabase(name) ? await readBack(path, `the copy of ${name}`) : undefined;
    files.push({ path: name, ...(await hashFile(path)), ...(database && { database }) });
  }
  return files;
}

export interface MadeBackup {
  path: string;
  bytes: number;
  manifest: BackupManifest;
}

/**
 * @param path of the archive; nothing may stand there yet
 * @throws {CuecastError} `database-damaged` when what was copied is, `backup-damaged` when the archive does not read
 *   back, `data-refused`, `usage`
 */
export async function makeBackup(
  dataDir: string,
  path: string,
  { nowMs, software }: { nowMs: number; software: string },
): Promise<MadeBackup> {
  if (await isThere(path)) {
    throw new CuecastError(`Cannot write the backup ${path}: it is there already; name another file`, {
      code: "usage",
      status: 400,
    });
  }
  const folder = join(dirname(path), `.${basename(path)}.copies`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const files = await copyInto(dataDir, folder);
    const key = createPublicKey(await readFile(join(folder, "keys/publication.pem"), "utf8"));
    const publicKey = key.export({ type: "spki", format: "pem" }).toString();
    const onAir = await checkOnAir(join(folder, "authoring.db"), publicKey);
    const manifest: BackupManifest = {
      format: BACKUP_FORMAT,
      madeAtMs: nowMs,
      software,
      ...(onAir && { onAir }),
      files,
    };
    // Opening the copies must have changed nothing.
    for (const { path: name, sha256 } of files) {
      if ((await hashFile(join(folder, name))).sha256 !== sha256)
        throw new CuecastError(`Cannot back up ${name}: its copy changed meanwhile`, {
          code: "backup-failed",
        });
    }
    await writeArchive(path, manifest, folder);
    try {
      await readArchive(path, async (_, bytes) => {
        for await (const _chunk of bytes);
      });
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    return { path, bytes: (await stat(path)).size, manifest };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** `cuecast-20261127T180000Z.tar.gz`: sorts by time. */
export const backupName = (nowMs: number) =>
  `cuecast-${new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d+/g, "")}.tar.gz`;

/** When a backup of that name was made; undefined when it is another file. */
export function backupMoment(name: string): number | undefined {
  const match = /^cuecast-(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\.tar\.gz$/.exec(name);
  if (!match) return undefined;
  const [, year, month, day, hour, minute, second] = match;
  const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}
