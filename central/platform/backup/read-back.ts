/**
 * Reads a copied database back, whole: its pages by SQLite's own check, then every cell of every table as bytes,
 * which finds a TEXT that is not UTF-8 and gives each table a count and a hash.
 */
import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { CuecastError } from "../../../shared/errors.ts";
import type { BackupFile } from "./manifest.ts";
import { type Copy, openCopy } from "./open-copy.ts";

export type TableFacts = NonNullable<BackupFile["database"]>;

/** Rows held at once: few where they are large, as images and guides are. */
const PAGE_ROWS_LEAST = 8;
const PAGE_ROWS_MOST = 1_000;
const PAGE_BYTES = 4_000_000;
const NULL_MARK = Buffer.from([0xff]);

const damaged = (what: string, state: string) =>
  new CuecastError(`Cannot trust ${what}: ${state}`, { code: "database-damaged" });

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;
const bytesOf = (value: unknown) => Buffer.from(value as ArrayBuffer);

/** A text read as bytes. @throws {CuecastError} when it is not UTF-8 */
function textOf(value: unknown, what: string): string {
  const bytes = bytesOf(value);
  if (!isUtf8(bytes)) throw damaged(what, "its schema is no text");
  return bytes.toString("utf8");
}

interface Column {
  name: string;
  /** Holds text alone. */
  text: boolean;
  /** Its place in the key, from 1; 0 when it is none of it. */
  key: number;
}

async function columnsOf(copy: Copy, table: string): Promise<Column[]> {
  const rows = await copy.all(`SELECT name, type, pk FROM pragma_table_info(${`'${table}'`}) ORDER BY cid`);
  return rows.map((row) => ({
    name: String(row.name),
    text: String(row.type).toUpperCase() === "TEXT",
    key: Number(row.pk),
  }));
}

async function readTable(copy: Copy, table: string, what: string) {
  const columns = await columnsOf(copy, table);
  const keyed = columns.filter(({ key }) => key > 0).sort((a, b) => a.key - b.key);
  const key = keyed.length > 0 ? keyed : [{ name: "rowid", text: false, key: 1 }];
  const cells = [...key, ...columns].map(({ name }, index) => `CAST(${quoted(name)} AS BLOB) AS c${index}`);
  const order = key.map(({ name }) => quoted(name)).join(", ");
  const hash = createHash("sha256");
  const size = Buffer.alloc(4);
  let rows = 0;
  let pageRows = PAGE_ROWS_LEAST;
  let largest = 1;
  let after: (string | number)[] | undefined;
  for (;;) {
    const where = after ? `WHERE (${order}) > (${key.map(() => "?").join(", ")})` : "";
    const page = await copy.all(
      `SELECT ${cells.join(", ")} FROM ${quoted(table)} ${where} ORDER BY ${order} LIMIT ${pageRows}`,
      after ?? [],
    );
    for (const row of page) {
      rows++;
      let rowBytes = 0;
      for (const [index, column] of columns.entries()) {
        const value = row[`c${key.length + index}`];
        if (value === null) {
          hash.update(NULL_MARK);
          continue;
        }
        const bytes = bytesOf(value);
        rowBytes += bytes.length;
        if (column.text && !isUtf8(bytes)) {
          throw damaged(what, `row ${rows} of its table ${table} holds a ${column.name} that is no text`);
        }
        size.writeUInt32BE(bytes.length);
        hash.update(size).update(bytes);
      }
      largest = Math.max(largest, rowBytes);
    }
    const last = page.at(-1);
    if (!last || page.length < pageRows) return { rows, sha256: hash.digest("hex") };
    pageRows = Math.ceil(Math.min(PAGE_ROWS_MOST, Math.max(PAGE_ROWS_LEAST, PAGE_BYTES / largest)));
    after = key.map(({ text }, index) => {
      const value = bytesOf(last[`c${index}`]).toString("utf8");
      return text ? value : Number(value);
    });
  }
}

/**
 * @param what how it is called in an error
 * @throws {CuecastError} `database-damaged`, with the place
 */
export async function readBack(path: string, what: string): Promise<TableFacts> {
  const copy = await openCopy(path);
  try {
    const [check] = await copy
      .all("PRAGMA quick_check(1)")
      .catch((error) => [{ quick_check: (error as Error).message }]);
    if (check?.quick_check !== "ok") throw damaged(what, String(check?.quick_check).slice(0, 200));
    const [version] = await copy.all("PRAGMA user_version");
    const names = await copy.all(
      `SELECT CAST(name AS BLOB) AS name, CAST(sql AS BLOB) AS sql FROM sqlite_schema
       WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'libsql_%' ORDER BY name`,
    );
    const tables: TableFacts["tables"] = {};
    for (const row of names) {
      textOf(row.sql, what);
      const table = textOf(row.name, what);
      if (!/^\w+$/.test(table)) throw damaged(what, "it has a table that is none of ours");
      tables[table] = await readTable(copy, table, what);
    }
    return { migrations: Number(version?.user_version ?? 0), tables };
  } finally {
    copy.close();
  }
}
