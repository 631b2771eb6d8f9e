/** What the outbox says when its database is not the one, or not the state of it, that goes with the answers. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { cp, mkdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import type { Airing } from "../../../shared/protocol/airings.ts";
import { type Database, openDatabase } from "../../../shared/runtime/database.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createLogFolder } from "../platform/log-files.ts";
import { AT, answer, newKey, openOutbox, withFile } from "../testing/outbox-fixture.ts";
import { OUTBOX_OLDER, parseMark, readMark, type Standing, standingOf } from "./mark.ts";
import { createOutbox } from "./outbox.ts";
import { OUTBOX_MIGRATIONS } from "./outbox-tables.ts";

const airing = (): Airing => ({
  ...{ key: newKey(), cue: "first:1", interaction: "first", version: 1 },
  ...{ outcome: "shown", dueMs: AT, firedMs: AT + 1 },
});
type Opened = Awaited<ReturnType<typeof openOutbox>>;
const air = ({ run, outbox }: Opened, count: number) =>
  run(outbox.appendAirings({ box: "b1", airings: Array.from({ length: count }, airing) }));
const aired = async ({ run, outbox }: Opened) =>
  (await run(outbox.takeCounts(10))).airings.reduce(
    (sum, { outcomes }) => sum + Object.values(outcomes).reduce((all, some) => all + some, 0),
    0,
  );
/** The data directory as a kill leaves it at this moment. @returns the database's path in the copy */
async function killed(path: string): Promise<string> {
  const copy = join(dirname(path), `killed-${randomUUID()}`);
  await mkdir(copy);
  for (const name of ["outbox.db", "outbox.db-wal", "answers"])
    await cp(join(dirname(path), name), join(copy, name), { recursive: true });
  return join(copy, "outbox.db");
}
/** Waits until what the database holds is written down beside the answers. */
async function marked(path: string, database: Database): Promise<void> {
  const folder = createLogFolder(join(dirname(path), "answers"));
  for (let tries = 0; tries < 5_000; tries++) {
    const [state] = await database.all("SELECT change FROM state");
    if ((await readMark(folder))?.change === state?.change) return;
  }
  assert.fail("it was not written down");
}
const damageLog = async (path: string) => {
  const bytes = await readFile(`${path}-wal`);
  await writeFile(`${path}-wal`, bytes.fill(0x55, 100));
};
const BROKEN_LOG: [how: string, change: (path: string) => Promise<unknown>][] = [
  ["damaged", damageLog],
  ["taken away", (path) => rm(`${path}-wal`)],
];

for (const [how, change] of BROKEN_LOG)
  test(`a log of outbox.db that is ${how} after a kill costs a minute of counts, and is told`, () =>
    withFile(async (path) => {
      const first = await openOutbox(path);
      await air(first, 3);
      await first.statuses("b1", answer("first:1", "a"));
      first.time.advance(61_000);
      await first.run(first.outbox.takeCounts(1));
      await air(first, 2);
      first.time.advance(6_000);
      await first.run(first.outbox.takeCounts(1));
      await marked(path, first.database);
      const copy = await killed(path);
      const whole = await openOutbox(copy);
      assert.deepEqual([await aired(whole), whole.outbox.state().damaged], [5, []]);
      await whole.close();
      const broken = await killed(path);
      await change(broken);
      const again = await openOutbox(broken);
      assert.equal(await aired(again), 3);
      assert.equal(again.outbox.state().id, first.outbox.state().id);
      assert.deepEqual(again.outbox.state().damaged, [OUTBOX_OLDER]);
      assert.equal(again.outbox.tally("first:1")?.total, 1);
      await again.close();
      const third = await openOutbox(broken);
      assert.deepEqual(third.outbox.state().damaged, []);
      await third.close();
      await first.close();
    }));

test("an outbox that is begun is in its file at once: its log alone may be lost", () =>
  withFile(async (path) => {
    const first = await openOutbox(path);
    await first.statuses("b1", answer("first:1", "a"));
    const copy = await killed(path);
    await rm(`${copy}-wal`);
    const again = await openOutbox(copy);
    assert.equal(again.outbox.state().id, first.outbox.state().id);
    await again.close();
    await first.close();
  }));

test("another outbox's database beside the answers is refused as damaged, and the answers go up under a new one", () =>
  withFile(async (path) => {
    const other = join(dirname(path), "other", "outbox.db");
    const stranger = await openOutbox(other);
    for (let box = 1; box <= 5; box++) await stranger.statuses(`s${box}`, answer("first:1", "a"));
    await stranger.run(stranger.outbox.acknowledge(5));
    await stranger.close();
    const own = await openOutbox(path);
    for (let box = 1; box <= 2; box++) await own.statuses(`b${box}`, answer("first:1", "a"));
    await own.close();
    await cp(other, path);
    let damaged = false;
    const onDamage = () => {
      damaged = true;
    };
    await assert.rejects(
      openOutbox(path, {}, (database) => database, onDamage),
      /^CuecastError: Cannot use the outbox: its file is that of another outbox than the answers beside it$/,
    );
    assert.equal(damaged, true);
    await rm(path);
    const again = await openOutbox(path);
    assert.equal((await again.run(again.outbox.take(10, 1e9))).length, 2);
    await again.close();
  }));

test("an outbox that is begun beside answers is told, one in a fresh folder is not", () =>
  withFile(async (path) => {
    const warned: string[] = [];
    const folder = createLogFolder(join(dirname(path), "answers"));
    const log = { ...silentLog, warn: (event: string) => void warned.push(event) };
    const { clock, timers } = createSimulatedTime(AT);
    const begin = async () => {
      const database = await openDatabase(path, OUTBOX_MIGRATIONS);
      const outbox = await createOutbox({ database, folder, log, newId: randomUUID, clock, timers });
      await outbox.close();
    };
    await begin();
    assert.deepEqual(warned, []);
    for (const end of ["", "-wal", "-shm"]) await rm(`${path}${end}`, { force: true });
    await begin();
    assert.deepEqual(warned, ["outbox-new"]);
    await begin();
    assert.deepEqual(warned, ["outbox-new"]);
    assert.ok((await stat(path)).size > 0);
  }));

const MARK = { outbox: "one", change: 7 };
const STANDINGS: [what: string, id: string, change: number, mark: typeof MARK | undefined, Standing][] = [
  ["as it was", "one", 7, MARK, "same"],
  ["further on", "one", 8, MARK, "same"],
  ["of an earlier moment", "one", 6, MARK, "older"],
  ["new, beside a mark", "two", 0, MARK, "begun"],
  ["another's", "two", 3, MARK, "another"],
  ["new", "one", 0, undefined, "begun"],
  ["of an older release", "one", 3, undefined, "same"],
];
for (const [what, id, change, mark, standing] of STANDINGS)
  test(`standingOf() of a database that is ${what}: ${standing}`, () => {
    assert.equal(standingOf({ id, change, acknowledged: 0 }, mark), standing);
  });

test("parseMark() reads what was written, and nothing else", () => {
  assert.deepEqual(parseMark(JSON.stringify(MARK)), MARK);
  for (const text of ["", "{", '{"outbox":"one"}', '{"outbox":1,"change":2}', '{"outbox":"a","change":0.5}'])
    assert.equal(parseMark(text), undefined);
});
