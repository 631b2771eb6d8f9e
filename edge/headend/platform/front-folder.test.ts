import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { BodyForm } from "../serve/cached-body.ts";
import { openFrontFolder } from "./front-folder.ts";

const inFolder = async (run: (dir: string) => Promise<void>) => {
  const dir = await mkdtemp(join(tmpdir(), "cuecast-front-"));
  try {
    await run(dir);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
};

const PLAIN: BodyForm = { form: "plain", etag: '"0123abcd"', bytes: new TextEncoder().encode("body") };
const GZIP: BodyForm = { form: "gzip", etag: '"0123abcd-gz"', bytes: new Uint8Array([1, 2, 3]) };
const POLL = "/v1/interactions/poll?version=1";

test("openFrontFolder() takes away what was left behind, and nothing that is not its own", async () => {
  await inFolder(async (dir) => {
    const folder = join(dir, "front");
    const front = await openFrontFolder(folder);
    await front.add("/v1/channels/one/schedule", PLAIN);
    await front.add(POLL, GZIP);
    await writeFile(join(folder, "letter"), "of somebody");
    await openFrontFolder(folder);
    assert.deepEqual(await readdir(folder), ["letter"]);
  });
});

test("add() leaves a tag and a body whose time is the tag, for another user to read; remove() is harmless twice", async () => {
  await inFolder(async (dir) => {
    const front = await openFrontFolder(dir);
    for (const body of [PLAIN, GZIP]) await front.add(POLL, body);
    for (const each of ["v1", "v1/interactions", "tags", "tags/v1/interactions"]) {
      assert.equal((await stat(join(dir, each))).mode & 0o777, 0o711, each);
    }
    assert.deepEqual((await readdir(join(dir, "tags", POLL))).sort(), [
      'GET--"0123abcd"',
      'GET-gzip-"0123abcd-gz"',
    ]);
    for (const [{ form, bytes }, time] of [
      [PLAIN, 0x1_0123abcd],
      [GZIP, 0x2_0123abcd],
    ] as const) {
      const file = join(dir, `v1/interactions/poll+version=1+${form === "gzip" ? form : ""}`);
      const { mode, mtimeMs } = await stat(file);
      assert.equal(mode & 0o777, 0o644);
      assert.equal(mtimeMs, time * 1000);
      assert.deepEqual(new Uint8Array(await readFile(file)), bytes);
    }
    await front.remove(POLL, PLAIN);
    await front.remove(POLL, PLAIN);
    assert.deepEqual(await readdir(join(dir, "tags", POLL)), ['GET-gzip-"0123abcd-gz"']);
    assert.deepEqual(await readdir(join(dir, "v1/interactions")), ["poll+version=1+gzip"]);
  });
});

test("add() keeps the line-up beside its schedules, whichever came first", async () => {
  await inFolder(async (dir) => {
    const front = await openFrontFolder(dir);
    for (const path of ["/v1/channels", "/v1/channels/one/schedule", "/v1/channels"])
      await front.add(path, PLAIN);
    assert.deepEqual((await readdir(join(dir, "v1"))).sort(), ["channels", "channels++"]);
    assert.deepEqual(await readdir(join(dir, "v1/channels/one")), ["schedule++"]);
  });
});

test("add() makes nothing for a channel whose name leads elsewhere", async () => {
  await inFolder(async (dir) => {
    const front = await openFrontFolder(dir);
    for (const name of [".", ".."]) await front.add(`/v1/channels/${name}/schedule`, PLAIN);
    assert.deepEqual(await readdir(dir), []);
  });
});

test("openFrontFolder() says what it cannot use", async () => {
  await inFolder(async (dir) => {
    await mkdir(join(dir, "a"));
    await writeFile(join(dir, "a/file"), "");
    await assert.rejects(openFrontFolder(join(dir, "a/file/front")), { code: "front-unusable" });
  });
});
