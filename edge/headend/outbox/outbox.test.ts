import assert from "node:assert/strict";
import { test } from "node:test";
import type { Airing } from "../../../shared/protocol/airings.ts";
import type { Answer } from "../../../shared/protocol/answers.ts";
import type { Database } from "../../../shared/runtime/database.ts";
import { AT, answer, known, newKey, openOutbox, settle, withFile } from "../testing/outbox-fixture.ts";
import { PUT_KEYS, SELECT_KEYS, SELECT_VOTES } from "./outbox-tables.ts";

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
    assert.deepEqual([total, options], [2, { a: 1, b: 1 }]);
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

test("append() calls a key late once the acceptance is over, and prune forgets it", () =>
  withFile(async (path) => {
    const { outbox, time, run, statuses, close } = await openOutbox(path, { pruneEveryMs: 1_000 });
    const taken = answer("first:1", "a");
    assert.deepEqual(await statuses("b1", taken), ["accepted"]);
    time.stepWall(AT + 60_000 + 3_600_000 + 1);
    assert.deepEqual(await statuses("b1", taken), ["late"]);
    assert.equal(outbox.state().rows, 1);
    time.advance(1_000);
    await run(Promise.resolve());
    assert.equal(outbox.state().rows, 0);
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

test("append() writes what arrives together in one transaction", () =>
  withFile(async (path) => {
    let batches = 0;
    const counting = (database: Database): Database => ({
      ...database,
      batch(statements) {
        batches++;
        return database.batch(statements);
      },
    });
    const { outbox, run, close } = await openOutbox(path, {}, counting);
    batches = 0;
    const many = Array.from({ length: 500 }, (_, box) =>
      outbox.append({ box: `b${box}`, answers: [answer("first:1", "a")] }, known),
    );
    await run(Promise.all(many));
    assert.equal(batches, 1);
    assert.equal(outbox.tally("first:1")?.total, 500);
    await close();
  }));

test("append() stores nothing of a body when the disk is full, says 503, and recovers by itself", () =>
  withFile(async (path) => {
    const { outbox, database, send, statuses, close } = await openOutbox(path);
    const [before] = await database.all("PRAGMA page_count");
    await database.all(`PRAGMA max_page_count = ${before?.page_count}`);
    const body = Array.from({ length: 100 }, () => answer("many:1", "a", { interaction: "first" }));
    await assert.rejects(send("b1", ...body), {
      code: "outbox-unavailable",
      status: 503,
      retryable: true,
      message: /disk is full/,
    });
    assert.match(outbox.state().trouble ?? "", /disk is full/);
    for (const table of ["journal", "queued", "answer_key"])
      assert.equal((await database.all(`SELECT count(*) AS n FROM ${table}`))[0]?.n, 0, table);
    assert.equal(outbox.state().lastNumber, 0);
    await database.all("PRAGMA max_page_count = 1000000");
    assert.equal((await statuses("b1", ...body))[0], "accepted");
    assert.equal(outbox.state().trouble, undefined);
    await close();
  }));

test("a disk that has room again ends the trouble, although no box asks any more", () =>
  withFile(async (path) => {
    const { outbox, database, time, send, run, close } = await openOutbox(path, { pruneEveryMs: 1_000 });
    const [page] = await database.all("PRAGMA page_count");
    await database.all(`PRAGMA max_page_count = ${page?.page_count}`);
    const body = Array.from({ length: 100 }, () => answer("many:1", "a", { interaction: "first" }));
    await assert.rejects(send("b1", ...body), { status: 503 });
    assert.match(outbox.state().trouble ?? "", /disk is full/);
    // Room for a little, not for what boxes send.
    await database.all(`PRAGMA max_page_count = ${Number(page?.page_count) + 1}`);
    time.advance(1_000);
    await run(outbox.take(1, 1_000));
    assert.match(outbox.state().trouble ?? "", /disk is full/);
    await database.all("PRAGMA max_page_count = 1000000");
    time.advance(1_000);
    await run(outbox.take(1, 1_000));
    assert.equal(outbox.state().trouble, undefined);
    assert.equal((await database.all("SELECT count(*) AS n FROM journal"))[0]?.n, 0);
    await close();
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

test("the statements of a group find rows by their index and scan no table", () =>
  withFile(async (path) => {
    const { database, close } = await openOutbox(path);
    for (const sql of [SELECT_KEYS, SELECT_VOTES]) {
      const plan = (await database.all(`EXPLAIN QUERY PLAN ${sql}`, ['[["b","k"]]'])).map((row) =>
        String(row.detail),
      );
      assert.ok(
        plan.some((line) => /SEARCH \w+ USING INDEX sqlite_autoindex/.test(line)),
        plan.join("; "),
      );
    }
    await close();
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

const countOf = async (database: Database, table: string) =>
  Number((await database.all(`SELECT count(*) AS n FROM ${table}`))[0]?.n);

test("what was gathered is merged into the tables in pieces, and answers go on meanwhile and after", () =>
  withFile(async (path) => {
    const { outbox, database, run, statuses, close } = await openOutbox(path, { mergeAt: 1_200 });
    const bodies = Array.from({ length: 13 }, (_, box) =>
      Array.from({ length: 100 }, (_, cue) => answer(`first:${box}-${cue}`, "a")),
    );
    for (const [box, body] of bodies.entries()) {
      assert.deepEqual(new Set(await statuses(`b${box}`, ...body)), new Set(["accepted"]));
    }
    for (let turn = 0; turn < 20; turn++) await run(outbox.take(1, 1_000));
    // The last body came when the merge had begun: it waits for the next.
    assert.equal(await countOf(database, "journal"), 1);
    assert.equal(await countOf(database, "answer_key"), 1_200);
    assert.equal(await countOf(database, "vote"), 1_200);
    assert.deepEqual(await statuses("b0", bodies[0]?.[0] as Answer), ["accepted"]);
    assert.deepEqual(await statuses("b0", answer("first:0-0", "b")), ["duplicate"]);
    assert.equal(outbox.state().waiting, 1_300);
    await close();
  }));

test("a crash in the midst of a merge loses no key and no vote", () =>
  withFile(async (path) => {
    const first = await openOutbox(path, { mergeAt: 1_100 }, (database) => {
      let merges = 0;
      return {
        ...database,
        batch(statements) {
          // The first piece reaches the disk, the second never does.
          if (statements[0]?.sql === PUT_KEYS && ++merges > 1) throw new Error("killed");
          return database.batch(statements);
        },
      };
    });
    const bodies = Array.from({ length: 12 }, (_, box) =>
      Array.from({ length: 100 }, (_, cue) => answer(`last:${box}-${cue}`, "a")),
    );
    for (const [box, body] of bodies.entries()) await first.statuses(`b${box}`, ...body);
    for (let turn = 0; turn < 5; turn++) await first.run(first.outbox.take(1, 1_000)).catch(() => {});
    assert.equal(await countOf(first.database, "answer_key"), 500);
    // Not closed in order: the file is as a kill leaves it.
    const again = await openOutbox(path);
    for (const [box, body] of bodies.entries()) {
      assert.deepEqual(new Set(await again.statuses(`b${box}`, ...body)), new Set(["accepted"]));
    }
    assert.equal(again.outbox.state().waiting, 1_200);
    assert.equal(again.outbox.tally("last:3-7")?.total, 1);
    await again.statuses("b3", answer("last:3-7", "b", { answeredAtMs: AT + 1_500 }));
    assert.deepEqual({ ...again.outbox.tally("last:3-7")?.options }, { a: 0, b: 1 });
    await again.close();
    await first.close();
  }));

test("a merge that fails holds no answer up, and is tried again at the next turn", () =>
  withFile(async (path) => {
    let broken = true;
    const { outbox, database, time, run, statuses, close } = await openOutbox(
      path,
      { mergeAt: 10, pruneEveryMs: 1_000 },
      (real) => ({
        ...real,
        batch(statements) {
          if (broken && statements[0]?.sql === PUT_KEYS)
            throw Object.assign(new Error("full"), { code: "SQLITE_FULL" });
          return real.batch(statements);
        },
      }),
    );
    const many = (box: string) => Array.from({ length: 19 }, (_, cue) => answer(`first:${box}-${cue}`, "a"));
    const body = many("b1");
    assert.deepEqual(new Set(await statuses("b1", ...body)), new Set(["accepted"]));
    assert.deepEqual(new Set(await statuses("b2", ...many("b2"))), new Set(["accepted"]));
    assert.deepEqual(new Set(await statuses("b1", ...body)), new Set(["accepted"]));
    // More than four merges' worth is not kept in memory.
    assert.deepEqual(new Set(await statuses("b3", ...many("b3"))), new Set(["accepted"]));
    await assert.rejects(statuses("b4", ...many("b4")), { code: "outbox-full" });
    broken = false;
    time.advance(1_000);
    for (let turn = 0; turn < 5; turn++) await run(outbox.take(1, 1_000));
    assert.equal(await countOf(database, "answer_key"), 57);
    assert.deepEqual(new Set(await statuses("b4", ...many("b4"))), new Set(["accepted"]));
    await close();
  }));

test("adopt() queues what another outbox acknowledged, under its own numbers, and without judging it again", () =>
  withFile(async (path) => {
    const { outbox, run, statuses, close } = await openOutbox(path);
    assert.deepEqual(await statuses("b1", answer("first:1", "a")), ["accepted"]);
    const old = { ...answer("first:1", "b"), number: 907, box: "b2", receivedAtMs: AT - 60_000 };
    await run(outbox.adopt([old, { ...old, key: newKey(), number: 911 }]));
    await run(outbox.adopt([]));
    const queued = await run(outbox.take(10, 1_000_000));
    assert.deepEqual(
      queued.map(({ number, box, receivedAtMs }) => [number, box, receivedAtMs]),
      [
        [1, "b1", AT + 2_001],
        [2, "b2", AT - 60_000],
        [3, "b2", AT - 60_000],
      ],
    );
    const { waiting, oldestAtMs, lastNumber } = outbox.state();
    assert.deepEqual([waiting, lastNumber], [3, 3]);
    assert.ok(oldestAtMs !== undefined);
    assert.equal(outbox.tally("first:1")?.total, 1);
    await close();
  }));

test("append() refuses with 503 on a damaged file, acknowledges nothing, and tells the damage", () =>
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
    await assert.rejects(opened.send("b1", answer("first:1", "a")), {
      code: "outbox-unavailable",
      status: 503,
      message: /its file is damaged/,
    });
    assert.ok(damages > 0);
    broken = false;
    assert.equal(opened.outbox.state().waiting, 0);
    await opened.close();
  }));

test("a merge keeps up with bodies that come faster than its pieces", () =>
  withFile(async (path) => {
    const { outbox, database, time, close } = await openOutbox(path, { mergeAt: 3_000 });
    for (let round = 0; round < 8; round++) {
      let taken = 0;
      const refused: unknown[] = [];
      for (let n = 0; n < 40; n++) {
        const answers = Array.from({ length: 100 }, (_, cue) => answer(`first:${cue}`, "a"));
        outbox.append({ box: `b${round}-${n}`, answers }, known).then(
          (receipts) => {
            taken += receipts.length;
          },
          (error) => refused.push(error),
        );
      }
      // 2,000 a group, 500 a piece: one piece for each group would end in refusals.
      for (let turn = 0; turn < 1_000 && taken < 4_000 && refused.length === 0; turn++) {
        time.advance(1);
        await settle();
      }
      assert.deepEqual(refused, []);
      assert.equal(taken, 4_000);
    }
    assert.ok((await countOf(database, "answer_key")) >= 16_000);
    await close();
  }));
