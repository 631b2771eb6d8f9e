import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import type { UplinkAnswer } from "../../../shared/uplink/batch.ts";
import { AT, settle } from "../testing/outbox-fixture.ts";
import type { Outbox, Uplink } from "./contract.ts";
import type { SetAsideFile } from "./damaged.ts";
import { createOutboxKeeper } from "./keeper.ts";

const numbered = (...numbers: number[]) => numbers.map((number) => ({ number }) as UplinkAnswer);

/** @param openings what each opening does: `good`, or the state that it fails with; then good for ever */
function start(
  openings: string[],
  options: { aside?: SetAsideFile[]; pages?: UplinkAnswer[][]; waited?: number } = {},
) {
  const time = createSimulatedTime(AT);
  const aside = options.aside ?? [];
  const told: string[] = [];
  const adopted: number[] = [];
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
        async adopt(answers: UplinkAnswer[]) {
          adopted.push(...answers.map(({ number }) => number));
        },
        async close() {
          told.push(`closed ${id}`);
        },
      } as unknown as Outbox;
    },
    files: {
      async setAside() {
        const file = `damaged-${aside.length + 1}.db`;
        aside.push({ file });
        told.push(`set aside ${file}`);
        return file;
      },
      list: async () => aside.map((one) => ({ ...one })),
      async *read() {
        for (const page of options.pages ?? []) yield page;
        return options.waited;
      },
      async note(file, note) {
        for (const one of aside) if (one.file === file) one.note = note;
      },
    },
    startUplink: (outbox) =>
      ({ stop: async () => void told.push(`stopped ${outbox.state().id}`) }) as unknown as Uplink,
    timers: time.timers,
    log: silentLog,
  });
  return { keeper, time, told, adopted, aside, damages };
}

test("open() gives the outbox and its uplink, and stop() closes them", async () => {
  const { keeper, told } = start([]);
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

test("open() sets a damaged file aside, begins a new one, and takes over what can be read", async () => {
  const pages = [numbered(1, 2), numbered(5)];
  const { keeper, told, adopted } = start(["damaged"], { pages, waited: 5 });
  await keeper.open();
  await settle();
  assert.equal(keeper.trouble(), undefined);
  assert.deepEqual(told, ["set aside damaged-1.db"]);
  assert.deepEqual(adopted, [1, 2, 5]);
  assert.deepEqual(keeper.damaged(), ["damaged-1.db: 3 of 5 answers that waited in it were read and go up"]);
  await keeper.stop();
});

test("damage found while it runs replaces the outbox", async () => {
  const { keeper, told, damages, adopted } = start([], { pages: [numbered(7)], waited: 1 });
  await keeper.open();
  damages[0]?.();
  damages[0]?.();
  await settle();
  assert.equal(keeper.outbox()?.state().id, "outbox-2");
  assert.deepEqual(told, ["stopped outbox-1", "closed outbox-1", "set aside damaged-1.db"]);
  assert.deepEqual(adopted, [7]);
  await keeper.stop();
});

test("a file that was set aside before a restart is read once, and named until it is taken away", async () => {
  const { keeper, time, adopted, aside } = start([], {
    aside: [{ file: "old.db", note: "all 4 answers" }, { file: "new.db" }],
    pages: [numbered(9)],
  });
  await keeper.open();
  await settle();
  assert.deepEqual(adopted, [9]);
  assert.deepEqual(keeper.damaged(), [
    "old.db: all 4 answers",
    "new.db: 1 of an unknown number of answers that waited in it were read and go up",
  ]);
  aside.length = 0;
  time.advance(60_000);
  await settle();
  assert.deepEqual(keeper.damaged(), []);
  await keeper.stop();
});

test("after five damaged files no further one is set aside, and it says so", async () => {
  const aside = Array.from({ length: 5 }, (_, at) => ({ file: `${at}.db`, note: "x" }));
  const { keeper, told } = start(["damaged", "damaged"], { aside });
  await keeper.open();
  assert.equal(keeper.outbox(), undefined);
  assert.match(keeper.trouble() ?? "", /replace the disk/);
  assert.deepEqual(told, []);
  await keeper.stop();
});
