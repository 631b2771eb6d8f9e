import assert from "node:assert/strict";
import { mkdtemp, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { makeDataFolder } from "./data-folder.ts";

async function withFolder(run: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-data-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("makeDataFolder() makes what is missing with mode 0700, and leaves nothing in it", () =>
  withFolder(async (folder) => {
    const path = join(folder, "one", "two");
    await makeDataFolder(path);
    await makeDataFolder(path);
    assert.equal((await stat(path)).mode & 0o777, 0o700);
    assert.equal((await stat(join(folder, "one"))).mode & 0o777, 0o700);
    assert.deepEqual(await readdir(path), []);
  }));

test("makeDataFolder() refuses what can never be one, in words, and ends", () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, "file"), "");
    await symlink("ring", join(folder, "ring"));
    const cases: [path: string, words: RegExp][] = [
      [join(folder, "file"), /file: it is a file, not a directory$/],
      [join(folder, "file", "below"), /below: a part of its path is a file/],
      [join(folder, "file", "far", "below"), /below: a part of its path is a file/],
      [join(folder, "ring", "below"), /its links lead in a ring/],
      [join(folder, "x".repeat(300)), /its name is too long/],
      // Node's own recursive mkdir never comes back from here.
      ["/proc/cuecast/data", /\/proc\/cuecast\/data: nothing can be made there/],
      // It is there, and nobody can write in it, not even the superuser.
      ["/proc", /\/proc: nothing can be made there/],
    ];
    for (const [path, message] of cases) {
      await assert.rejects(makeDataFolder(path), { code: "data-refused", message }, path);
    }
  }));
