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
 * text that is no UTF-8, which one flipped bit makes of it.
 */
export const SELECT_MANIFEST_BYTES =
  "SELECT CAST(hash AS BLOB) AS hash, CAST(body AS BLOB) AS body, CAST(signature AS BLOB) AS signature FROM manifest WHERE id = 1";

/** The names of all parts in order, and whether a part's first body is text; steps from one to the next. */
export const SELECT_PARTS = `WITH RECURSIVE name(part) AS (SELECT min(part) FROM entry UNION ALL
  SELECT (SELECT min(part) FROM entry WHERE entry.part > name.part) FROM name WHERE name.part IS NOT NULL LIMIT 100000)
  SELECT CAST(part AS BLOB) AS part, (SELECT typeof(body) = 'text' FROM entry WHERE entry.part = name.part LIMIT 1) AS texts
  FROM name WHERE part IS NOT NULL`;

/** In hexadecimal, four bytes, behind others in hexadecimal. */
const lengthOf = (column: string, before = "") => `unhex(printf('${before}%08x', octet_length(${column})))`;

/**
 * A page of one part's entries after a key, as `packed-part.ts` keeps them, with their number and the last key. 74
 * and 62 are `t` and `b`.
 */
export const SELECT_PACKED = `SELECT count(*) AS count, CAST(max(key) AS BLOB) AS last, CAST(group_concat(
    ${lengthOf("key")} || key || iif(typeof(body) = 'text', ${lengthOf("body", "74")}, ${lengthOf("body", "62")}) || body, ''
  ) AS BLOB) AS packed FROM (SELECT key, body FROM entry WHERE part = ? AND key > ? ORDER BY key LIMIT ?)`;

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
