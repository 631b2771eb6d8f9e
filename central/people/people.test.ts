import assert from "node:assert/strict";
import { scryptSync } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../shared/runtime/database.ts";
import { AUTHORING_MIGRATIONS } from "../store/authoring.ts";
import { createPeople } from "./people.ts";

const clock = { wallMs: () => 0, monotonicMs: () => 0 };

test("createPeople() keeps a password as scrypt of 32,768 rounds and a salt of its own, unless told otherwise", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-people-"));
  const database = await openDatabase(join(folder, "authoring.db"), AUTHORING_MIGRATIONS);
  try {
    const people = createPeople(database, clock);
    await people.setPassword("ann", "long enough");
    await people.setPassword("ben", "long enough");
    const [ann, ben] = await database.all("SELECT salt, hash FROM person ORDER BY name");
    assert.notEqual(ann?.salt, ben?.salt);
    assert.ok(String(ann?.salt).length >= 32);
    const expected = scryptSync("long enough", String(ann?.salt), 32, {
      ...{ N: 32_768, r: 8, p: 1, maxmem: 64 * 1024 * 1024 },
    });
    assert.equal(ann?.hash, expected.toString("hex"));
    const cheap = createPeople(database, clock, { N: 16, r: 1, p: 1, maxmem: 1024 * 1024 });
    await assert.rejects(cheap.signIn("ann", "long enough", "192.0.2.1"), { code: "wrong-password" });
    await people.signIn("ann", "long enough", "192.0.2.1");
  } finally {
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
});
