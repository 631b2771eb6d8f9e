import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Answer } from "../../../shared/protocol/answers.ts";
import { type Database, openDatabase } from "../../../shared/runtime/database.ts";
import { AT, answer, known, newKey, openOutbox, withFile } from "../testing/outbox-fixture.ts";
import type { LogFile, LogFolder } from "./log/files.ts";
import { OUTBOX_MIGRATIONS } from "./outbox-tables.ts";

test("append() counts the first of a box and calls another key a duplicate", () =>
  withFile(async (path) => {
    const { outbox, statuses, close } = await openOutbox(path);
    assert.deepEqual(await statuses("b1", answer("first:1", "a"), answer("first:1", "b")), [
      "accepted",
      "duplicate",
    ]);
    assert.deepEqual(await statuses("b1", answer("first:1", "b")), ["duplicate"]);
    assert.deepEqual(await statuses("b2", answer("first:1", "b")), ["accepted"]);
    const { total, options } = outbox.tally("first:1") ?? {};
    assert.deepEqual([total, { ...options }], [2, { a: 1, b: 1 }]);
    assert.equal(outbox.state().waiting, 2);
    await close();
  }));

test("append() lets the latest given count in mode last, whatever the order of arrival", () =>
  withFile(async (path) => {
    const { outbox, statuses, close } = await openOutbox(path);
    const given = (option: string, afterMs: number) =>
      answer("last:1", option, { answeredAtMs: AT + afterMs });
    assert.deepEqual(await statuses("b1", given("a", 100)), ["accepted"]);
    assert.deepEqual(await statuses("b1", given("b", 300), given("a", 200)), ["accepted", "accepted"]);
    assert.deepEqual({ ...outbox.tally("last:1")?.options }, { a: 0, b: 1 });
    assert.equal(outbox.tally("last:1")?.total, 1);
    assert.equal(outbox.state().waiting, 3);
    await close();
  }));

test("append() counts each in mode many, up to the rule's number", () =>
  withFile(async (path) => {
    const { outbox, statuses, close } = await openOutbox(path);
    const four = Array.from({ length: 4 }, () => answer("many:1", "a"));
    assert.deepEqual(await statuses("b1", ...four), ["accepted", "accepted", "accepted", "rejected"]);
    assert.equal(outbox.tally("many:1")?.total, 3);
    await close();
  }));

test("append() gives a key its first status again, in the same body and after the file was reopened", () =>
  withFile(async (path) => {
    const first = await openOutbox(path);
    const [taken, second] = [answer("first:1", "a"), answer("first:1", "b")];
    const bad = answer("first:2", "nonsense");
    assert.deepEqual(await first.statuses("b1", taken, taken, second, bad), [
      "accepted",
      "accepted",
      "duplicate",
      "rejected",
    ]);
    const id = first.outbox.state().id;
    await first.close();
    const again = await openOutbox(path);
    assert.deepEqual(await again.statuses("b1", bad, second, taken), ["rejected", "duplicate", "accepted"]);
    assert.equal(again.outbox.state().id, id);
    assert.equal(again.outbox.state().waiting, 1);
    assert.equal(again.outbox.tally("first:1")?.total, 1);
    // The same key from another box is another answer.
    assert.deepEqual(await again.statuses("b2", taken), ["accepted"]);
    await again.close();
  }));

test("append() calls a key late once the acceptance is over", () =>
  withFile(async (path) => {
    const { time, statuses, close } = await openOutbox(path);
    const taken = answer("first:1", "a");
    assert.deepEqual(await statuses("b1", taken), ["accepted"]);
    time.stepWall(AT + 60_000 + 3_600_000 + 1);
    assert.deepEqual(await statuses("b1", taken), ["late"]);
    await close();
  }));

