import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { silentLog } from "../../../shared/log.ts";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import type { Tally } from "../../../shared/uplink/batch.ts";
import { settle } from "../testing/outbox-fixture.ts";
import { createNationalResults } from "./national-results.ts";

const tally = (cue: string, total: number): Tally => ({
  ...{ cue, interaction: "i", version: 1, total, options: { a: total } },
});

/** A central that counts by cue, may refuse, and may not answer. */
function rig() {
  const time = createSimulatedTime(1_795_431_900_000);
  const counts = new Map<string, number>();
  const asked: string[][] = [];
  const central = {
    fault: undefined as CuecastError | undefined,
    hangs: false,
    async results({ cues }: { cues: string[] }) {
      asked.push(cues);
      if (central.fault) throw central.fault;
      if (central.hangs) return await new Promise<never>(() => {});
      return { national: cues.flatMap((cue) => (counts.has(cue) ? [tally(cue, counts.get(cue) ?? 0)] : [])) };
    },
  };
  const { clock, timers } = time;
  const national = createNationalResults({
    ...{ central, clock, timers, random: createSeededRandom(3), log: silentLog },
  });
  const pass = async (ms: number) => {
    const endMs = clock.monotonicMs() + ms;
    await settle();
    for (let due = time.nextDueMs(); due !== undefined && due <= endMs; due = time.nextDueMs()) {
      time.advance(due - clock.monotonicMs());
      await settle();
    }
    time.advance(endMs - clock.monotonicMs());
  };
  /** What a box sees, and how long it waited, ms. */
  const see = async (cue: string) => {
    const startMs = clock.monotonicMs();
    const seen = national.of(cue).then((found) => ({ found, waitedMs: clock.monotonicMs() - startMs }));
    await pass(1_100);
    return await seen;
  };
  return { counts, asked, central, national, pass, see };
}

test("of() has central's count the first time a box asks, though this edge took no answer", async () => {
  const { counts, see, asked } = rig();
  counts.set("c", 4);
  const { found, waitedMs } = await see("c");
  assert.deepEqual([found?.tally.total, found?.current], [4, true]);
  assert.ok(waitedMs <= 50, `${waitedMs} ms`);
  assert.deepEqual(asked, [["c"]]);
});

test("of() keeps up with central while boxes ask, and central is left alone when none does", async () => {
  const { counts, see, asked, pass } = rig();
  counts.set("c", 1);
  await see("c");
  for (let turn = 2; turn < 8; turn++) {
    counts.set("c", turn);
    await pass(6_000);
    assert.equal((await see("c")).found?.tally.total, turn);
  }
  await pass(120_000);
  const { length } = asked;
  await pass(600_000);
  assert.equal(asked.length, length);
});

test("of() waits for central where what it holds is old, and gives nothing of long ago as if it were fresh", async () => {
  const { counts, see, pass, asked } = rig();
  counts.set("c", 3);
  await see("c");
  await pass(2_400_000);
  const { length } = asked;
  counts.set("c", 486);
  const { found, waitedMs } = await see("c");
  assert.deepEqual([found?.tally.total, asked.length], [486, length + 1]);
  assert.ok(waitedMs <= 50, `${waitedMs} ms`);
});

test("of() asks for what boxes of one moment want in one request, and not for what a batch told just now", async () => {
  const { counts, national, see, asked, pass } = rig();
  counts.set("a", 1).set("b", 2);
  await Promise.all([see("a"), see("b"), see("a")]);
  assert.deepEqual(
    asked.map((cues) => cues.toSorted()),
    [["a", "b"]],
  );
  for (let turn = 0; turn < 20; turn++) {
    national.told([tally("a", 10 + turn)]);
    await pass(1_000);
    await national.of("a");
  }
  assert.ok(asked.slice(1).every((cues) => !cues.includes("a")));
  assert.equal((await see("a")).found?.tally.total, 29);
});

test("a box waits a second at most for a central that hangs, and the next one not at all", async () => {
  const { central, see } = rig();
  central.hangs = true;
  assert.deepEqual(await see("c"), { found: undefined, waitedMs: 1_000 });
  assert.deepEqual(await see("c"), { found: undefined, waitedMs: 0 });
});

test("what central told stays while it is away, as not current, and goes on when it is back", async () => {
  const { counts, central, see, pass } = rig();
  counts.set("c", 5);
  await see("c");
  central.fault = new CuecastError("Cannot reach central: nobody there", { code: "central-unreachable" });
  await pass(7_000);
  assert.deepEqual((await see("c")).found, { ...(await see("c")).found, current: false });
  assert.equal((await see("new")).waitedMs, 0);
  central.fault = undefined;
  counts.set("c", 9);
  await pass(25_000);
  const { found } = await see("c");
  assert.deepEqual([found?.tally.total, found?.current], [9, true]);
});

test("an earlier central, which does not know the question, is asked once in ten minutes", async () => {
  const { central, national, see, asked, pass } = rig();
  central.fault = new CuecastError("Cannot ask central", { code: "central-refused", status: 404 });
  await see("c");
  for (let turn = 0; turn < 50; turn++) {
    national.told([tally("c", turn)]);
    await pass(10_000);
    await national.of("c");
  }
  assert.equal(asked.length, 1);
  assert.equal((await see("c")).found?.tally.total, 49);
});

test("of() holds what may be asked at once within bounds, and comes to every cue", async () => {
  const { counts, national, asked, pass } = rig();
  const cues = Array.from({ length: 250 }, (_, index) => `c${index}`);
  for (const cue of cues) counts.set(cue, 1);
  const seen = Promise.all(cues.map((cue) => national.of(cue)));
  await pass(1_000);
  assert.equal((await seen).filter(Boolean).length, 250);
  assert.deepEqual(
    asked.map(({ length }) => length),
    [100, 100, 50],
  );
});
