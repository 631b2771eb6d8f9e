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

/**
 * The same for a file that may be damaged, every text within bytes: libSQL's client ends its whole process over a
 * text that is no UTF-8, which one flipped bit makes of it. Texts come as JSON in pages of 2,000, which is faster
 * than rows too; after (part, key). Blobs come by themselves.
 */
export const SELECT_MANIFEST_BYTES =
  "SELECT CAST(hash AS BLOB) AS hash, CAST(body AS BLOB) AS body, CAST(signature AS BLOB) AS signature FROM manifest WHERE id = 1";
export const SELECT_TEXTS_PAGE = `SELECT CAST(json_group_array(json_array(part, key, body)) AS BLOB) AS page FROM
  (SELECT part, key, body FROM entry WHERE typeof(body) = 'text' AND (part, key) > (?, ?) ORDER BY part, key LIMIT 2000)`;
export const SELECT_BLOBS =
  "SELECT CAST(part AS BLOB) AS part, CAST(key AS BLOB) AS key, CAST(body AS BLOB) AS body FROM entry WHERE typeof(body) <> 'text'";

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
