/** Makes sure that a data directory is there and can be written, and says in one line why it cannot be used. */
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { CuecastError, errorMessage } from "../errors.ts";

/** What the system says when another directory must be named; anything else may pass (a full disk). */
const STATES: Readonly<Record<string, string>> = {
  EEXIST: "it is a file, not a directory",
  ENOTDIR: "a part of its path is a file, not a directory",
  EACCES: "this user may not write there",
  EPERM: "nothing can be written there",
  EROFS: "its file system is read-only",
  ENOENT: "nothing can be made there",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "its links lead in a ring",
  EINVAL: "its name cannot be used",
};

/**
 * Makes missing folders one by one: Node's own `recursive` never ends below `/proc` (Node 20 and 24).
 */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { mode: 0o700 });
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT" && dirname(path) !== path) {
      const parent = await stat(dirname(path)).catch(() => undefined);
      // A parent in which nothing can be made says so itself.
      if (parent) throw error;
      await makeFolder(dirname(path));
      await mkdir(path, { mode: 0o700 });
    } else if (code !== "EEXIST" || !(await stat(path)).isDirectory()) throw error;
  }
}

/**
 * @param path made with mode 0700 when missing, parents too
 * @throws {CuecastError} `data-refused` when it can never do; `data-failed` when the disk is to blame
 */
export async function makeDataFolder(path: string): Promise<void> {
  const folder = resolve(path);
  try {
    await makeFolder(folder);
    // Permissions, read-only mounts, the superuser: only writing tells.
    const probe = join(folder, `.probe-${process.pid}`);
    await writeFile(probe, "");
    await rm(probe, { force: true });
  } catch (cause) {
    const code = String((cause as { code?: unknown } | null)?.code ?? "");
    const state = Object.hasOwn(STATES, code) ? STATES[code] : undefined;
    // Deno forbids some places (/proc, /sys) in words of its own.
    const forbidden = cause instanceof Error && cause.name === "NotCapable";
    throw new CuecastError(
      `Cannot keep data in ${folder}: ${state ?? (forbidden ? "nothing can be made there" : errorMessage(cause))}`,
      { code: state || forbidden ? "data-refused" : "data-failed", cause },
    );
  }
}
