import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { AT, settle } from "../testing/outbox-fixture.ts";
import type { Outbox, Uplink } from "./contract.ts";
import { createOutboxKeeper } from "./keeper.ts";

/** @param openings what each opening does: `good`, or the state that it fails with; then good for ever */
function start(openings: string[], options: { aside?: string[] } = {}) {
  const time = createSimulatedTime(AT);
  const aside = options.aside ?? [];
  const told: string[] = [];
  const damages: (() => void)[] = [];
  let opened = 0;
  const keeper = createOutboxKeeper({
    async open(onDamage) {
      const what = openings.shift() ?? "good";
      if (what === "damaged") onDamage();
      if (what !== "good") throw new CuecastError(`Cannot open it: ${what}`, { code: "database-refused" });
      damages.push(onDamage);
      const id = `outbox-${++opened}`;
      return {
        state: () => ({ id }),
        async close() {
          told.push(`closed ${id}`);
        },
      } as unknown as Outbox;
    },
    files: {
      async setAside() {
        const file = `damaged-${aside.length + 1}.db`;
        aside.push(file);
        told.push(`set aside ${file}`);
        return file;
      },
      list: async () => [...aside],
    },
    startUplink: (outbox) =>
      ({ stop: async () => void told.push(`stopped ${outbox.state().id}`) }) as unknown as Uplink,
    timers: time.timers,
    log: silentLog,
  });
  return { keeper, time, told, aside, damages };
}

test("open() gives the outbox and its uplink, and stop() closes them", async () => {
  const { keeper, told, time } = start([]);
  assert.equal(keeper.trouble(), undefined);
  time.advance(10_000);
  assert.equal(keeper.trouble(), "not open yet");
  await keeper.open();
  assert.equal(keeper.outbox()?.state().id, "outbox-1");
  assert.equal(keeper.trouble(), undefined);
  await keeper.stop();
  assert.deepEqual(told, ["stopped outbox-1", "closed outbox-1"]);
});

test("open() tries again while the disk refuses, and sets nothing aside", async () => {
  const { keeper, time, told } = start(["full", "full"]);
  await keeper.open();
  assert.equal(keeper.outbox(), undefined);
  assert.match(keeper.trouble() ?? "", /full/);
  for (let turn = 0; turn < 2; turn++) {
    time.advance(10_000);
    await settle();
  }
  assert.equal(keeper.outbox()?.state().id, "outbox-1");
  assert.deepEqual(told, []);
  await keeper.stop();
});

test("open() sets a damaged file aside, begins a new one, and names it until it is taken away", async () => {
  const { keeper, time, told, aside } = start(["damaged"], { aside: ["before.db"] });
  await keeper.open();
  time.advance(0);
  await settle();
  assert.equal(keeper.trouble(), undefined);
  assert.deepEqual(told, ["set aside damaged-2.db"]);
  assert.deepEqual(
    keeper.damaged().map((words) => words.split(":")[0]),
    ["before.db", "damaged-2.db"],
  );
  aside.length = 0;
  time.advance(60_000);
  await settle();
  assert.deepEqual(keeper.damaged(), []);
  await keeper.stop();
});

test("damage found while it runs replaces the outbox", async () => {
  const { keeper, told, damages } = start([]);
  await keeper.open();
  damages[0]?.();
  damages[0]?.();
  await settle();
  assert.equal(keeper.outbox()?.state().id, "outbox-2");
  assert.deepEqual(told, ["stopped outbox-1", "closed outbox-1", "set aside damaged-1.db"]);
  await keeper.stop();
});

test("after five damaged files no further one is set aside, and it says so", async () => {
  const aside = Array.from({ length: 5 }, (_, at) => `${at}.db`);
  const { keeper, told } = start(["damaged", "damaged"], { aside });
  await keeper.open();
  assert.equal(keeper.outbox(), undefined);
  assert.match(keeper.trouble() ?? "", /replace the disk/);
  assert.deepEqual(told, []);
  await keeper.stop();
});