test("append() takes what it does not know, without counting it", () =>
  withFile(async (path) => {
    const { outbox, statuses, close } = await openOutbox(path);
    assert.deepEqual(
      await statuses("b1", answer("elsewhere:1", "a"), answer("first:1", "a", { version: 9 })),
      ["accepted", "accepted"],
    );
    assert.equal(outbox.tally("elsewhere:1"), undefined);
    assert.deepEqual(
      (await run(outbox.take(10, 1e6))).map(({ number }) => number),
      [1, 2],
    );
    await close();
    async function run<T>(work: Promise<T>) {
      return await work;
    }
  }));

/** Files whose writes go through `write`, which may fail. */
const onWrite =
  (write: (file: LogFile, bytes: Uint8Array, at: number) => Promise<void>) =>
  (folder: LogFolder): LogFolder => ({
    ...folder,
    async open(name) {
      const file = await folder.open(name);
      return name.endsWith(".log") ? { ...file, write: (bytes, at) => write(file, bytes, at) } : file;
    },
  });
const fail = (code: string) => Promise.reject(Object.assign(new Error(code), { code, syscall: "write" }));

test("append() writes what arrives together with one sync", () =>
  withFile(async (path) => {
    let writes = 0;
    const counting = onWrite((file, bytes, at) => {
      writes++;
      return file.write(bytes, at);
    });
    const { outbox, run, close } = await openOutbox(path, {}, undefined, undefined, counting);
    const many = Array.from({ length: 500 }, (_, box) =>
      outbox.append({ box: `b${box}`, answers: [answer("first:1", "a")] }, known),
    );
    await run(Promise.all(many));
    assert.equal(writes, 1);
    assert.equal(outbox.tally("first:1")?.total, 500);
    await close();
  }));

test("append() stores nothing of a body when the disk is full, says 503, and recovers by itself", () =>
  withFile(async (path) => {
    let room = 0;
    const small = onWrite(async (file, bytes, at) => {
      // What fits is written, as a disk does.
      await file.write(bytes.subarray(0, room), at);
      if (bytes.length > room) await fail("ENOSPC");
    });
    const { outbox, time, send, statuses, run, close } = await openOutbox(
      ...([path, { pruneEveryMs: 1_000 }, undefined, undefined, small] as const),
    );
    const body = Array.from({ length: 100 }, () => answer("many:1", "a", { interaction: "first" }));
    room = 5_000;
    await assert.rejects(send("b1", ...body), {
      code: "outbox-unavailable",
      status: 503,
      retryable: true,
      message: /disk is full/,
    });
    assert.match(outbox.state().trouble ?? "", /disk is full/);
    assert.deepEqual([outbox.state().lastNumber, outbox.state().rows], [0, 0]);
    // Room for a little, not for what boxes send.
    time.advance(1_000);
    await run(outbox.take(1, 1_000));
    assert.match(outbox.state().trouble ?? "", /disk is full/);
    room = 1_000_000;
    const turns = async (count: number) => {
      for (let turn = 0; turn < count; turn++) {
        time.advance(1_000);
        await run(outbox.take(1, 1_000));
      }
    };
    await turns(10);
    // No box asked.
    assert.equal(outbox.state().trouble, undefined);
    assert.equal((await statuses("b1", ...body))[0], "accepted");
    await close();
    const again = await openOutbox(path);
    assert.deepEqual([again.outbox.state().rows, again.outbox.state().waiting], [100, 1]);
    await again.close();
  }));

