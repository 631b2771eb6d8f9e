/** The folder of scheduled backups, and the process that makes one. */
import { spawn } from "node:child_process";
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { CuecastError } from "../../../shared/errors.ts";
import { childEnvironment } from "../../../shared/runtime/child-environment.ts";
import type { KeptBackup } from "../../backup/schedule.ts";
import { backupMoment, backupName } from "./make-backup.ts";

/** The command line that makes a backup at a path. */
export type BackupProgram = (path: string) => { command: string; args: string[] };

/** Of its last words. */
const WORDS_MAX = 500;

/** @returns those with a name of ours; other files are nobody's business here */
export async function listBackups(folder: string): Promise<KeptBackup[]> {
  const found: KeptBackup[] = [];
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const madeAtMs = backupMoment(name);
    const file = madeAtMs === undefined ? undefined : await stat(join(folder, name)).catch(() => undefined);
    if (madeAtMs !== undefined && file?.isFile()) found.push({ name, madeAtMs, bytes: file.size });
  }
  return found;
}

export async function removeBackup(folder: string, name: string): Promise<void> {
  if (backupMoment(name) !== undefined) await rm(join(folder, name), { force: true });
}

/** What a process that was killed left behind: copies without an archive. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [] as string[])) {
    const whole = /^\.?(cuecast-.*\.tar\.gz)\.(copies|part)$/.exec(name)?.[1];
    if (whole !== undefined && backupMoment(whole) !== undefined)
      await rm(join(folder, name), { recursive: true, force: true });
  }
}

/** @throws {CuecastError} `backup-failed`, with what the process said last */
export async function runBackup(
  program: BackupProgram,
  folder: string,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  await sweep(folder);
  const { command, args } = program(join(folder, backupName(nowMs)));
  const child = spawn(command, args, {
    ...{ stdio: ["ignore", "ignore", "pipe"], signal, killSignal: "SIGKILL" },
    env: childEnvironment(),
  });
  let words = "";
  child.stderr.on("data", (chunk) => {
    words = `${words}${chunk}`.slice(-WORDS_MAX);
  });
  const end = await new Promise<string | undefined>((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", (code, killed) => resolve(code === 0 ? undefined : `ended with ${code ?? killed}`));
  });
  if (end === undefined) return;
  throw new CuecastError(words.trim() || `Cannot back up: the process ${end}`, { code: "backup-failed" });
}
