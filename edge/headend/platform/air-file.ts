/** Reads a libSQL file that holds a copy of `air` and that nobody writes. */
import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import { SELECT_ENTRIES, SELECT_MANIFEST } from "../../../shared/publication/air-tables.ts";
import type { AirRows } from "../sync/verify-air.ts";

/** @throws {CuecastError} `air-damaged` when it is missing or cannot be read to its end */
export async function readAirFile(path: string): Promise<AirRows> {
  try {
    // The client would make a missing file.
    if ((await stat(path)).size === 0) throw new Error("it is empty");
    const client = createClient({ url: pathToFileURL(path).href, intMode: "number", concurrency: 1 });
    try {
      const [check] = (await client.execute("PRAGMA quick_check")).rows;
      if (check?.quick_check !== "ok")
        return { check: String(check?.quick_check), manifest: [], entries: [] };
      const tables = await client.execute(
        "SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('entry', 'manifest')",
      );
      if (Number(tables.rows[0]?.n) < 2) return { check: "ok", manifest: [], entries: [] };
      const manifest = (await client.execute(SELECT_MANIFEST)).rows;
      const entries = (await client.execute(SELECT_ENTRIES)).rows;
      return { check: "ok", manifest, entries };
    } finally {
      client.close();
    }
  } catch (cause) {
    throw new CuecastError(`Cannot read ${path}: ${errorMessage(cause)}`, { code: "air-damaged", cause });
  }
}
