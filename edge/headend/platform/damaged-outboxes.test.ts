import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { openDatabase } from "../../../shared/runtime/database.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import type { UplinkAnswer } from "../../../shared/uplink/batch.ts";
import { OUTBOX_MIGRATIONS } from "../outbox/outbox-tables.ts";
import { createDamagedOutboxes } from "./damaged-outboxes.ts";

const NOW = Date.UTC(2026, 10, 23, 10, 58);
const LAST = 3_000;
const ACKNOWLEDGED = 100;
const PAGE = 4_096;

async function withFolder(run: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-damaged-"));
  try {
    await run(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An outbox of 3,000 answers of which central has 100, all in the one file. */
async function makeOutbox(folder: string): Promise<string> {
  const path = join(folder, "outbox.db");
  const database = await openDatabase(path, OUTBOX_MIGRATIONS);
  const rows = Array.from({ length: LAST }, (_, index) => {
    const answer: UplinkAnswer = {
      ...{
        key: randomUUID(),
        cue: "c:1",
        interaction: "poll",
        version: 1,
        options: ["a"],
        answeredAtMs: NOW,
      },
      ...{ number: index + 1, box: `box-${index + 1}`, receivedAtMs: NOW },
    };
    return [index + 1, NOW, answer];
  });
  await database.batch([
    { sql: "INSERT INTO state VALUES (1, 'x', ?, ?, 0, 0)", args: [LAST, ACKNOWLEDGED] },
    {
      sql: "INSERT INTO queued SELECT value->>0, value->>1, value->>2 FROM json_each(?)",
      args: [JSON.stringify(rows)],
    },
  ]);
  await database.all("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  return path;
}

async function readAll(folder: string) {
  const files = createDamagedOutboxes(folder, createSimulatedTime(NOW).clock);
  const file = await files.setAside();
  const boxes: string[] = [];
  const pages = files.read(file);
  let page = await pages.next();
  while (!page.done) {
    for (const { box } of page.value) boxes.push(box);
    page = await pages.next();
  }
  return { files, file, boxes, waited: page.value };
}

test("setAside() takes the outbox's files out of the way as one, and list() tells its note once it has one", () =>
  withFolder(async (folder) => {
    await makeOutbox(folder);
    await writeFile(join(folder, "outbox.db-wal"), "");
    const { files, file, boxes, waited } = await readAll(folder);
    assert.equal(file, "outbox-damaged-20261123T105800.000Z.db");
    assert.ok(!(await readdir(folder)).some((name) => name.startsWith("outbox.db")));
    assert.equal(waited, LAST - ACKNOWLEDGED);
    assert.equal(boxes.length, LAST - ACKNOWLEDGED);
    assert.deepEqual(await files.list(), [{ file, note: undefined }]);
    await files.note(file, "all of it");
    assert.deepEqual(await files.list(), [{ file, note: "all of it" }]);
  }));

test("read() gives what lies before and behind damage, each answer once", () =>
  withFolder(async (folder) => {
    const path = await makeOutbox(folder);
    const bytes = await readFile(path);
    const middle = Math.floor(bytes.length / 2 / PAGE) * PAGE;
    bytes.fill(0x55, middle, middle + 2 * PAGE);
    await writeFile(path, bytes);
    const { boxes, waited } = await readAll(folder);
    assert.equal(waited, LAST - ACKNOWLEDGED);
    assert.equal(new Set(boxes).size, boxes.length);
    // Two pages hold about forty answers; only those around them may be missing.
    assert.ok(
      boxes.length >= LAST - ACKNOWLEDGED - 60 && boxes.length < LAST - ACKNOWLEDGED,
      `${boxes.length}`,
    );
    assert.ok(boxes.includes(`box-${ACKNOWLEDGED + 1}`) && boxes.includes(`box-${LAST}`));
  }));

test("read() ends in order on what is no database, and on one that was cut off", () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, "outbox.db"), "not a database at all ".repeat(1_000));
    assert.deepEqual((({ boxes, waited }) => [boxes.length, waited])(await readAll(folder)), [0, undefined]);
    await rm(folder, { recursive: true });
    const path = await makeOutbox(folder);
    await truncate(path, 25 * PAGE);
    const { boxes, waited } = await readAll(folder);
    assert.ok(waited === undefined || waited === LAST - ACKNOWLEDGED);
    assert.ok(boxes.length < LAST - ACKNOWLEDGED);
  }));
