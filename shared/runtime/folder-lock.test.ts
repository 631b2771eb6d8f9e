import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
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

test("holdFolder() tells a holder whose lock was removed that another has it now", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-lock-"));
  try {
    const [ours, theirs] = [join(folder, "ours"), join(folder, "theirs")];
    let lost: Error | undefined;
    const onLost = (error: Error) => {
      lost = error;
    };
    const endLooking = await holdFolder(ours, onLost, 5);
    await holdFolder(theirs);
    // As if ours had been removed, and they had made one there.
    await rename(join(theirs, "lock.db"), join(ours, "lock.db"));
    await turns(() => lost !== undefined);
    assert.match(lost?.message ?? "", /ours: another process is using it/);
    endLooking();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test("holdFolder() makes a lock anew that was removed and that nobody has", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-lock-"));
  try {
    const endLooking = await holdFolder(folder, (error) => assert.fail(error.message), 5);
    await rm(join(folder, "lock.db"));
    await turns(() => existsSync(join(folder, "lock.db")));
    endLooking();
    await assert.rejects(holdFolder(folder), { code: "data-in-use" });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Waits until it is so; a test that waits in vain is ended from outside. */
async function turns(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 1));
}