test("a write that failed and cannot be taken back is neither acknowledged nor its numbers given again", () =>
  withFile(async (path) => {
    let broken = false;
    const lying = (folder: LogFolder): LogFolder => ({
      ...folder,
      async open(name) {
        const file = await folder.open(name);
        if (!name.endsWith(".log")) return file;
        return {
          ...file,
          // It stands there whole all the same.
          write: (bytes, at) => file.write(bytes, at).then(() => (broken ? fail("EIO") : undefined)),
          cut: (bytes) => (broken ? fail("EIO") : file.cut(bytes)),
        };
      },
    });
    const first = await openOutbox(path, {}, undefined, undefined, lying);
    assert.deepEqual(await first.statuses("b1", answer("first:1", "a")), ["accepted"]);
    broken = true;
    const unheard = answer("first:1", "a");
    await assert.rejects(first.send("b2", unheard), { status: 503, message: /the disk fails \(EIO\)/ });
    broken = false;
    // The box asks again, as boxes do.
    assert.deepEqual(await first.statuses("b2", unheard), ["accepted"]);
    assert.deepEqual(await first.statuses("b3", answer("first:1", "a")), ["accepted"]);
    const numbers = (await first.run(first.outbox.take(10, 1e6))).map(({ number, box }) => [number, box]);
    assert.deepEqual(numbers, [
      [1, "b1"],
      [3, "b2"],
      [4, "b3"],
    ]);
    assert.deepEqual(first.outbox.state().damaged, []);
    await first.close();
    const again = await openOutbox(path);
    assert.deepEqual(await again.statuses("b2", unheard), ["accepted"]);
    assert.deepEqual(again.outbox.state().damaged, []);
    await again.close();
  }));

test("append() takes no more than its rows", () =>
  withFile(async (path) => {
    const { send, statuses, close } = await openOutbox(path, { rowsMax: 2 });
    await statuses("b1", answer("first:1", "a"), answer("first:2", "a"));
    await assert.rejects(send("b1", answer("first:3", "a")), { code: "outbox-full", status: 503 });
    await close();
  }));

test("append() gathers no more than its limit", () =>
  withFile(async (path) => {
    const { outbox, run, send, close } = await openOutbox(path, { gatheredMax: 1 });
    const first = outbox.append({ box: "b1", answers: [answer("first:1", "a")] }, known);
    await assert.rejects(send("b2", answer("first:1", "a")), { status: 503 });
    assert.equal((await run(first))[0]?.status, "accepted");
    await close();
  }));

test("a clock that was set forward by a day loses no vote, and counts none twice", () =>
  withFile(async (path) => {
    let central: { offsetMs: number; errorMs: number } | undefined;
    const box = await openOutbox(path, {}, undefined, undefined, undefined, () => central);
    const before = answer("first:1", "a");
    assert.deepEqual(await box.statuses("b1", before), ["accepted"]);
    box.time.stepWall(box.time.clock.wallMs() + 86_400_000);
    assert.deepEqual(await box.statuses("b2", answer("first:1", "a")), ["late"]);
    central = { offsetMs: -86_400_000, errorMs: 5 };
    const after = answer("first:1", "b");
    assert.deepEqual(await box.statuses("b3", after), ["accepted"]);
    assert.deepEqual(await box.statuses("b1", before, answer("first:1", "b")), ["accepted", "duplicate"]);
    assert.equal(box.outbox.tally("first:1")?.total, 2);
    const sent = await box.run(box.outbox.take(10, 1_000_000));
    const [, late] = sent;
    assert.deepEqual([sent.length, late?.key], [2, after.key]);
    assert.ok(Math.abs((late?.receivedAtMs ?? 0) - (AT + 2_000)) < 5_000);
    await box.close();
  }));

test("createOutbox() refuses a database that does not sync every transaction", () =>
  withFile(async (path) => {
    let real: Database | undefined;
    const loose = (database: Database): Database => {
      real = database;
      return {
        ...database,
        async all(sql, args) {
          if (sql === "PRAGMA synchronous") await database.all("PRAGMA synchronous=NORMAL");
          return database.all(sql, args);
        },
      };
    };
    await assert.rejects(openOutbox(path, {}, loose), { code: "database-refused" });
    real?.close();
  }));

test("synchronous=FULL still holds after groups, failures and reopening", () =>
  withFile(async (path) => {
    for (let turn = 0; turn < 2; turn++) {
      const { database, statuses, run, outbox, close } = await openOutbox(path);
      await statuses("b1", answer("first:1", "a"));
      await run(outbox.appendAirings({ box: "b1", airings: [airing()] }));
      await run(Promise.all([outbox.take(5, 1e6), outbox.takeCounts(5), outbox.acknowledge(1)]));
      const all = await Promise.all(Array.from({ length: 3 }, () => database.all("PRAGMA synchronous")));
      assert.deepEqual(
        all.map(([row]) => row?.synchronous),
        [2, 2, 2],
      );
      assert.equal((await database.all("PRAGMA journal_mode"))[0]?.journal_mode, "wal");
      await close();
    }
  }));

