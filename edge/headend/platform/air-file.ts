/** Reads a libSQL file that holds a copy of `air` and that nobody writes. It may be damaged in any way. */
import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import {
  SELECT_BLOBS,
  SELECT_MANIFEST_BYTES,
  SELECT_TEXTS_PAGE,
} from "../../../shared/publication/air-tables.ts";
import type { AirRows } from "../sync/verify-air.ts";

/** Far beyond what a country airs. */
const ENTRIES_MAX = 10_000_000;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** @throws {TypeError} when the bytes are no UTF-8 */
const textOf = (value: unknown) => decoder.decode(value as ArrayBuffer);

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
      const manifest = (await client.execute(SELECT_MANIFEST_BYTES)).rows.map((row) => ({
        hash: textOf(row.hash),
        body: textOf(row.body),
        signature: textOf(row.signature),
      }));
      const entries = (await client.execute(SELECT_BLOBS)).rows.map(({ part, key, body }) => ({
        part: textOf(part),
        key: textOf(key),
        body: body as unknown,
      }));
      for (let after = ["", ""]; ; ) {
        const [row] = (await client.execute({ sql: SELECT_TEXTS_PAGE, args: after })).rows;
        const page = JSON.parse(textOf(row?.page)) as [part: string, key: string, body: string][];
        for (const [part, key, body] of page) entries.push({ part, key, body });
        const last = page.at(-1);
        if (!last) break;
        // A damaged index may give rows in any order, for ever.
        if (last[0] < (after[0] ?? "") || entries.length > ENTRIES_MAX)
          throw new Error("its rows are in disorder");
        after = [last[0], last[1]];
      }
      return { check: "ok", manifest, entries };
    } finally {
      client.close();
    }
  } catch (cause) {
    throw new CuecastError(`Cannot read ${path}: ${errorMessage(cause)}`, { code: "air-damaged", cause });
  }
}
