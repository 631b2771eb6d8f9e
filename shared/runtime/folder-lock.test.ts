import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { holdFolder } from "./folder-lock.ts";

test("holdFolder() refuses a folder that is held, and takes another", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-lock-"));
  try {
    await holdFolder(join(folder, "one"));
    await assert.rejects(holdFolder(join(folder, "one")), {
      code: "data-in-use",
      message: /another process/,
    });
    await holdFolder(join(folder, "two"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("holdFolder() makes a lock where a folder stands in its place", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-lock-"));
  try {
    await mkdir(join(folder, "lock.db", "x"), { recursive: true });
    await holdFolder(folder);
    await assert.rejects(holdFolder(folder), { code: "data-in-use" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("holdFolder() makes a damaged lock anew: it holds nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-lock-"));
  try {
    await writeFile(join(folder, "lock.db"), "damaged ".repeat(1000));
    await holdFolder(folder);
    await assert.rejects(holdFolder(folder), { code: "data-in-use" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