test("take() gives answers by number after the acknowledged one, within the bytes", () =>
  withFile(async (path) => {
    const { outbox, run, statuses, close } = await openOutbox(path);
    await statuses("b1", ...["1", "2", "3"].map((cue) => answer(`first:${cue}`, "a")));
    const [one] = await run(outbox.take(1, 1e6));
    assert.equal(one?.number, 1);
    assert.equal(one?.box, "b1");
    assert.equal(one?.receivedAtMs, AT + 2_001);
    assert.equal((await run(outbox.take(10, 10))).length, 1);
    await run(outbox.acknowledge(2));
    assert.deepEqual(
      (await run(outbox.take(10, 1e6))).map(({ number }) => number),
      [3],
    );
    assert.equal(outbox.state().waiting, 1);
    await run(outbox.rewind(0));
    assert.equal((await run(outbox.take(10, 1e6))).length, 3);
    await close();
  }));

test("setAside() lets the others pass and keeps what it put aside", () =>
  withFile(async (path) => {
    const { outbox, database, run, statuses, close } = await openOutbox(path);
    await statuses("b1", answer("first:1", "a"), answer("first:2", "a"));
    await run(outbox.setAside(1, "cannot be read"));
    assert.equal(outbox.state().waiting, 1);
    assert.equal(outbox.state().setAside, 1);
    assert.equal((await database.all("SELECT reason FROM set_aside"))[0]?.reason, "cannot be read");
    await run(outbox.acknowledge(2));
    assert.equal(outbox.state().waiting, 0);
    await close();
  }));

const airing = (more: Partial<Airing> = {}): Airing => ({
  key: newKey(),
  cue: "first:1",
  interaction: "first",
  version: 1,
  outcome: "shown",
  dueMs: AT,
  firedMs: AT + 12,
  ...more,
});

test("appendAirings() counts a key once, by outcome and by firing error, on disk", () =>
  withFile(async (path) => {
    const first = await openOutbox(path);
    const one = airing();
    const suppressed = airing({ outcome: "suppressed", reason: "clock", firedMs: undefined });
    const request = {
      box: "b1",
      airings: [one, one, suppressed, airing({ firedMs: AT + 20_000, outcome: "late" })],
    };
    assert.equal(await first.run(first.outbox.appendAirings(request)), 4);
    await first.close();
    const again = await openOutbox(path);
    await again.run(again.outbox.appendAirings({ box: "b1", airings: [one] }));
    assert.deepEqual(again.outbox.pending(), { answers: false, counts: true });
    const counts = await again.run(again.outbox.takeCounts(10));
    assert.deepEqual(counts.airings[0]?.outcomes, { shown: 1, "suppressed:clock": 1, late: 1 });
    assert.deepEqual(counts.airings[0]?.firingErrors, [0, 0, 1, 0, 0, 0, 0, 0, 1]);
    await again.close();
  }));

test("takeCounts() tells what the edge judged itself, also after a restart, and up to which number it counted", () =>
  withFile(async (path) => {
    const first = await openOutbox(path);
    await first.statuses("b1", answer("first:1", "a"), answer("first:1", "b"), answer("first:1", "nonsense"));
    await first.statuses("b2", answer("first:1", "a", { answeredAtMs: AT + 3_600_000 }));
    // From far ahead of the edge's clock, to a cue that there never was.
    await first.statuses("b3", answer("none:1", "a", { answeredAtMs: AT + 9e9 }));
    await first.close();
    const { outbox, run, statuses, close } = await openOutbox(path);
    await statuses("b4", answer("first:1", "b"), answer("first:1", "b"));
    const { tallies, talliedTo } = await run(outbox.takeCounts(10));
    assert.deepEqual(
      tallies.map(({ cue, total, others }) => [cue, total, others]),
      [["first:1", 2, { duplicate: 2, late: 0, rejected: 1 }]],
    );
    assert.equal(talliedTo, 2);
    await close();
  }));

