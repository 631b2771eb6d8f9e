import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { removeLeftovers } from "./leftovers.ts";

const OURS = [
  "identity.json",
  "identity.kept.json",
  "started.json",
  "clock",
  "outbox.db",
  "outbox-damaged-20261128T093000.000Z.db",
  "lock.db",
  "answers/00000001.log",
  "answers/00000001.idx",
];
const OTHERS = [
  "candidate.db.backup",
  "candidate.database",
  "my-identity.json.7.tmp",
  "identity.json.old.tmp",
  "notes.tmp",
  "answers/00000001.log.kept",
  "answers/1.log.7.tmp",
  "candidate/air.db",
];
const LEFT = [
  "candidate.db",
  "candidate.db-wal",
  "candidate.db-shm",
  "candidate.db-journal",
  "candidate.packed",
  "identity.json.4711.tmp",
  "identity.kept.json.4711.tmp",
  "started.json.1.tmp",
  "clock.1.tmp",
  "answers/00000002.idx.4711.tmp",
  "answers/00000002.log.4711.tmp",
];

test("removeLeftovers() removes what is nobody's any more, and nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-leftovers-"));
  try {
    for (const sub of ["answers", "candidate", "answers/00000003.log.5.tmp"])
      await mkdir(join(folder, sub), { recursive: true });
    for (const name of [...OURS, ...OTHERS, ...LEFT]) await writeFile(join(folder, name), "x");
    await removeLeftovers(folder, silentLog);
    const found = await readdir(folder, { recursive: true });
    const kept = ["answers", "answers/00000003.log.5.tmp", "candidate", ...OURS, ...OTHERS];
    assert.deepEqual(found.sort(), kept.sort());
    await removeLeftovers(join(folder, "nowhere"), silentLog);
  } finally {
    await rm(folder, { recursive: true });
  }
});
