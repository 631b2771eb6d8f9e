/** Reads a libSQL file that holds a copy of `air` and that nobody writes. It may be damaged in any way. */
import { stat } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import { createClient } from "@libsql/client/sqlite3";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import {
  SELECT_MANIFEST_BYTES,
  SELECT_PACKED,
  SELECT_PARTS,
} from "../../../shared/publication/air-tables.ts";
import { createPartPacker, type PackedPart } from "../../../shared/publication/packed-part.ts";
import type { AirRows } from "../sync/verify-air.ts";

/** Read at once: 1 ms or so. */
const ROWS_PER_PAGE = 500;
/** The same of images, each of which may have 512 KiB. */
const IMAGES_PER_PAGE = 4;

const decoder = new TextDecoder("utf-8", { fatal: true });

/** @throws {TypeError} when the bytes are no UTF-8 */
const textOf = (value: unknown) => decoder.decode(value as ArrayBuffer);

/** A damaged index may give rows in any order, for ever. As the database compares: by bytes. */
function inOrder(before: string, after: string): void {
  if (Buffer.compare(Buffer.from(before), Buffer.from(after)) >= 0)
    throw new Error("its rows are in disorder");
}

const bytesOf = (value: unknown) => new Uint8Array(value as ArrayBuffer);

export interface AirFileOptions {
  /** Lets replies go out between pages. */
  pause?: () => Promise<void>;
  /** Not to be checked by the database again, which takes 50 ms in one piece: it was a moment ago. */
  isChecked?: boolean;
}

/** @throws {CuecastError} `air-damaged` when it is missing or cannot be read to its end */
export async function readAirFile(
  path: string,
  { pause = () => Promise.resolve(), isChecked = false }: AirFileOptions = {},
): Promise<AirRows> {
  try {
    // The client would make a missing file.
    if ((await stat(path)).size === 0) throw new Error("it is empty");
    const client = createClient({ url: pathToFileURL(path).href, intMode: "number", concurrency: 1 });
    try {
      if (!isChecked) {
        const [check] = (await client.execute("PRAGMA quick_check")).rows;
        if (check?.quick_check !== "ok")
          return { check: String(check?.quick_check), manifest: [], content: new Map() };
        await pause();
      }
      const tables = await client.execute(
        "SELECT count(*) AS n FROM sqlite_schema WHERE name IN ('entry', 'manifest')",
      );
      if (Number(tables.rows[0]?.n) < 2) return { check: "ok", manifest: [], content: new Map() };
      const manifest = (await client.execute(SELECT_MANIFEST_BYTES)).rows.map((row) => ({
        hash: textOf(row.hash),
        body: textOf(row.body),
        signature: textOf(row.signature),
      }));
      const content = new Map<string, PackedPart>();
      let read = 0;
      let before = "";
      for (const { part, texts } of (await client.execute(SELECT_PARTS)).rows) {
        const name = textOf(part);
        inOrder(before, name);
        before = name;
        const packer = createPartPacker();
        const most = texts === 1 ? ROWS_PER_PAGE : IMAGES_PER_PAGE;
        for (let after = ""; ; ) {
          const [page] = (await client.execute({ sql: SELECT_PACKED, args: [name, after, most] })).rows;
          const count = Number(page?.count);
          if (count > 0) packer.add(bytesOf(page?.packed));
          read += count * (texts === 1 ? 1 : ROWS_PER_PAGE / IMAGES_PER_PAGE);
          if (read >= ROWS_PER_PAGE) {
            read = 0;
            await pause();
          }
          if (count < most) break;
          const last = textOf(page?.last);
          inOrder(after, last);
          after = last;
        }
        content.set(name, packer.end());
      }
      return { check: "ok", manifest, content };
    } finally {
      client.close();
    }
  } catch (cause) {
    throw new CuecastError(`Cannot read ${path}: ${errorMessage(cause)}`, { code: "air-damaged", cause });
  }
}
