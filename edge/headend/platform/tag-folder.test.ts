import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openTagFolder } from "./tag-folder.ts";

const inFolder = async (run: (dir: string) => Promise<void>) => {
  const dir = await mkdtemp(join(tmpdir(), "cuecast-tags-"));
  try {
    await run(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

test("openTagFolder() takes away what was left behind, and nothing that is not its own", async () => {
  await inFolder(async (dir) => {
    const folder = join(dir, "tags");
    await (await openTagFolder(folder)).add("/v1/channels/one/schedule", ['GET--"x"']);
    await writeFile(join(folder, "letter"), "of somebody");
    await openTagFolder(folder);
    assert.deepEqual(await readdir(folder), ["letter"]);
  });
});

test("add() makes folders that another user may look into, and remove() is harmless twice", async () => {
  await inFolder(async (dir) => {
    const tags = await openTagFolder(dir);
    const path = "/v1/interactions/poll?version=1";
    await tags.add(path, ['GET--"x"']);
    for (const each of ["v1", "v1/interactions", "v1/interactions/poll?version=1"]) {
      assert.equal((await stat(join(dir, each))).mode & 0o777, 0o711, each);
    }
    assert.deepEqual(await readdir(join(dir, path)), ['GET--"x"']);
    await tags.remove(path, ['GET--"x"']);
    await tags.remove(path, ['GET--"x"']);
    assert.deepEqual(await readdir(join(dir, path)), []);
  });
});

test("add() makes nothing for a channel whose name leads elsewhere", async () => {
  await inFolder(async (dir) => {
    const tags = await openTagFolder(dir);
    for (const name of [".", ".."]) await tags.add(`/v1/channels/${name}/schedule`, ['GET--"x"']);
    assert.deepEqual(await readdir(dir), []);
  });
});

test("openTagFolder() says what it cannot use", async () => {
  await inFolder(async (dir) => {
    await mkdir(join(dir, "a"));
    await writeFile(join(dir, "a/file"), "");
    await assert.rejects(openTagFolder(join(dir, "a/file/tags")), { code: "tags-unusable" });
  });
});
