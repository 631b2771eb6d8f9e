/**
 * A database that is only read, by whoever does not own it: nothing is migrated, no setting is changed.
 *
 * libSQL ends the whole process when it reads a TEXT that is not UTF-8, and `quick_check` does not see one. So
 * what is not known to be whole is read as bytes first: `read-back.ts`.
 */
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import type { Row } from "../../../shared/runtime/database.ts";

export interface Copy {
  all(sql: string, args?: (string | number)[]): Promise<Row[]>;
  close(): void;
}

/** @param busyMs how long it waits for a writer */
export async function openCopy(path: string, busyMs = 5_000): Promise<Copy> {
  const client = createClient({ url: pathToFileURL(path).href, intMode: "number", concurrency: 1 });
  const all = async (sql: string, args: (string | number)[] = []) =>
    (await client.execute({ sql, args })).rows as Row[];
  try {
    await all(`PRAGMA busy_timeout=${busyMs}`);
    return { all, close: () => client.close() };
  } catch (error) {
    client.close();
    throw error;
  }
}