test("countsSent() leaves what changed meanwhile to be sent again", () =>
  withFile(async (path) => {
    const { outbox, run, statuses, close } = await openOutbox(path);
    await statuses("b1", answer("first:1", "a"), answer("first:2", "a"));
    const counts = await run(outbox.takeCounts(10));
    assert.equal(counts.tallies.length, 2);
    await statuses("b2", answer("first:2", "b"));
    await run(outbox.countsSent(counts));
    assert.equal(outbox.pending().counts, true);
    const rest = await run(outbox.takeCounts(10));
    assert.deepEqual(
      rest.tallies.map(({ cue, total }) => [cue, total]),
      [["first:2", 2]],
    );
    await run(outbox.countsSent(rest));
    assert.equal(outbox.pending().counts, false);
    await close();
  }));

test("keys and votes are found in full files, before and after a restart", () =>
  withFile(async (path) => {
    const first = await openOutbox(path, { fileEntriesMax: 300 });
    const bodies = Array.from({ length: 13 }, (_, box) =>
      Array.from({ length: 100 }, (_, cue) => answer(`last:${box}-${cue}`, "a")),
    );
    for (const [box, body] of bodies.entries()) {
      assert.deepEqual(new Set(await first.statuses(`b${box}`, ...body)), new Set(["accepted"]));
    }
    const names = await readdir(join(dirname(path), "answers"));
    assert.equal(names.filter((name) => name.endsWith(".log")).length, 5);
    for (const restarted of [false, true]) {
      if (restarted) await first.close();
      const opened = restarted ? await openOutbox(path, { fileEntriesMax: 300 }) : first;
      const { outbox, statuses } = opened;
      const before = outbox.state().rows;
      for (const [box, body] of bodies.entries()) await statuses(`b${box}`, ...body);
      assert.equal(outbox.state().rows, before);
      assert.equal(outbox.state().waiting, before);
      // A later one takes the place of a vote in a full file.
      const changed = answer("last:3-7", "b", { answeredAtMs: AT + 1_500 });
      assert.deepEqual(await statuses("b3", changed), ["accepted"]);
      assert.deepEqual({ ...outbox.tally("last:3-7")?.options }, { a: 0, b: 1 });
      assert.equal((await opened.run(outbox.take(2_000, 1e9))).length, outbox.state().waiting);
      if (restarted) await opened.close();
    }
  }));

test("a crash at any moment leaves what was acknowledged: tallies, keys and what waits", () =>
  withFile(async (path) => {
    const first = await openOutbox(path, { fileEntriesMax: 40, tallyEveryMs: 40 });
    const sent: Answer[] = [];
    for (let box = 0; box < 140; box++) {
      const one = answer("last:1", "a");
      sent.push(one);
      assert.deepEqual(await first.statuses(`b${box}`, one), ["accepted"]);
    }
    await first.run(first.outbox.acknowledge(50));
    // Not closed in order: the files are as a kill leaves them.
    const again = await openOutbox(path, { fileEntriesMax: 40 });
    assert.equal(again.outbox.tally("last:1")?.total, 140);
    assert.equal(again.outbox.state().waiting, 90);
    assert.deepEqual(await again.statuses("b17", sent[17] as Answer), ["accepted"]);
    assert.equal(again.outbox.state().lastNumber, 140);
    const rest = await again.run(again.outbox.take(1_000, 1e9));
    assert.deepEqual([rest.length, rest[0]?.number, rest.at(-1)?.number], [90, 51, 140]);
    await again.close();
    await first.close();
  }));

