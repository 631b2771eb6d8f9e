import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { type Child, createReplicaProcess } from "./replica-process.ts";

const command = {
  ...{ do: "sync" as const, url: "http://127.0.0.1:1", token: "t", publicationKey: "k" },
  ...{ replica: "/nowhere", into: "/nowhere/c" },
};
const same = JSON.stringify({
  ...{ ok: true, result: "same", position: { epoch: 1, revision: 1, hash: "0".repeat(64) } },
});

function fakes() {
  const time = createSimulatedTime(0);
  const children: { killed: boolean; sent: string[]; say(line: string): void; end(how: string): void }[] = [];
  let bytes = 0;
  const addresses: string[] = [];
  const spawn = (airUrl: string): Child => {
    addresses.push(airUrl);
    let onLine = (_: string) => {};
    let onEnd = (_: string) => {};
    const child = {
      killed: false,
      sent: [] as string[],
      say: (line: string) => onLine(line),
      end: (how: string) => onEnd(how),
    };
    children.push(child);
    return {
      send: (line) => child.sent.push(line),
      kill: () => {
        child.killed = true;
      },
      onLine: (call) => {
        onLine = call;
      },
      onEnd: (call) => {
        onEnd = call;
      },
    };
  };
  const warned: unknown[] = [];
  const log = { ...silentLog, warn: (event: string, fields?: object) => warned.push([event, fields]) };
  const process = createReplicaProcess(
    { spawn, timers: time.timers, log, progress: async () => bytes },
    { timeoutMs: 1_000, timeoutMaxMs: 5_000 },
  );
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const advance = async (ms: number) => {
    await settle();
    time.advance(ms);
    await settle();
  };
  return {
    ...{ children, addresses, process, warned, advance, settle },
    grow: () => {
      bytes++;
    },
  };
}

test("sync() hands the command over, and keeps the process for the next", async () => {
  const { children, process, settle } = fakes();
  for (let turn = 0; turn < 2; turn++) {
    const reply = process.sync(command);
    await settle();
    children[0]?.say(same);
    assert.equal((await reply).ok, true);
  }
  assert.equal(children.length, 1);
  assert.equal(JSON.parse(children[0]?.sent[1] ?? "").url, command.url);
});

test("sync() kills a process that gets nowhere, and the next one starts another", async () => {
  const { children, process, settle, advance } = fakes();
  const stuck = process.sync(command);
  stuck.catch(() => {});
  await advance(999);
  assert.equal(children[0]?.killed, false);
  await advance(1);
  await assert.rejects(stuck, { code: "replica-stuck", retryable: true });
  assert.equal(children[0]?.killed, true);
  assert.equal(process.kills(), 1);
  const next = process.sync(command);
  await settle();
  children[0]?.say("a line of the dead");
  // It may only have been slow: the next one has twice the time, until one succeeds.
  await advance(1_900);
  assert.equal(children[1]?.killed, false);
  children[1]?.say(same);
  assert.equal((await next).ok, true);
  const after = process.sync(command);
  after.catch(() => {});
  await advance(1_000);
  await assert.rejects(after, { code: "replica-stuck" });
});

test("sync() lets a process go on that still brings bytes, up to a limit", async () => {
  const { children, process, advance, grow } = fakes();
  const slow = process.sync(command);
  slow.catch(() => {});
  for (let second = 0; second < 4; second++) {
    grow();
    await advance(1_000);
    assert.equal(children[0]?.killed, false, `after ${second + 1} s`);
  }
  grow();
  await advance(1_000);
  await assert.rejects(slow, { code: "replica-stuck" });
});

test("sync() fails when the process ends or says what it should not, and recovers", async () => {
  const { children, process, settle } = fakes();
  const died = process.sync(command);
  await settle();
  children[0]?.end("code 1");
  await assert.rejects(died, { code: "replica-died" });
  const garbled = process.sync(command);
  await settle();
  children[1]?.say('{"ok":');
  await assert.rejects(garbled, { code: "replica-garbled" });
  assert.equal(children[1]?.killed, true);
  const stopped = process.sync(command);
  await settle();
  process.stop();
  await assert.rejects(stopped, { code: "replica-died" });
  assert.equal(children[2]?.killed, true);
  await assert.rejects(process.sync(command), { code: "replica-died" });
});

test("sync() asks another address of air through another process, which alone may talk to it", async () => {
  const { children, addresses, process, settle } = fakes();
  for (const url of [command.url, command.url, "http://elsewhere:1"]) {
    const reply = process.sync({ ...command, url });
    await settle();
    children.at(-1)?.say(JSON.stringify({ ok: false, code: "disk-full", message: "Cannot sync: full" }));
    await reply;
  }
  assert.deepEqual(addresses, [command.url, "http://elsewhere:1"]);
  assert.deepEqual(
    children.map(({ killed }) => killed),
    [true, false],
  );
});

test("sync() takes a line that is no object for words of the native library, not for the reply", async () => {
  const { children, process, settle } = fakes();
  const reply = process.sync(command);
  await settle();
  children[0]?.say("2026-11-27T20:04:20Z ERROR libsql_replication: database is full");
  children[0]?.say(JSON.stringify({ ok: false, code: "disk-full", message: "Cannot sync: full" }));
  assert.deepEqual(await reply, { ok: false, code: "disk-full", message: "Cannot sync: full" });
  assert.equal(children[0]?.killed, false);
});

test("what the library says beside is logged without a terminal's colours", async () => {
  const { process, children, settle, warned } = fakes();
  const synced = process.sync(command);
  await settle();
  children[0]?.say("\u001b[2m2026-11-28\u001b[0m \u001b[31mERROR\u001b[0m disk is full");
  children[0]?.say(same);
  await synced;
  assert.deepEqual(warned, [["replica-library-said", { line: "2026-11-28 ERROR disk is full" }]]);
});
