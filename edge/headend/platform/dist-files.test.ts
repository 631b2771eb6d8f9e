import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { readDistFiles } from "./dist-files.ts";

async function withDist(run: (dist: string) => Promise<void>) {
  const dist = await mkdtemp(join(tmpdir(), "cuecast-dist-"));
  try {
    await run(dist);
  } finally {
    await rm(dist, { recursive: true, force: true });
  }
}

test("readDistFiles() gives what is below tv and box, by its path, and nothing beside them", () =>
  withDist(async (dist) => {
    await mkdir(join(dist, "tv/fonts"), { recursive: true });
    await mkdir(join(dist, "central"));
    await writeFile(join(dist, "tv/index.html"), "<!doctype html>");
    await writeFile(join(dist, "tv/fonts/a.woff2"), new Uint8Array([1, 2]));
    await writeFile(join(dist, "central/index.html"), "central's");
    const files = readDistFiles(dist);
    assert.deepEqual([...files.keys()].sort(), ["tv/fonts/a.woff2", "tv/index.html"]);
    assert.deepEqual(files.get("tv/fonts/a.woff2"), new Uint8Array([1, 2]));
  }));

test("readDistFiles() gives nothing where nothing is built", () =>
  withDist(async (dist) => assert.equal(readDistFiles(join(dist, "missing")).size, 0)));

test("readDistFiles() refuses more files than a television needs, and a folder that is none", () =>
  withDist(async (dist) => {
    await writeFile(join(dist, "tv"), "a file");
    assert.throws(() => readDistFiles(dist), { code: "files-refused" });
    await rm(join(dist, "tv"));
    await mkdir(join(dist, "tv"));
    for (let n = 0; n <= 200; n++) await writeFile(join(dist, `tv/${n}.txt`), "");
    assert.throws(() => readDistFiles(dist), { code: "files-refused", message: /more than 200 files/ });
  }));
