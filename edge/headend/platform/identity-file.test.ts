import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { codeHash, enrol, type Identity } from "../identity.ts";
import { loadIdentity, saveIdentity } from "./identity-file.ts";

const reply = {
  ...{ edge: "e1", region: "north", uplinkToken: "u", publicationKey: "p", boxKey: "b" },
  air: { url: "http://127.0.0.1:8080", token: "t", expiresAtMs: 5 },
};

async function withFolder(run: (path: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-identity-"));
  try {
    await run(join(folder, "identity.json"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
const kept = (path: string) => path.replace("identity.json", "identity.kept.json");
const identity: Identity = { central: "http://c:1", ...reply };

test("enrol() uses the code up, and what it gives is kept with mode 0600 and read back", () =>
  withFolder(async (path) => {
    assert.equal(await loadIdentity(path), undefined);
    const asked: unknown[] = [];
    const central = {
      async enrol(request: unknown) {
        asked.push(request);
        return reply;
      },
    };
    const enrolled = await enrol(central, { centralUrl: "http://c:1", code: "12345678", software: "0.1.0" });
    assert.deepEqual(asked, [{ code: "12345678", software: "0.1.0" }]);
    await saveIdentity(path, enrolled);
    const expected = { ...identity, enrolledWith: codeHash("12345678") };
    assert.deepEqual(await loadIdentity(path), { identity: expected });
    for (const copy of [path, kept(path)]) assert.equal((await stat(copy)).mode & 0o777, 0o600);
  }));

test("loadIdentity() takes an empty folder in a copy's place away, and makes the copy good again", () =>
  withFolder(async (path) => {
    for (const copy of [path, kept(path)]) {
      await saveIdentity(path, identity);
      const whole = await readFile(copy, "utf8");
      await rm(copy);
      await mkdir(copy);
      const loaded = await loadIdentity(path);
      assert.deepEqual(loaded?.identity, identity);
      assert.match(loaded?.damage ?? "", /json: an empty folder stood in its place$/);
      assert.equal(await readFile(copy, "utf8"), whole);
    }
  }));

test("loadIdentity() takes the other copy when a folder with something in it has its place, and says so", () =>
  withFolder(async (path) => {
    await saveIdentity(path, identity);
    await rm(path);
    await mkdir(join(path, "some"), { recursive: true });
    const damage = "identity.json: a folder stands in its place; move it away";
    assert.deepEqual(await loadIdentity(path), { identity, damage });
    // A new code would be used up, and what it gives could not be kept.
    await rm(kept(path));
    await assert.rejects(loadIdentity(path), { code: "identity-unreadable", message: /move it away$/ });
  }));

const damages: [what: string, damage: (text: string) => string | undefined][] = [
  ["missing", () => undefined],
  ["empty", () => ""],
  ["cut off", (text) => text.slice(0, 60)],
  ["of another shape", () => '{"edge":"e1"}'],
  [
    "changed in one letter of a key",
    (text) => text.replace('"publicationKey": "p"', '"publicationKey": "q"'),
  ],
];
for (const [what, damage] of damages) {
  for (const which of ["first", "second"]) {
    test(`loadIdentity() takes the other copy when the ${which} is ${what}, and makes it good again`, () =>
      withFolder(async (path) => {
        await saveIdentity(path, identity);
        const whole = await readFile(path, "utf8");
        const copy = which === "first" ? path : kept(path);
        const damaged = damage(whole);
        if (damaged === undefined) await rm(copy);
        else await writeFile(copy, damaged);
        const loaded = await loadIdentity(path);
        assert.deepEqual(loaded?.identity, identity);
        assert.equal(await readFile(copy, "utf8"), whole);
        assert.deepEqual(await loadIdentity(path), { identity });
      }));
  }
}

test("loadIdentity() refuses two damaged copies in words", () =>
  withFolder(async (path) => {
    await saveIdentity(path, identity);
    for (const copy of [path, kept(path)]) await writeFile(copy, "{");
    await assert.rejects(loadIdentity(path), { code: "bad-identity", message: /enrol this edge again/ });
  }));

test("loadIdentity() takes a copy without a hash as edited by hand", () =>
  withFolder(async (path) => {
    await saveIdentity(path, identity);
    const edited = { ...identity, central: "http://c:2" };
    await writeFile(path, JSON.stringify(edited));
    assert.deepEqual(await loadIdentity(path), { identity: edited });
    await rm(path);
    assert.deepEqual((await loadIdentity(path))?.identity, edited);
  }));
