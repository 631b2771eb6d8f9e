/**
 * A libSQL file that this process alone writes. Durable: write-ahead log, `synchronous=FULL`.
 *
 * The client has one connection, the one on which the pragmas are set. While `transaction` holds it, whatever
 * else is asked waits its turn here: the client itself would refuse it.
 */
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { type Client, createClient, type InValue } from "@libsql/client/sqlite3";
import { CuecastError, errorMessage } from "../errors.ts";
import { SYSTEM_WORDS, systemState } from "../system-state.ts";

export interface Statement {
  sql: string;
  args?: InValue[];
}
export type Row = Record<string, unknown>;

/** What a database is asked, wherever it is open. */
export interface Queries {
  /** Rows of one statement. */
  all(sql: string, args?: InValue[]): Promise<Row[]>;
  /** All statements in one durable transaction, or none; rows per statement. */
  batch(statements: Statement[]): Promise<Row[][]>;
  close(): void;
}

export interface Database extends Queries {
  /**
   * One durable transaction made step by step, for more than memory should hold at once; others wait, so it
   * must ask through `run` alone. Rolled back when the task throws.
   */
  transaction<T>(task: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>): Promise<T>;
}

/** Moves the log into the file: after an orderly end the file alone is the whole of it, as whoever copies it expects. */
export async function foldLog(database: Pick<Database, "all">): Promise<void> {
  await database.all("PRAGMA wal_checkpoint(TRUNCATE)").catch(() => {});
}

/** Whether an error says that a database's file is damaged, by itself or by what caused it. */
export function tellsDamage(error: unknown): boolean {
  let current = error;
  for (let depth = 0; depth < 5 && current; depth++) {
    const { code, cause } = current as { code?: unknown; cause?: unknown };
    if (typeof code === "string" && /^SQLITE_(CORRUPT|NOTADB)/.test(code)) return true;
    current = cause;
  }
  return false;
}

/**
 * SQLite says no more than that it cannot open a file: the system says why not.
 *
 * @returns the system's error; undefined when it would open the file, or make it, as SQLite would
 */
function whyNotOpened(path: string): unknown {
  try {
    closeSync(openSync(path, "a+", 0o600));
    return undefined;
  } catch (error) {
    return error;
  }
}

/**
 * @param migrations each runs once, in order, for ever: `PRAGMA user_version` counts them; add, never edit
 * @throws {CuecastError} `database-damaged` when its file is; `database-refused` when it cannot be opened, is newer, or is not durable
 */
export async function openDatabase(path: string, migrations: readonly string[][]): Promise<Database> {
  const refuse = (state: string, thrown?: unknown) => {
    const cause = thrown === undefined ? undefined : (whyNotOpened(path) ?? thrown);
    const known = systemState(cause);
    if (known !== undefined) {
      return new CuecastError(`Cannot open ${path}: ${SYSTEM_WORDS[known]} (${(cause as Error).message})`, {
        code: "database-refused",
        cause,
      });
    }
    return tellsDamage(cause)
      ? new CuecastError(`Cannot open ${path}: it is damaged (${state}); restore it from a backup`, {
          code: "database-damaged",
          cause,
        })
      : new CuecastError(`Cannot open ${path}: ${state}`, { code: "database-refused", cause });
  };
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  let client: Client;
  try {
    client = createClient({ url: pathToFileURL(path).href, intMode: "number", concurrency: 1 });
  } catch (error) {
    throw refuse(errorMessage(error), error);
  }
  /** The transaction that holds the connection, if any; never rejects. */
  let held: Promise<unknown> | undefined;
  const all = async (sql: string, args: InValue[] = []) => {
    while (held) await held;
    return (await client.execute({ sql, args })).rows as Row[];
  };
  const batch = async (statements: Statement[]) => {
    while (held) await held;
    const results = await client.batch(
      statements.map(({ sql, args = [] }) => ({ sql, args })),
      "write",
    );
    return results.map((result) => result.rows as Row[]);
  };
  const transaction = async <T>(task: (run: (statement: Statement) => Promise<Row[]>) => Promise<T>) => {
    while (held) await held;
    const whole = (async () => {
      const open = await client.transaction("write");
      try {
        const result = await task(
          async ({ sql, args = [] }) => (await open.execute({ sql, args })).rows as Row[],
        );
        await open.commit();
        return result;
      } finally {
        // Rolls back what was not committed, and gives the connection back.
        open.close();
      }
    })();
    const settled = whole.then(
      () => {},
      () => {},
    );
    held = settled;
    try {
      return await whole;
    } finally {
      if (held === settled) held = undefined;
    }
  };
  try {
    // First: after a crash another connection may be reading the log back, and all else waits for that.
    await all("PRAGMA busy_timeout=5000");
    await all("PRAGMA journal_mode=WAL");
    await all("PRAGMA synchronous=FULL");
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
  return { all, batch, transaction, close: () => client.close() };
}
