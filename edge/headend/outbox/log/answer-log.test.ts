import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createMemoryLog } from "../../testing/memory-log.ts";
import { type NewEntry, openAnswerLog } from "./answer-log.ts";
import { type Entry, entryFromLine, entryToLine } from "./entry.ts";
import { readHead } from "./record.ts";

const NOW = 1_795_431_900_000;
const SEED = [7, 11] as const;
const UUID_END = 12;

const entryOf = (box: string, key: number, more: Partial<NewEntry> = {}): NewEntry => ({
  ...{ status: "accepted", forgetMs: NOW + 1_000, box, cue: "c:1", interaction: "poll", version: 1 },
  ...{ key: `00000000-0000-4000-8000-${String(key).padStart(UUID_END, "0")}`, options: ["a"] },
  ...{ answeredAtMs: NOW, count: 1, ...more },
});

test("entryFromLine() gives back what entryToLine() wrote, whatever it has", () => {
  const id = fc.stringMatching(/^[A-Za-z0-9._:~-]{1,12}$/);
  const whole = fc.nat(2 ** 40);
  const arbitrary = fc.record(
    {
      status: fc.constantFrom("accepted", "duplicate", "late", "rejected"),
      ...{
        forgetMs: whole,
        box: id,
        key: fc.uuid(),
        cue: id,
        interaction: id,
        version: fc.integer({ min: 1 }),
      },
      ...{ answeredAtMs: whole, count: fc.nat(5), receivedAtMs: whole, dueMs: whole },
      ...{ options: fc.array(id, { minLength: 1, maxLength: 3 }), rating: fc.integer({ min: 1, max: 10 }) },
      reason: fc.string({ minLength: 1, unit: "binary-ascii" }),
      replaces: fc.record(
        { interaction: id, version: fc.nat(), choice: fc.array(id) },
        { noNullPrototype: true },
      ),
    },
    {
      noNullPrototype: true,
      requiredKeys: [
        ...(["status", "forgetMs", "box", "key", "cue", "interaction", "version"] as const),
        ...(["answeredAtMs", "count"] as const),
      ],
    },
  ) as fc.Arbitrary<Entry>;
  fc.assert(
    fc.property(arbitrary, (entry) => {
      const line = entryToLine(entry, -1);
      assert.ok(line.endsWith("\n") && !line.slice(0, -1).includes("\n"));
      assert.deepEqual(entryFromLine(line.slice(0, -1)), entry);
    }),
  );
});

test("entryFromLine() gives nothing for what is no entry", () => {
  for (const line of ["", "[]", "{}", "null", '["a"]', '["z",1,"b","k","c"]', "[", "\u0000"])
    assert.equal(entryFromLine(line), undefined, line);
});

