/**
 * Whether the user that a node runs as may read and write what lies in its data directory, whoever asks: told from
 * owners and modes. That user is the folder's owner; root, who often looks after a node, may read everything.
 */
import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { SYSTEM_WORDS, systemState } from "../../shared/system-state.ts";
import { bad, type Finding, good, unknown } from "./finding.ts";

/** Folders below the data directory that are looked into, and entries of all. */
const DEPTH_MAX = 3;
const ENTRIES_MAX = 5_000;
/** Named one by one; more are counted. */
const NAMED_MAX = 5;
/** Of the file system, not of the node. */
const PASSED_OVER = ["lost+found"];

interface Owned {
  uid: number;
  gid: number;
  mode: number;
}

/** Reading and writing; for a folder, entering it too. */
export function mayUse(user: { uid: number; gid: number }, entry: Owned, isFolder: boolean): boolean {
  if (user.uid === 0) return true;
  const wanted = isFolder ? 0o7 : 0o6;
  const shift = entry.uid === user.uid ? 6 : entry.gid === user.gid ? 3 : 0;
  return ((entry.mode >> shift) & wanted) === wanted;
}

export const rightsAction = (folder: string, uid: number) =>
  `As root: chown -R --reference=${folder}/ ${folder}/ && chmod -R u+rwX ${folder}/ (user ${uid} owns the folder; if that is not the user of the service, chown the folder to it first)`;

export async function checkOwner(folder: string): Promise<Finding> {
  const check = "owner";
  const user = await stat(folder);
  const shut: string[] = [];
  let seen = 0;
  const walk = async (below: string, depth: number): Promise<void> => {
    for (const name of await readdir(join(folder, below))) {
      if (PASSED_OVER.includes(name) || ++seen > ENTRIES_MAX) continue;
      const path = join(below, name);
      // It may go while we look: a running node removes what is over.
      const entry = await lstat(join(folder, path)).catch(() => undefined);
      if (!entry || entry.isSymbolicLink()) continue;
      if (!mayUse(user, entry, entry.isDirectory())) shut.push(path);
      else if (entry.isDirectory() && depth < DEPTH_MAX) await walk(path, depth + 1);
    }
  };
  try {
    await walk("", 1);
  } catch (error) {
    const state = systemState(error);
    if (state === undefined) throw error;
    return unknown(
      check,
      `${SYSTEM_WORDS[state]}: ${folder} cannot be looked through`,
      "Run this as root, or as the user of the service",
    );
  }
  const who = `the user of the service (${user.uid}, the owner of ${folder})`;
  if (shut.length === 0) return good(check, `${who} may read and write all of it`);
  const named = shut.slice(0, NAMED_MAX).join(", ");
  const more = shut.length > NAMED_MAX ? ` and ${shut.length - NAMED_MAX} more` : "";
  return bad(check, `${who} may not read and write ${named}${more}`, rightsAction(folder, user.uid));
}
