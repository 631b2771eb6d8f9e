import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../shared/log.ts";
import { createSimulatedTime } from "../../shared/testing/simulated-time.ts";
import { createBackupSchedule, type KeptBackup } from "./schedule.ts";

const HOUR_MS = 3_600_000;

function withSchedule(settings: { everyHours: number; keep: number }, kept: KeptBackup[] = []) {
  const time = createSimulatedTime(1_000 * HOUR_MS);
  const backups = [...kept];
  const state = { fail: false, made: 0 };
  const schedule = createBackupSchedule(
    {
      async make() {
        if (state.fail) throw new Error("Cannot back up: no room");
        state.made++;
        const madeAtMs = time.clock.wallMs();
        backups.push({ name: `at-${madeAtMs / HOUR_MS}`, madeAtMs, bytes: 1 });
      },
      list: async () => [...backups],
      async remove(name) {
        backups.splice(
          backups.findIndex((each) => each.name === name),
          1,
        );
      },
      ...{ clock: time.clock, timers: time.timers, log: silentLog },
    },
    settings,
  );
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const pass = async (hours: number) => {
    for (let minute = 0; minute < hours * 60; minute++) {
      time.advance(60_000);
      await settle();
    }
  };
  return { schedule, state, backups, pass, settle, time };
}

test("createBackupSchedule() makes one soon after the start when none is there, then every so often", async () => {
  const { schedule, state, pass, settle } = withSchedule({ everyHours: 6, keep: 3 });
  schedule.start();
  await settle();
  await pass(1);
  assert.equal(state.made, 1);
  await pass(24);
  assert.equal(state.made, 5);
  assert.equal(schedule.view().backups.length, 3);
  schedule.close();
  await pass(24);
  assert.equal(state.made, 5);
});

test("createBackupSchedule() counts on from the last backup after a restart", async () => {
  const last = { name: "last", madeAtMs: 995 * HOUR_MS, bytes: 1 };
  const { schedule, state, pass, settle } = withSchedule({ everyHours: 24, keep: 3 }, [last]);
  schedule.start();
  await settle();
  await pass(18);
  assert.equal(state.made, 0);
  await pass(2);
  assert.equal(state.made, 1);
});

test("createBackupSchedule() keeps what it has while backups fail, says why, and tries again within the hour", async () => {
  const old = [1, 2, 3].map((age) => ({ name: `old-${age}`, madeAtMs: age * HOUR_MS, bytes: 1 }));
  const { schedule, state, backups, pass, settle } = withSchedule({ everyHours: 24, keep: 1 }, old);
  state.fail = true;
  schedule.start();
  await settle();
  await pass(3);
  assert.equal(backups.length, 3);
  assert.match(schedule.view().trouble ?? "", /no room/);
  state.fail = false;
  await pass(1.1);
  assert.equal(schedule.view().trouble, undefined);
  assert.equal(backups.length, 1);
});

test("createBackupSchedule() makes one at a time", () => {
  const { schedule } = withSchedule({ everyHours: 24, keep: 1 });
  schedule.runNow();
  assert.throws(() => schedule.runNow(), { code: "backup-running" });
});
