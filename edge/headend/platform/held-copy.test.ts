import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createHeldCopy, type HeldCopy } from "./held-copy.ts";

// More than one piece.
const CONTENT = Buffer.alloc(2_500_000, "a copy of a publication ");
const WORDS = "1-2-abc.db: it was deleted or replaced while in use; it was written again";

async function withCopy(run: (copy: HeldCopy, path: string, folder: string) => Promise<void>) {
  const dataDir = await mkdtemp(join(tmpdir(), "cuecast-held-"));
  const folder = join(dataDir, "publications");
  await mkdir(folder);
  const path = join(folder, "1-2-abc.db");
  await writeFile(path, CONTENT);
  const copy = createHeldCopy(folder);
  try {
    await copy.hold(path);
    await run(copy, path, folder);
  } finally {
    await copy.release();
    await rm(dataDir, { recursive: true, force: true });
  }
}

const GONE: [how: string, take: (path: string, folder: string) => Promise<unknown>][] = [
  ["was deleted", (path) => rm(path)],
  ["was deleted with its folder", (_, folder) => rm(folder, { recursive: true })],
  [
    "was replaced",
    async (path) => {
      await rm(path);
      await writeFile(path, "another");
    },
  ],
];
for (const [how, take] of GONE)
  test(`look() writes a copy again that ${how}, each time`, () =>
    withCopy(async (copy, path, folder) => {
      assert.equal(await copy.look(), undefined);
      for (let time = 0; time < 2; time++) {
        await take(path, folder);
        assert.equal(await copy.look(), WORDS);
        assert.ok(CONTENT.equals(await readFile(path)));
        assert.equal((await stat(path)).mode & 0o777, 0o600);
        assert.equal(await copy.look(), undefined);
      }
    }));

test("look() writes nothing that is not held any more, is elsewhere, or never was", () =>
  withCopy(async (copy, path, folder) => {
    const next = join(folder, "1-3-abd.db");
    await writeFile(next, "next");
    await copy.hold(next);
    await rm(path);
    assert.equal(await copy.look(), undefined);
    for (const other of [join(folder, "..", "air.db"), join(folder, "none.db")]) {
      if (other.endsWith("air.db")) await writeFile(other, "candidate");
      await copy.hold(other);
      await rm(other, { force: true });
      assert.equal(await copy.look(), undefined);
    }
  }));

test("look() throws where it cannot write, and writes it when it can", () =>
  withCopy(async (copy, path, folder) => {
    await rm(folder, { recursive: true });
    await writeFile(folder, "in the way");
    await assert.rejects(copy.look(), { code: /EEXIST|ENOTDIR/ });
    await rm(folder);
    assert.equal(await copy.look(), WORDS);
    assert.ok(CONTENT.equals(await readFile(path)));
  }));
