/** A file that a command is to read: looked at before anything else is done. */
import { open, stat } from "node:fs/promises";
import { CuecastError, errorMessage } from "../../shared/errors.ts";

const STATES: Readonly<Record<string, string>> = {
  ENOENT: "there is no such file",
  ENOTDIR: "a part of its path is a file, not a directory",
  EACCES: "this user may not read it",
  EISDIR: "it is a directory, not a file",
};

/** @throws {CuecastError} `usage` when it is missing, no file, or cannot be read */
export async function checkFile(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
    await (await open(path, "r")).close();
  } catch (cause) {
    const { code = "" } = cause as { code?: string };
    const state = Object.hasOwn(STATES, code) ? STATES[code] : errorMessage(cause);
    throw new CuecastError(`Cannot read ${path}: ${state}`, { code: "usage", status: 400, cause });
  }
}
