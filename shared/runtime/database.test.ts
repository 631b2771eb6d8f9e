import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "./database.ts";

async function withFolder(run: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-database-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("openDatabase() says in words that something else stands there", () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, "a.db"));
    await assert.rejects(openDatabase(join(folder, "a.db"), []), {
      code: "database-refused",
      message: /a\.db: a file stands where a directory should, or the reverse/,
    });
  }));

// Root may read everything.
test(
  "openDatabase() says in words that this user may not read the file",
  { skip: process.getuid?.() === 0 },
  () =>
    withFolder(async (folder) => {
      const path = join(folder, "a.db");
      await writeFile(path, "");
      await chmod(path, 0o000);
      await assert.rejects(openDatabase(path, []), { message: /a\.db: this user may not do that there/ });
    }),
);