/** What happens to a log, one thing after the other. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ does: fc.constant("append"), count: fc.integer({ min: 1, max: 7 }) }) },
  {
    weight: 2,
    arbitrary: fc.record({ does: fc.constant("fail"), stored: fc.nat(2_000), cutFails: fc.boolean() }),
  },
  // A kill, with part of a group behind what was acknowledged.
  { weight: 2, arbitrary: fc.record({ does: fc.constant("kill"), part: fc.nat(300) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constant("lose index"), at: fc.nat() }) },
);

test("the log keeps what it acknowledged, once, in order, and finds it, whatever fails and whenever it is killed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 40 }), async (happenings) => {
      const memory = createMemoryLog();
      const settings = { fileEntriesMax: 16 };
      const open = () => {
        memory.heal();
        return openAnswerLog({ folder: memory.folder, seed: SEED, lastNumber: 0 }, settings);
      };
      let log = await open();
      let drawn = 0;
      const acknowledged: NewEntry[] = [];
      const refused = new Set<string>();
      for (const step of happenings) {
        if (step.does === "append" || step.does === "fail") {
          const count = step.does === "append" ? step.count : 3;
          const group = Array.from({ length: count }, () => {
            drawn++;
            const duplicate = drawn % 5 === 0;
            const more = duplicate ? ({ status: "duplicate", count: 0 } as const) : {};
            return entryOf(`box-${drawn}`, drawn, more);
          });
          if (step.does === "fail") memory.failNext(step.stored, step.cutFails);
          const done = await log.append(group, NOW).then(
            () => true,
            () => false,
          );
          assert.equal(done, step.does === "append");
          if (done) acknowledged.push(...group);
          else for (const { key } of group) refused.add(key);
        } else if (step.does === "kill") {
          const { sequence, at } = log.end();
          const name = `${String(sequence).padStart(8, "0")}.log`;
          const file = memory.files.get(name) as Uint8Array;
          // A record again, cut off: as like a whole one as a part can be.
          const part = Math.min(step.part, (readHead(file)?.bytes ?? 1) - 1);
          if (file.length === at)
            memory.files.set(name, new Uint8Array([...file, ...file.subarray(0, part)]));
          log = await open();
        } else {
          const indexes = [...memory.files.keys()].filter((file) => file.endsWith(".idx"));
          const lost = indexes[step.at % Math.max(1, indexes.length)];
          if (lost) memory.files.set(lost, (memory.files.get(lost) as Uint8Array).slice(0, 100));
        }
      }
      log = await open();
      const taken = await log.take(0, 100_000, Number.MAX_SAFE_INTEGER);
      const wanted = acknowledged.filter(({ status }) => status === "accepted").map(({ key }) => key);
      assert.deepEqual(
        taken.map(({ key }) => key).filter((key) => !refused.has(key)),
        wanted,
      );
      const numbers = taken.map(({ number }) => number);
      assert.ok(numbers.every((number, at) => at === 0 || number > (numbers[at - 1] as number)));
      for (const { box, key, status, cue } of acknowledged) {
        assert.equal(log.find("key", box, key, NOW)?.entry.status, status);
        const vote = log.find("vote", box, cue, NOW)?.entry;
        assert.equal(vote?.key, status === "accepted" ? key : undefined);
        assert.equal(log.find("key", box, key, NOW + 1_000), undefined);
      }
      assert.equal(log.find("key", "nobody", "none", NOW), undefined);
    }),
    {
      numRuns: Number(process.env.CUECAST_REHEARSE_RUNS ?? 150),
      // A refused group that stands whole in a file that is not the last, and whose index is lost later.
      examples: [
        [
          [
            { does: "fail", stored: 352, cutFails: true },
            { does: "fail", stored: 0, cutFails: false },
            { does: "kill", part: 0 },
            { does: "append", count: 1 },
            { does: "lose index", at: 0 },
          ],
        ],
      ],
    },
  );
});

test("a whole group that a kill kept from being synced is synced before a box can get a receipt for it", async () => {
  const memory = createMemoryLog();
  const ports = { folder: memory.folder, seed: SEED, lastNumber: 0 };
  await (await openAnswerLog(ports)).append([entryOf("b", 1)], NOW);
  memory.synced.clear();
  const log = await openAnswerLog(ports);
  assert.equal(log.find("key", "b", entryOf("b", 1).key, NOW)?.entry.status, "accepted");
  assert.deepEqual([...memory.synced], ["00000001.log"]);
  await log.close();
});

test("a vote that changes often stands once in the table, in one group and over many", async () => {
  const memory = createMemoryLog();
  const log = await openAnswerLog({ folder: memory.folder, seed: SEED, lastNumber: 0 });
  let voteAt: NewEntry["voteAt"];
  for (let turn = 0; turn < 50; turn++) {
    const group = [
      entryOf("b", turn * 2, { voteAt, outdated: true }),
      entryOf("b", turn * 2 + 1, { voteAt }),
    ];
    await log.append(group, NOW);
    const found = log.find("vote", "b", "c:1", NOW);
    assert.equal(found?.entry.key, group[1]?.key);
    voteAt = found?.place;
  }
});

test("a file that was deleted while in use is written again in pieces, never whole in memory", async () => {
  const memory = createMemoryLog();
  const log = await openAnswerLog({ folder: memory.folder, seed: SEED, lastNumber: 0 });
  const count = 30_000;
  const entries = Array.from({ length: count }, (_, key) => entryOf(`box-${key}`, key));
  for (let at = 0; at < count; at += 5_000) await log.append(entries.slice(at, at + 5_000), NOW);
  const before = memory.files.get("00000001.log") as Uint8Array;
  assert.ok(before.length > 2 * 1_048_576);
  memory.lose();
  await log.writeAgain();
  assert.ok(Buffer.compare(memory.files.get("00000001.log") as Uint8Array, before) === 0);
  assert.ok(memory.largestRead() <= 1_048_576, `${memory.largestRead()} bytes at once`);
  assert.match(log.damage().join(), /its 30000 answers were written again/);
  await log.close();
});
