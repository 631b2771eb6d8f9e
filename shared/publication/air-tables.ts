/**
 * The tables of the `air` database, and how its rows become a publication. Central writes them, edges read
 * their replica of them; one file, so that both agree.
 */

import type { SignedManifest } from "./manifest.ts";
import type { Body, Content } from "./part.ts";

export const AIR_TABLES: readonly string[] = [
  `CREATE TABLE IF NOT EXISTS entry (
     part TEXT NOT NULL, key TEXT NOT NULL, body NOT NULL, PRIMARY KEY (part, key)) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS manifest (
     id INTEGER PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, revision INTEGER NOT NULL,
     hash TEXT NOT NULL, body TEXT NOT NULL, signature TEXT NOT NULL)`,
];

export const SELECT_MANIFEST = "SELECT epoch, revision, hash, body, signature FROM manifest WHERE id = 1";
export const SELECT_ENTRIES = "SELECT part, key, body FROM entry ORDER BY part, key";

/** A row as `@libsql/client` gives it. */
type Row = Record<string, unknown>;

/** The manifest of the one row; undefined when there is none. */
export function manifestFromRows(rows: readonly Row[]): SignedManifest | undefined {
  const row = rows[0];
  return row && { body: String(row.body), hash: String(row.hash), signature: String(row.signature) };
}

/** The content of all rows of `entry`. Bodies are text, or bytes where the column holds a blob. */
export function contentFromRows(rows: readonly Row[]): Content {
  const content = new Map<string, Map<string, Body>>();
  for (const row of rows) {
    const name = String(row.part);
    let part = content.get(name);
    if (!part) {
      part = new Map();
      content.set(name, part);
    }
    part.set(
      String(row.key),
      typeof row.body === "string" ? row.body : new Uint8Array(row.body as ArrayBuffer),
    );
  }
  return content;
}
