/** What the outbox says and does when its log on disk is damaged, cut, or gone. */
import assert from "node:assert/strict";
import { cp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { answer, openOutbox, withFile } from "../testing/outbox-fixture.ts";

test("damage in the log costs what stood on it, is told, and holds nothing up", () =>
  withFile(async (path) => {
    const settings = { fileEntriesMax: 10 };
    const first = await openOutbox(path, settings);
    for (let box = 1; box <= 25; box++) await first.statuses(`b${box}`, answer("first:1", "a"));
    await first.close();
    const file = join(dirname(path), "answers", "00000001.log");
    const bytes = await readFile(file);
    const middle = Math.floor(bytes.length / 2);
    bytes.fill(0x55, middle, middle + 20);
    await writeFile(file, bytes);
    const again = await openOutbox(path, settings);
    const rest = await again.run(again.outbox.take(1_000, 1e9));
    assert.ok(rest.length >= 23 && rest.length < 25, `${rest.length} read`);
    assert.match(again.outbox.state().damaged.join(), /^00000001\.log: [12] answers from number \d+ on/);
    assert.deepEqual(await again.statuses("b26", answer("first:1", "a")), ["accepted"]);
    await again.close();
  }));

test("a log that was deleted while the edge stood still is told with its numbers, and nothing waits for it", () =>
  withFile(async (path) => {
    const log = join(dirname(path), "answers");
    const first = await openOutbox(path);
    for (let box = 1; box <= 3; box++) await first.statuses(`b${box}`, answer("first:1", "a"));
    await first.close();
    await rm(log, { recursive: true });
    const again = await openOutbox(path);
    assert.deepEqual(again.outbox.state().damaged, [
      "00000001.log: it is gone, and with it 3 answers at least, what it had from number 1 on",
    ]);
    assert.equal(again.outbox.state().waiting, 0);
    assert.deepEqual(await again.statuses("b4", answer("first:1", "a")), ["accepted"]);
    assert.equal(again.outbox.state().waiting, 1);
    assert.deepEqual(
      (await again.run(again.outbox.take(10, 1e9))).map(({ number }) => number),
      [4],
    );
    await again.close();
    const third = await openOutbox(path);
    assert.equal(third.outbox.state().waiting, 1);
    assert.match(third.outbox.state().damaged.join(), /3 answers at least/);
    await third.run(third.outbox.acknowledge(4));
    await third.close();
    const last = await openOutbox(path);
    assert.deepEqual([last.outbox.state().damaged, last.outbox.state().waiting], [[], 0]);
    await last.close();
  }));

test("what a cut or a deleted log has lost is told at every start until central has got past it", () =>
  withFile(async (path) => {
    const file = join(dirname(path), "answers", "00000001.log");
    const first = await openOutbox(path);
    for (let box = 1; box <= 6; box++) await first.statuses(`b${box}`, answer("first:1", "a"));
    await first.close();
    const whole = await readFile(file);
    for (const [bytes, lost] of [
      [whole.subarray(0, whole.length / 2), /^00000001\.log: 3 answers from number 4 on could not be read$/],
      [undefined, / 6 answers .*from number 1 on/],
    ] as const) {
      await (bytes ? writeFile(file, bytes) : rm(file));
      for (let start = 0; start < 3; start++) {
        const again = await openOutbox(path);
        assert.match(again.outbox.state().damaged.join(), lost, `start ${start}`);
        assert.ok(again.outbox.state().waiting < 6);
        await again.close();
      }
    }
  }));

test("a log that was deleted right after a kill, before its numbers were written down, is told all the same", () =>
  withFile(async (path) => {
    const killed = await openOutbox(path);
    await killed.statuses("b1", answer("first:1", "a"));
    await rm(join(dirname(path), "answers"), { recursive: true });
    const again = await openOutbox(path);
    assert.match(again.outbox.state().damaged.join(), /^00000001\.log: it is gone, .* from number 1 on$/);
    assert.equal(again.outbox.state().waiting, 0);
    await again.close();
    await killed.close();
  }));

for (const how of ["deleted", "replaced"] as const)
  test(`a log that is ${how} while the edge runs is written again before the next receipt, and told`, () =>
    withFile(async (path) => {
      const file = join(dirname(path), "answers", "00000001.log");
      const first = await openOutbox(path);
      await first.statuses("b1", answer("first:1", "a"));
      await rm(file);
      if (how === "replaced") await writeFile(file, "another");
      assert.deepEqual(await first.statuses("b2", answer("first:1", "a")), ["accepted"]);
      assert.match(
        first.outbox.state().damaged.join(),
        /^00000001\.log: it was deleted or replaced while in use; its 2 answers were written again$/,
      );
      // As after a kill: another opens what is on the disk.
      const again = await openOutbox(path);
      assert.equal((await again.run(again.outbox.take(10, 1e9))).length, 2);
      await again.close();
      await first.close();
    }));

test("a part of a group at the end of the log, as a crash leaves it, is no damage and is written over", () =>
  withFile(async (path) => {
    const first = await openOutbox(path);
    await first.statuses("b1", answer("first:1", "a"));
    await first.close();
    const file = join(dirname(path), "answers", "00000001.log");
    const whole = await readFile(file);
    for (let part = 1; part < whole.length; part += 7) {
      await writeFile(file, Buffer.concat([whole, whole.subarray(0, part)]));
      const again = await openOutbox(path);
      assert.equal(again.outbox.state().waiting, 1);
      assert.deepEqual(again.outbox.state().damaged, []);
      await again.close();
      assert.deepEqual(await readFile(file), whole);
    }
  }));

test("a log whose last file is overwritten while it runs is told, and nothing waits for it", () =>
  withFile(async (path) => {
    const file = join(dirname(path), "answers", "00000001.log");
    const { outbox, statuses, run, close } = await openOutbox(path);
    for (let box = 1; box <= 5; box++) await statuses(`b${box}`, answer("first:1", "a"));
    assert.equal(outbox.state().waiting, 5);
    await writeFile(file, Buffer.alloc((await readFile(file)).length, 0x55), { flag: "r+" });
    assert.deepEqual(await run(outbox.take(10, 1e9)), []);
    assert.deepEqual(outbox.state().damaged, ["00000001.log: 5 answers from number 1 on could not be read"]);
    assert.equal(outbox.state().waiting, 0);
    assert.deepEqual(await statuses("b6", answer("first:1", "a")), ["accepted"]);
    assert.deepEqual(
      (await run(outbox.take(10, 1e9))).map(({ number }) => number),
      [6],
    );
    assert.equal(outbox.state().waiting, 1);
    await close();
  }));

test("what a file that is gone had is told of that file, and never of the next one", () =>
  withFile(async (path) => {
    const settings = { fileEntriesMax: 10 };
    const log = join(dirname(path), "answers");
    const first = await openOutbox(path, settings);
    for (let box = 1; box <= 25; box++) await first.statuses(`b${box}`, answer("first:1", "a"));
    await first.run(first.outbox.acknowledge(15));
    await first.close();
    await rm(join(log, "00000002.log"));
    await rm(join(log, "00000002.idx"), { force: true });
    const again = await openOutbox(path, settings);
    const numbers = (await again.run(again.outbox.take(100, 1e9))).map(({ number }) => number);
    assert.deepEqual(numbers, [21, 22, 23, 24, 25]);
    assert.deepEqual(again.outbox.state().damaged, [
      "00000002.log: it is gone, and with it 5 answers at least, what it had from number 16 on",
    ]);
    assert.equal(again.outbox.state().waiting, 5);
    await again.run(again.outbox.acknowledge(25));
    await again.close();
    const third = await openOutbox(path, settings);
    assert.deepEqual(third.outbox.state().damaged, []);
    await third.close();
  }));

test("a damaged group that holds refused answers alone, which have no numbers, is told by its bytes", () =>
  withFile(async (path) => {
    const file = join(dirname(path), "answers", "00000001.log");
    const first = await openOutbox(path);
    await first.statuses("b1", answer("first:1", "a"));
    const before = (await readFile(file)).length;
    assert.deepEqual(await first.statuses("b1", answer("first:1", "none")), ["rejected"]);
    const after = (await readFile(file)).length;
    await first.statuses("b2", answer("first:1", "a"));
    await first.close();
    const bytes = await readFile(file);
    bytes.fill(0x55, before + 50, before + 55);
    await writeFile(file, bytes);
    const again = await openOutbox(path);
    assert.deepEqual(again.outbox.state().damaged, [
      `00000001.log: ${after - before} bytes of it could not be read`,
    ]);
    assert.equal(again.outbox.state().waiting, 2);
    await again.close();
  }));

test("a log that lacks answers at its end which central has is told, though nothing of them is to be sent", () =>
  withFile(async (path) => {
    const file = join(dirname(path), "answers", "00000001.log");
    const first = await openOutbox(path);
    const lengths: number[] = [];
    for (let box = 1; box <= 3; box++) {
      await first.statuses(`b${box}`, answer("first:1", "a"));
      lengths.push((await readFile(file)).length);
    }
    // As a kill leaves it before the end of the log is written down: what central has is written at once.
    await first.run(first.outbox.acknowledge(3));
    const copy = join(dirname(path), "killed");
    await cp(dirname(file), join(copy, "answers"), { recursive: true });
    for (const end of ["", "-wal"]) await cp(`${path}${end}`, join(copy, `outbox.db${end}`));
    await truncate(join(copy, "answers", "00000001.log"), (lengths[2] ?? 0) - 7);
    const again = await openOutbox(join(copy, "outbox.db"));
    assert.deepEqual(again.outbox.state().damaged, [
      "00000001.log: 1 answers from number 3 on could not be read",
    ]);
    assert.equal(again.outbox.state().waiting, 0);
    assert.deepEqual(await again.statuses("b4", answer("first:1", "a")), ["accepted"]);
    assert.equal(again.outbox.state().lastNumber, 4);
    await again.close();
    await first.close();
  }));
