import assert from "node:assert/strict";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { enrol } from "../identity.ts";
import { loadIdentity, saveIdentity } from "./identity-file.ts";

const reply = {
  ...{ edge: "e1", region: "north", uplinkToken: "u", publicationKey: "p", boxKey: "b" },
  air: { url: "http://127.0.0.1:8080", token: "t", expiresAtMs: 5 },
};

test("an identity is enrolled for, kept with mode 0600, and read back; a damaged one is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-identity-"));
  const path = join(folder, "identity.json");
  try {
    assert.equal(await loadIdentity(path), undefined);
    const asked: unknown[] = [];
    const central = {
      async enrol(request: unknown) {
        asked.push(request);
        return reply;
      },
    };
    const identity = await enrol(central, { centralUrl: "http://c:1", code: "12345678", software: "0.1.0" });
    assert.deepEqual(asked, [{ code: "12345678", software: "0.1.0" }]);
    await saveIdentity(path, identity);
    assert.deepEqual(await loadIdentity(path), { central: "http://c:1", ...reply });
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    for (const damage of ["", "{", '{"edge":"e1"}']) {
      await writeFile(path, damage);
      await assert.rejects(loadIdentity(path), { code: "bad-identity", message: /enrol this edge again/ });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
