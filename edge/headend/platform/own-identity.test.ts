import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Identity } from "../identity.ts";
import { loadIdentity, saveIdentity } from "./identity-file.ts";
import { createOwnIdentity } from "./own-identity.ts";

const identity: Identity = {
  ...{
    central: "http://c:1",
    edge: "e1",
    region: "north",
    uplinkToken: "u",
    publicationKey: "p",
    boxKey: "b",
  },
  air: { url: "http://127.0.0.1:8080", token: "t", expiresAtMs: 5 },
};

async function withIdentity(run: (folder: string, first: string, second: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-own-"));
  try {
    const [first, second] = [join(folder, "identity.json"), join(folder, "identity.kept.json")];
    await saveIdentity(first, identity);
    await run(folder, first, second);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Change = (first: string, second: string) => Promise<unknown>;
const LOST: [what: string, change: Change, words: string | undefined][] = [
  ["whole", async () => {}, undefined],
  [
    "both deleted",
    (first, second) => Promise.all([rm(first), rm(second)]),
    "identity.json and its copy: both were missing",
  ],
  [
    "one deleted and one damaged",
    (first, second) => Promise.all([rm(first), writeFile(second, "garbage")]),
    "identity.json and its copy: neither held",
  ],
  ["the first deleted", (first) => rm(first), "identity.json: it was missing"],
  ["the second deleted", (_, second) => rm(second), "identity.kept.json: it was missing"],
  ["the second damaged", (_, second) => writeFile(second, "{"), "identity.kept.json: it is not JSON"],
];
for (const [what, change, words] of LOST)
  test(`look() at an identity of which the copies are: ${what}`, () =>
    withIdentity(async (_, first, second) => {
      const own = createOwnIdentity(first, identity);
      const whole = await readFile(first, "utf8");
      await change(first, second);
      assert.equal(await own.look(), words);
      assert.equal(await own.look(), undefined);
      for (const copy of [first, second]) assert.equal(await readFile(copy, "utf8"), whole);
    }));

test("look() writes what was saved last, and leaves what somebody edited", () =>
  withIdentity(async (_, first, second) => {
    const own = createOwnIdentity(first, identity);
    const renewed = { ...identity, air: { ...identity.air, token: "new" } };
    await own.save(renewed);
    await Promise.all([rm(first), rm(second)]);
    await own.look();
    assert.deepEqual((await loadIdentity(first))?.identity, renewed);
    const edited = JSON.stringify({ ...identity, central: "http://c:2" });
    await writeFile(first, edited);
    assert.equal(await own.look(), undefined);
    assert.equal(await readFile(first, "utf8"), edited);
  }));

test("look() throws where it cannot write", () =>
  withIdentity(async (_, first, second) => {
    await Promise.all([rm(first), rm(second)]);
    await mkdir(join(first, "in the way"), { recursive: true });
    await assert.rejects(createOwnIdentity(first, identity).look());
  }));
