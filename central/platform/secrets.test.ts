import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadKeys } from "./secrets.ts";

test("loadKeys() draws keys at first, finds them again, and draws none in place of one that was used", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-secrets-"));
  try {
    const drawn = await loadKeys(folder, false);
    assert.deepEqual(await loadKeys(folder, true), drawn);
    await rm(join(folder, "keys", "publication.pem"));
    await assert.rejects(loadKeys(folder, true), {
      code: "key-refused",
      message: /Restore it from a backup/,
    });
    assert.deepEqual((await readdir(join(folder, "keys"))).sort(), ["air.pem", "box.pem"]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
