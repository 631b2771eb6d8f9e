import assert from "node:assert/strict";
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Hono } from "hono";
import { foldLog, openDatabase } from "./database.ts";
import { writeFileAside } from "./files.ts";
import { serve } from "./serve.ts";

const withFolder = async (run: (folder: string) => Promise<void>) => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-runtime-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

test("openDatabase() runs each migration once and keeps what was written", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x.db");
    const first = await openDatabase(path, [["CREATE TABLE t (a INTEGER)"]]);
    await first.batch([{ sql: "INSERT INTO t VALUES (?)", args: [1] }]);
    first.close();
    const second = await openDatabase(path, [
      ["CREATE TABLE t (a INTEGER)"],
      ["ALTER TABLE t ADD COLUMN b INTEGER"],
    ]);
    assert.deepEqual({ ...(await second.all("SELECT a, b FROM t"))[0] }, { a: 1, b: null });
    second.close();
    await assert.rejects(openDatabase(path, []), { code: "database-refused", message: /newer release/ });
  }));

test("foldLog() leaves the whole of a database in its one file", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x.db");
    const database = await openDatabase(path, [["CREATE TABLE t (a INTEGER)"]]);
    await database.batch([{ sql: "INSERT INTO t VALUES (7)" }]);
    await foldLog(database);
    database.close();
    assert.equal(
      await stat(`${path}-wal`).then(
        ({ size }) => size,
        () => 0,
      ),
      0,
    );
    await copyFile(path, join(folder, "copy.db"));
    const copy = await openDatabase(join(folder, "copy.db"), [["CREATE TABLE t (a INTEGER)"]]);
    assert.deepEqual(
      (await copy.all("SELECT a FROM t")).map(({ a }) => a),
      [7],
    );
    copy.close();
  }));

test("batch() writes all or nothing", () =>
  withFolder(async (folder) => {
    const database = await openDatabase(join(folder, "x.db"), [["CREATE TABLE t (a INTEGER UNIQUE)"]]);
    await assert.rejects(
      database.batch([{ sql: "INSERT INTO t VALUES (1)" }, { sql: "INSERT INTO t VALUES (1)" }]),
    );
    assert.equal((await database.all("SELECT * FROM t")).length, 0);
    database.close();
  }));

test("transaction() is whole or nothing, holds others back, and keeps the pragmas", () =>
  withFolder(async (folder) => {
    const database = await openDatabase(join(folder, "x.db"), [["CREATE TABLE t (a INTEGER)"]]);
    const order: string[] = [];
    const first = database.transaction(async (run) => {
      await run({ sql: "INSERT INTO t VALUES (1)" });
      await new Promise((resolve) => setImmediate(resolve));
      await run({ sql: "INSERT INTO t VALUES (2)" });
      order.push("first");
    });
    const second = database.transaction(async (run) => {
      await run({ sql: "INSERT INTO t VALUES (3)" });
      order.push("second");
      throw new Error("enough");
    });
    const reading = database.all("SELECT count(*) AS n FROM t").then(([row]) => {
      order.push("reading");
      return row?.n;
    });
    await first;
    await assert.rejects(second, /enough/);
    assert.equal(await reading, 2);
    assert.deepEqual([...order].sort(), ["first", "reading", "second"]);
    assert.equal(order[0], "first");
    await database.batch([{ sql: "INSERT INTO t VALUES (4)" }]);
    assert.equal((await database.all("PRAGMA synchronous"))[0]?.synchronous, 2);
    assert.deepEqual(
      (await database.all("SELECT a FROM t ORDER BY a")).map((row) => row.a),
      [1, 2, 4],
    );
    database.close();
  }));

test("openDatabase() refuses a file that is no database, and says which", () =>
  withFolder(async (folder) => {
    const path = join(folder, "x.db");
    await writeFileAside(path, "this is not a database, it only has the name of one ".repeat(50));
    await assert.rejects(openDatabase(path, []), {
      code: "database-damaged",
      message: /x\.db: it is damaged/,
    });
  }));

test("writeFileAside() replaces a file whole, with its mode, and leaves nothing beside it", () =>
  withFolder(async (folder) => {
    const path = join(folder, "secret");
    await writeFileAside(path, "one", 0o600);
    await writeFileAside(path, "two", 0o600);
    assert.equal(await readFile(path, "utf8"), "two");
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(await readdir(folder), ["secret"]);
  }));

test("writeFileAside() leaves nothing beside a folder that stands in its place", () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, "secret", "more"), { recursive: true });
    await assert.rejects(writeFileAside(join(folder, "secret"), "one", 0o600));
    assert.deepEqual(await readdir(folder), ["secret"]);
  }));

test("serve() answers, tells the asker's address, and refuses a port that is taken", async () => {
  const server = await serve((_, peer) => new Response(peer.address), { hostname: "127.0.0.1", port: 0 });
  try {
    const reply = await fetch(`http://127.0.0.1:${server.port}/`);
    assert.equal(await reply.text(), "127.0.0.1");
    await assert.rejects(
      serve(() => new Response(), { hostname: "127.0.0.1", port: server.port }),
      { code: "cannot-listen" },
    );
  } finally {
    await server.close();
  }
});

test("serve() answers HEAD as GET without the body, its length told", async () => {
  const replies: Record<string, () => Response> = {
    "/text": () => new Response('{"timeMs":1795431900000}'),
    "/sized": () => new Response("12345", { headers: { "content-length": "5", etag: '"x"' } }),
    "/none": () => new Response(null, { status: 204 }),
    "/problem": () => new Response("{}", { status: 404 }),
  };
  // A router, as everything here has one: it drops the body itself, and the length with it.
  const router = new Hono();
  for (const [path, reply] of Object.entries(replies)) router.get(path, reply);
  const server = await serve((request) => router.fetch(request), { hostname: "127.0.0.1", port: 0 });
  try {
    for (const path of Object.keys(replies)) {
      const ask = (method: string) => fetch(`http://127.0.0.1:${server.port}${path}`, { method });
      const [get, head] = [await ask("GET"), await ask("HEAD")];
      await get.arrayBuffer();
      assert.equal((await head.arrayBuffer()).byteLength, 0);
      assert.equal(head.status, get.status);
      for (const name of ["content-length", "content-type", "etag"]) {
        assert.equal(head.headers.get(name), get.headers.get(name), `${path} ${name}`);
      }
    }
  } finally {
    await server.close();
  }
});

test("close() waits for what still runs, cut or not, and answers nothing new meanwhile", async () => {
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  let asked = () => {};
  const running = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let done = false;
  const server = await serve(
    async () => {
      asked();
      await held;
      // As a handler that writes to a database after its connection was cut.
      for (let turn = 0; turn < 50; turn++) await new Promise((resolve) => setImmediate(resolve));
      done = true;
      return new Response("late");
    },
    { hostname: "127.0.0.1", port: 0 },
  );
  const leave = new AbortController();
  const cut = fetch(`http://127.0.0.1:${server.port}/`, { signal: leave.signal }).catch(() => "cut");
  await running;
  // Nobody waits for its reply any more: to the runtime the server is idle.
  leave.abort();
  await cut;
  const closing = server.close(5_000);
  setTimeout(letGo, 50);
  await closing;
  assert.equal(done, true);
});
