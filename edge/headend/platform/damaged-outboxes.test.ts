import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createDamagedOutboxes } from "./damaged-outboxes.ts";

test("setAside() takes the database's files out of the way as one, and list() names them, oldest first", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-damaged-"));
  try {
    const { clock, advance } = createSimulatedTime(Date.UTC(2026, 10, 23, 10, 58));
    const files = createDamagedOutboxes(folder, clock);
    for (const text of ["first", "second"]) {
      await writeFile(join(folder, "outbox.db"), text);
      await writeFile(join(folder, "outbox.db-wal"), `${text} log`);
      await files.setAside();
      assert.ok(!(await readdir(folder)).some((name) => name.startsWith("outbox.db")));
      advance(1_000);
    }
    const [first = "", second = ""] = await files.list();
    assert.equal(first, "outbox-damaged-20261123T105800.000Z.db");
    assert.equal(await readFile(join(folder, second), "utf8"), "second");
    assert.equal(await readFile(join(folder, `${first}-wal`), "utf8"), "first log");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
