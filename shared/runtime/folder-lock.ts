/**
 * One process per data directory: a lock that the kernel lets go of however the process ends. No runtime here can
 * lock a file by itself, so an empty libSQL database in exclusive mode stands for it.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Client, createClient } from "@libsql/client";
import { CuecastError, errorMessage } from "../errors.ts";

/** Held until the process ends: letting one go by accident would be worse than keeping it. */
const held: Client[] = [];

/** @throws {CuecastError} `data-in-use` when another process holds the directory */
export async function holdFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, "lock.db");
  const client = createClient({ url: pathToFileURL(path).href, concurrency: 1 });
  try {
    await client.execute("PRAGMA locking_mode=EXCLUSIVE");
    await client.execute("PRAGMA user_version=1");
    held.push(client);
  } catch (cause) {
    client.close();
    const locked = /locked|busy/i.test(errorMessage(cause));
    throw new CuecastError(
      locked
        ? `Cannot use ${folder}: another process is using it; stop that one first, or give this one another --data`
        : `Cannot use ${folder}: ${errorMessage(cause)}`,
      { code: "data-in-use", cause },
    );
  }
}
