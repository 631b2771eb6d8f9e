import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Queries, tellsDamage } from "./database.ts";
import { openDatabaseInThread } from "./database-thread.ts";

const TABLES = [["CREATE TABLE one (name TEXT PRIMARY KEY, body BLOB)"]];

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-thread-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
const names = async (database: Queries) =>
  (await database.all("SELECT name FROM one ORDER BY name")).map(({ name }) => name);

test("openDatabaseInThread() answers in order, all of a batch or none, and finds everything again", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.db");
    const database = await openDatabaseInThread(path, TABLES);
    const put = (name: string) => ({
      sql: "INSERT INTO one (name, body) VALUES (?, ?)",
      args: [name, new Uint8Array([0, 255])],
    });
    const [first, , second] = await Promise.all([
      database.batch([put("a"), { sql: "SELECT name, body FROM one" }]),
      database.batch([put("b")]),
      names(database),
    ]);
    const [row] = first[1] ?? [];
    assert.deepEqual([row?.name, [...new Uint8Array(row?.body as ArrayBuffer)]], ["a", [0, 255]]);
    assert.deepEqual(second, ["a", "b"]);
    await assert.rejects(database.batch([put("c"), put("a")]), { code: /^SQLITE_CONSTRAINT/ });
    assert.deepEqual(await names(database), ["a", "b"]);
    const last = database.batch([put("d")]);
    database.close();
    await last;
    await assert.rejects(database.all("SELECT 1"), /it is closed/);
    const again = await openDatabaseInThread(path, TABLES);
    assert.deepEqual(await names(again), ["a", "b", "d"]);
    again.close();
  }));

test("openDatabaseInThread() refuses as openDatabase() does, and what is damaged is told as damage", () =>
  withFolder(async (folder) => {
    const path = join(folder, "a.db");
    const database = await openDatabaseInThread(path, TABLES);
    database.close();
    await assert.rejects(openDatabaseInThread(path, []), {
      code: "database-refused",
      message: /newer release/,
    });
    await writeFile(join(folder, "b.db"), "no database ".repeat(1_000));
    await assert.rejects(openDatabaseInThread(join(folder, "b.db"), TABLES), (error) => {
      assert.equal((error as { code?: string }).code, "database-damaged");
      return tellsDamage(error);
    });
  }));
