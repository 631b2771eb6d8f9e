/** The data directory of a node as it lies on the disk: rights, room, databases, the clock's past. Changes nothing. */
import { open, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { loadPassed } from "../../edge/headend/platform/vitals.ts";
import { size } from "../../edge/headend/status/figures.ts";
import { english } from "../../edge/headend/status/words-en.ts";
import { errorMessage } from "../../shared/errors.ts";
import { SYSTEM_WORDS, systemState } from "../../shared/system-state.ts";
import { bad, type Finding, good, unknown, warning } from "./finding.ts";
import { rightsAction } from "./owner.ts";

const GIB = 1_073_741_824;
const DISK_WARNING_BYTES = GIB;
const DISK_BAD_BYTES = GIB / 8;
const BEHIND_LEAST_MS = 60_000;

export const MOVE_AWAY = "Move it away: a running node makes its own there and goes on, or does at its start";

/** What of these is a file where a folder should be, or the reverse; what is missing is told elsewhere. */
export async function checkShapes(
  folder: string,
  { folders, files }: { folders: readonly string[]; files: readonly string[] },
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const name of [...folders, ...files]) {
    const there = await stat(join(folder, name)).catch(() => undefined);
    if (!there || there.isDirectory() === folders.includes(name)) continue;
    found.push(
      bad(
        name,
        folders.includes(name)
          ? "it is a file, and should be a folder"
          : "it is a folder, and should be a file",
        MOVE_AWAY,
      ),
    );
  }
  return found;
}

/** @param secrets below the folder; those that are missing are passed over */
export async function checkModes(folder: string, secrets: readonly string[]): Promise<Finding> {
  const open: string[] = [];
  for (const name of ["", ...secrets]) {
    const path = join(folder, name);
    const mode = await stat(path).then(
      (found) => found.mode & 0o777,
      () => undefined,
    );
    if (mode !== undefined && (mode & 0o077) !== 0) open.push(`${path} (${mode.toString(8)})`);
  }
  if (open.length === 0) return good("rights", "secrets are readable by their owner alone");
  return bad(
    "rights",
    `others may read ${open.join(", ")}`,
    `chmod go= ${open.map((each) => each.split(" ")[0]).join(" ")}`,
  );
}

export async function checkDisk(folder: string): Promise<Finding> {
  const { bavail, blocks, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const what = `${size(free)} of ${size(blocks * bsize)} are free`;
  if (free >= DISK_WARNING_BYTES) return good("disk", what);
  const action = "Make room on the disk of the data directory; a full one refuses answers";
  return free < DISK_BAD_BYTES ? bad("disk", what, action) : warning("disk", what, action);
}

/** @returns undefined when there is no such file */
export async function checkDatabase(
  folder: string,
  name: string,
  action: string,
): Promise<Finding | undefined> {
  const path = join(folder, name);
  const sizeOf = (file: string) =>
    stat(file).then(
      (found) => found.size,
      () => undefined,
    );
  const own = await sizeOf(path);
  if (own === undefined) return undefined;
  const bytes = own + ((await sizeOf(`${path}-wal`)) ?? 0);
  try {
    // SQLite says no more than that it cannot open it.
    await (await open(path, "r")).close();
    const client = createClient({ url: pathToFileURL(path).href, concurrency: 1 });
    try {
      await client.execute("PRAGMA query_only=1");
      const [row] = (await client.execute("PRAGMA quick_check")).rows;
      const result = String(row?.quick_check);
      return result === "ok"
        ? good(name, `whole, ${size(bytes)}`)
        : bad(name, `damaged: ${result.split("\n")[0]}`, action);
    } finally {
      client.close();
    }
  } catch (error) {
    const state = systemState(error);
    if (state === "rights") {
      const { uid } = await stat(folder);
      return bad(name, `cannot be read: ${SYSTEM_WORDS[state]}`, rightsAction(folder, uid));
    }
    if (state === "shape") return bad(name, `cannot be read: ${SYSTEM_WORDS[state]}`, MOVE_AWAY);
    return bad(name, `cannot be read: ${state ? SYSTEM_WORDS[state] : errorMessage(error)}`, action);
  }
}

export async function checkPast(folder: string, nowMs: number): Promise<Finding> {
  const passedMs = await loadPassed(folder);
  if (passedMs === undefined) return unknown("own clock", "this node has not written down a moment yet");
  const behindMs = passedMs - nowMs;
  if (behindMs <= BEHIND_LEAST_MS) return good("own clock", "not behind what this node has seen");
  return bad(
    "own clock",
    `${english.span(behindMs)} behind a moment that this node has seen`,
    "Set the clock, then check time synchronisation; a dead clock battery does this after a power cut",
  );
}
