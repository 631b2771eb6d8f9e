/**
 * A libSQL file that this process alone writes. Durable: write-ahead log, `synchronous=FULL`.
 *
 * `client.transaction()` is never used: the client gives its connection away with it and opens a new one
 * without the pragmas set here. `batch` is one transaction on the same connection.
 */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { createClient, type InValue } from "@libsql/client";
import { CuecastError } from "../errors.ts";

export interface Statement {
  sql: string;
  args?: InValue[];
}
export type Row = Record<string, unknown>;

export interface Database {
  /** Rows of one statement. */
  all(sql: string, args?: InValue[]): Promise<Row[]>;
  /** All statements in one durable transaction, or none; rows per statement. */
  batch(statements: Statement[]): Promise<Row[][]>;
  close(): void;
}

/**
 * @param migrations each runs once, in order, for ever: `PRAGMA user_version` counts them; add, never edit
 * @throws {CuecastError} `database-refused` when it cannot be opened, is newer, or is not durable
 */
export async function openDatabase(path: string, migrations: readonly string[][]): Promise<Database> {
  const refuse = (state: string, cause?: unknown) =>
    new CuecastError(`Cannot open ${path}: ${state}`, { code: "database-refused", cause });
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const client = createClient({ url: pathToFileURL(path).href, intMode: "number", concurrency: 1 });
  const all = async (sql: string, args: InValue[] = []) =>
    (await client.execute({ sql, args })).rows as Row[];
  const batch = async (statements: Statement[]) =>
    (
      await client.batch(
        statements.map(({ sql, args = [] }) => ({ sql, args })),
        "write",
      )
    ).map((result) => result.rows as Row[]);
  try {
    await all("PRAGMA journal_mode=WAL");
    await all("PRAGMA synchronous=FULL");
    await all("PRAGMA busy_timeout=5000");
    const [durability] = await all("PRAGMA synchronous");
    if (Number(durability?.synchronous) !== 2) throw refuse("it does not sync every transaction");
    const version = Number((await all("PRAGMA user_version"))[0]?.user_version ?? 0);
    if (version > migrations.length)
      throw refuse(`it is of a newer release (${version} > ${migrations.length})`);
    for (const [index, statements] of migrations.entries()) {
      if (index < version) continue;
      await batch([...statements.map((sql) => ({ sql })), { sql: `PRAGMA user_version=${index + 1}` }]);
    }
  } catch (error) {
    client.close();
    throw error instanceof CuecastError
      ? error
      : refuse(error instanceof Error ? error.message : "unreadable", error);
  }
  return { all, batch, close: () => client.close() };
}
