/**
 * One process per data directory: a lock that the kernel lets go of however the process ends. No runtime here can
 * lock a file by itself, so an empty libSQL database in exclusive mode stands for it.
 */
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers";
import { pathToFileURL } from "node:url";
import { type Client, createClient } from "@libsql/client/sqlite3";
import { CuecastError, errorMessage } from "../errors.ts";
import { makeDataFolder } from "./data-folder.ts";

/** Held until the process ends: letting one go by accident would be worse than keeping it. */
const held: Client[] = [];

/** How often a holder looks whether the file that it has locked is still the one in the folder, ms. */
const LOOK_EVERY_MS = 10_000;

/**
 * @param folder made when missing
 * @param onLost called once when somebody has removed the lock of a folder that is held, and another process has it
 *   now: two would write the same files. A lock that was removed and that nobody has is made anew. Nobody looks without it.
 * @returns what ends the looking; the lock itself is kept
 * @throws {CuecastError} `data-in-use` when another process holds it, and as `makeDataFolder`
 */
export async function holdFolder(
  folder: string,
  onLost?: (error: CuecastError) => void,
  everyMs = LOOK_EVERY_MS,
): Promise<() => void> {
  await makeDataFolder(folder);
  await take(folder);
  if (onLost === undefined) return () => {};
  let locked = await fileOf(folder);
  let looking = true;
  const look = async () => {
    if (!looking) return;
    try {
      const there = await fileOf(folder);
      if (there !== locked) {
        await take(folder);
        locked = await fileOf(folder);
      }
    } catch (error) {
      // A full disk, say, passes; one who has the lock does not.
      if ((error as CuecastError).code === "data-in-use") return onLost(error as CuecastError);
    }
    setTimeout(look, everyMs).unref();
  };
  setTimeout(look, everyMs).unref();
  return () => {
    looking = false;
  };
}

/** Which file it is, whatever its name; undefined when there is none. */
async function fileOf(folder: string): Promise<string | undefined> {
  const there = await stat(join(folder, "lock.db")).catch(() => undefined);
  return there && `${there.dev}:${there.ino}`;
}

async function take(folder: string): Promise<void> {
  const path = join(folder, "lock.db");
  try {
    await hold(folder, path);
  } catch (error) {
    if ((error as CuecastError).code !== "lock-damaged") throw error;
    // It holds nothing but the lock: what damaged it must not keep us from starting.
    for (const each of [path, `${path}-journal`, `${path}-wal`, `${path}-shm`]) {
      await rm(each, { recursive: true, force: true }).catch(() => {});
    }
    await hold(folder, path);
  }
}

async function hold(folder: string, path: string): Promise<void> {
  let client: Client | undefined;
  try {
    // It opens the file at once, which fails where that is none.
    client = createClient({ url: pathToFileURL(path).href, concurrency: 1 });
    await client.execute("PRAGMA locking_mode=EXCLUSIVE");
    // In that mode a lock outlasts its transaction. Nothing is written: a full disk must not keep us from starting.
    await client.execute("BEGIN EXCLUSIVE");
    held.push(client);
  } catch (cause) {
    client?.close();
    const locked = /locked|busy/i.test(errorMessage(cause));
    throw new CuecastError(
      locked
        ? `Cannot use ${folder}: another process is using it; stop that one first, or give this one another --data`
        : `Cannot use ${path}: ${errorMessage(cause)}; it holds nothing but the lock and may be removed`,
      { code: locked ? "data-in-use" : "lock-damaged", cause },
    );
  }
}