test("answers that were taken and not acknowledged are taken again, also where refused ones follow them", () =>
  withFile(async (path) => {
    const { outbox, run, statuses, close } = await openOutbox(path);
    const taken = async () => (await run(outbox.take(100, 1e9))).map(({ number }) => number);
    for (let box = 1; box <= 3; box++) {
      assert.deepEqual(await statuses(`b${box}`, answer("first:1", "a")), ["accepted"]);
      assert.deepEqual(await statuses(`b${box}`, answer("first:1", "none")), ["rejected"]);
    }
    for (let time = 0; time < 3; time++) assert.deepEqual(await taken(), [1, 2, 3]);
    await run(outbox.acknowledge(1));
    for (let time = 0; time < 2; time++) assert.deepEqual(await taken(), [2, 3]);
    assert.deepEqual([outbox.state().damaged, outbox.state().waiting], [[], 2]);
    await close();
  }));

test("files go once nothing of them is remembered and central has had their answers long enough", () =>
  withFile(async (path) => {
    const settings = {
      fileEntriesMax: 100,
      pruneEveryMs: 1_000,
      tallyEveryMs: 400,
      acknowledgedKeptMs: 10_000,
    };
    const { outbox, time, run, statuses, close } = await openOutbox(path, settings);
    const body = () => Array.from({ length: 100 }, (_, cue) => answer(`first:${cue}`, "a"));
    for (const box of ["b1", "b2", "b3"]) await statuses(box, ...body());
    const turn = async () => {
      time.advance(1_000);
      for (let again = 0; again < 3; again++) await run(outbox.take(1, 1));
    };
    await run(outbox.acknowledge(300));
    await turn();
    assert.equal(outbox.state().rows, 300);
    time.stepWall(AT + 60_000 + 3_600_000 + 1);
    for (let again = 0; again < 3; again++) await turn();
    assert.equal(outbox.state().rows, 0);
    assert.deepEqual((await readdir(join(dirname(path), "answers"))).sort(), ["00000004.log", "outbox.json"]);
    await close();
  }));

test("what an outbox of before kept in its database goes up from the log", () =>
  withFile(async (path) => {
    const database = await openDatabase(path, OUTBOX_MIGRATIONS.slice(0, 2));
    const old = { ...answer("first:1", "b"), number: 907, box: "b2", receivedAtMs: AT - 60_000 };
    const later = { ...old, key: newKey(), number: 911 };
    const rows = JSON.stringify([old, later].map((one) => [one.number, one.receivedAtMs, one]));
    await database.batch([
      { sql: "INSERT INTO state VALUES (1, '1e1d2b5c-0d0f-4e8e-9d0a-1d9b7f8c3a52', 911, 900, 0, 0)" },
      {
        sql: "INSERT INTO queued SELECT value->>0, value->>1, value->>2 FROM json_each(?)",
        args: [rows],
      },
    ]);
    database.close();
    const { outbox, run, close } = await openOutbox(path);
    const queued = await run(outbox.take(10, 1_000_000));
    assert.deepEqual(
      queued.map(({ number, box, key, receivedAtMs }) => [number, box, key, receivedAtMs]),
      [
        [912, "b2", old.key, AT - 60_000],
        [913, "b2", later.key, AT - 60_000],
      ],
    );
    assert.equal(outbox.state().id, "1e1d2b5c-0d0f-4e8e-9d0a-1d9b7f8c3a52");
    assert.equal(outbox.tally("first:1"), undefined);
    await close();
  }));

test("appendAirings() refuses with 503 on a damaged database, acknowledges nothing, and tells the damage", () =>
  withFile(async (path) => {
    let damages = 0;
    let broken = false;
    const wrap = (database: Database): Database => ({
      ...database,
      batch(statements) {
        if (!broken) return database.batch(statements);
        return Promise.reject(Object.assign(new Error("malformed"), { code: "SQLITE_CORRUPT" }));
      },
    });
    const opened = await openOutbox(path, {}, wrap, () => damages++);
    broken = true;
    await assert.rejects(opened.run(opened.outbox.appendAirings({ box: "b1", airings: [airing()] })), {
      code: "outbox-unavailable",
      status: 503,
      message: /its file is damaged/,
    });
    assert.ok(damages > 0);
    broken = false;
    assert.equal(opened.outbox.state().airings, 0);
    await opened.close();
  }));
