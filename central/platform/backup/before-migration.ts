/** A backup of what an older release left, before its databases are changed for good: migrations only go forward. */
import { mkdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { listBackups, removeBackup } from "./backup-folder.ts";
import { backupName, makeBackup } from "./make-backup.ts";
import { DATABASES } from "./manifest.ts";
import { openCopy } from "./open-copy.ts";

/** Below the data directory. */
export const BEFORE_UPGRADE_FOLDER = "before-upgrade";
/** An upgrade, and two before it that may have been a mistake. */
const KEPT = 3;

/** @returns undefined when there is none, or when it cannot be read: whoever opens it then says so */
async function migrationsOf(path: string): Promise<number | undefined> {
  if (!(await stat(path).catch(() => undefined))) return undefined;
  try {
    const copy = await openCopy(path);
    try {
      return Number((await copy.all("PRAGMA user_version"))[0]?.user_version ?? 0);
    } finally {
      copy.close();
    }
  } catch {
    return undefined;
  }
}

/**
 * @param known how many migrations this release has for each database
 * @throws {CuecastError} `backup-failed`: nothing was migrated
 */
export async function backUpBeforeMigration(
  dataDir: string,
  known: Readonly<Record<(typeof DATABASES)[number], number>>,
  { nowMs, software, log }: { nowMs: number; software: string; log: Log },
): Promise<void> {
  const found = await Promise.all(DATABASES.map((name) => migrationsOf(join(dataDir, name))));
  const behind = DATABASES.some((name, index) => {
    const had = found[index];
    return had !== undefined && had > 0 && had < known[name];
  });
  if (!behind) return;
  const folder = join(dataDir, BEFORE_UPGRADE_FOLDER);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const { path, bytes } = await makeBackup(dataDir, join(folder, backupName(nowMs)), { nowMs, software });
    log.info("backed-up-before-upgrade", { path, bytes });
  } catch (cause) {
    throw new CuecastError(
      `Cannot start: this release changes the databases, and the backup before it failed (${errorMessage(cause)}); make that right, or go on with the release that was here`,
      { code: "backup-failed", cause },
    );
  }
  const kept = (await listBackups(folder)).sort((a, b) => b.madeAtMs - a.madeAtMs);
  for (const { name } of kept.slice(KEPT)) await removeBackup(folder, name);
}
