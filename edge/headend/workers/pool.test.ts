import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createCounters } from "../serve/counters.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./messages.ts";
import { createWorkers } from "./pool.ts";

const COUNTING = { is: "counting", figures: { counters: createCounters() } } as FromWorker;
const settings = { host: "127.0.0.1", port: 0 } as WorkerSettings;

function fakes(count = 2) {
  const time = createSimulatedTime(0);
  const counters = createCounters();
  const children: {
    heard: ToWorker[];
    killed: boolean;
    say(message: FromWorker): void;
    end(how: string): void;
    last(): ToWorker | undefined;
  }[] = [];
  const workers = createWorkers(
    {
      spawn() {
        let onLine = (_: string) => {};
        const onEnds: ((how: string) => void)[] = [];
        const heard: ToWorker[] = [];
        const child = {
          ...{ heard, killed: false },
          say: (message: FromWorker) => onLine(JSON.stringify(message)),
          end: (how: string) => {
            for (const call of onEnds) call(how);
          },
          last: () => heard.at(-1),
        };
        children.push(child);
        return {
          send: (line) => heard.push(JSON.parse(line)),
          kill() {
            child.killed = true;
            child.end("signal SIGKILL");
          },
          onLine: (call) => {
            onLine = call;
          },
          onEnd: (call) => onEnds.push(call),
        };
      },
      desk: (send) => (asks) => send(asks.map(({ id }) => ({ id, accepted: 0 }))),
      ...{ counters, clock: time.clock, timers: time.timers, log: silentLog },
    },
    { count, settings },
  );
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  const child = (index: number) => {
    const found = children[index];
    assert.ok(found, `there is no worker ${index}`);
    return found;
  };
  async function serving(path?: string) {
    const port = workers.begin(path);
    for (let index = 0; index < count; index++) {
      await settle();
      child(index).say({ is: "listening", port: 4711 });
    }
    assert.equal(await port, 4711);
  }
  return { workers, children, child, counters, time, settle, serving };
}

test("createWorkers() lets the first take a port and the others share it", async () => {
  const { serving, child } = fakes(3);
  await serving("/p/1.db");
  const begun = [0, 1, 2].map((index) => child(index).heard[0] as Extract<ToWorker, { do: "begin" }>);
  assert.deepEqual(
    begun.map(({ settings: { port }, path }) => [port, path]),
    [
      [0, "/p/1.db"],
      [4711, "/p/1.db"],
      [4711, "/p/1.db"],
    ],
  );
});

test("createWorkers() switches to a publication only once each has loaded it, and then all at once", async () => {
  const { workers, serving, child, settle } = fakes();
  await serving("/p/1.db");
  let loaded = false;
  const loading = workers.load("/p/2.db").then(() => {
    loaded = true;
  });
  await settle();
  child(0).say({ is: "loaded" });
  await settle();
  assert.equal(loaded, false);
  child(1).say({ is: "loaded" });
  await loading;
  assert.deepEqual(
    [0, 1].map((index) => child(index).last()?.do),
    ["load", "load"],
  );
  workers.switchOver();
  assert.deepEqual(
    [0, 1].map((index) => child(index).last()?.do),
    ["switch", "switch"],
  );
});

test("createWorkers() replaces one that ends, on the same port with the newest publication, more slowly each time", async () => {
  const { workers, serving, child, children, time, settle } = fakes();
  await serving("/p/1.db");
  const loading = workers.load("/p/2.db");
  await settle();
  child(1).end("signal SIGKILL");
  child(0).say({ is: "loaded" });
  await loading;
  assert.equal(workers.state().count.serving, 1);
  time.advance(100);
  await settle();
  const begin = child(2).last() as Extract<ToWorker, { do: "begin" }>;
  assert.deepEqual([begin.do, begin.settings.port, begin.path], ["begin", 4711, "/p/2.db"]);
  child(2).say({ is: "listening", port: 4711 });
  assert.deepEqual(workers.state().count, { asked: 2, serving: 2, replaced: 1 });
  child(2).end("code 1");
  time.advance(100);
  assert.equal(children.length, 3);
  time.advance(100);
  assert.equal(children.length, 4);
});

test("createWorkers() gives up a worker that does not load in time, and waits for the others alone", async () => {
  const { workers, serving, child, time, settle } = fakes();
  await serving("/p/1.db");
  const loading = workers.load("/p/2.db");
  await settle();
  child(0).say({ is: "loaded" });
  await settle();
  for (let second = 0; second < 60; second++) {
    for (const index of [0, 1]) child(index).say(COUNTING);
    assert.deepEqual([second, child(1).killed], [second, false]);
    time.advance(1_000);
  }
  await loading;
  assert.equal(child(1).killed, true);
  assert.equal(child(0).killed, false);
});

test("createWorkers() lets one that began with the publication before catch up by itself", async () => {
  const { workers, serving, child, time, settle } = fakes();
  await serving("/p/1.db");
  child(1).end("signal SIGKILL");
  time.advance(100);
  await settle();
  const loading = workers.load("/p/2.db");
  await settle();
  child(0).say({ is: "loaded" });
  await loading;
  child(2).say({ is: "listening", port: 4711 });
  await settle();
  assert.deepEqual(child(2).last(), { do: "load", path: "/p/2.db" });
  child(2).say({ is: "loaded" });
  await settle();
  assert.deepEqual(child(2).last(), { do: "switch" });
});

test("createWorkers() kills one that serves and is silent, and tells since when fewer serve than asked for", async () => {
  const { workers, serving, child, children, time } = fakes();
  await serving("/p/1.db");
  for (let second = 0; second < 30; second++) {
    for (const index of [0, 1]) child(index).say(COUNTING);
    time.advance(1_000);
  }
  assert.deepEqual(
    [child(0).killed, child(1).killed, workers.state().count.fewerForMs],
    [false, false, undefined],
  );
  for (let second = 0; second < 12; second++) {
    child(0).say(COUNTING);
    time.advance(1_000);
  }
  assert.deepEqual([child(0).killed, child(1).killed, children.length], [false, true, 3]);
  const { serving: still, fewerForMs = 0 } = workers.state().count;
  assert.ok(still === 1 && fewerForMs > 0 && fewerForMs <= 4_000, `${fewerForMs}`);
  child(2).say({ is: "listening", port: 4711 });
  assert.equal(workers.state().count.fewerForMs, undefined);
});

test("createWorkers() adds up what they count, and keeps what one that is gone has counted", async () => {
  const { workers, serving, child, counters } = fakes();
  await serving();
  const count = (index: number, pulls: number, accepted: number) =>
    child(index).say({
      is: "counting",
      figures: {
        counters: { ...createCounters(), pulls, receipts: { accepted }, replies: [0, 0, pulls] },
        ...{ inFlightBytes: 10, residentBytes: 100, suppressed: {} },
      },
    });
  count(0, 5, 1);
  count(1, 7, 0);
  count(0, 6, 3);
  assert.deepEqual([counters.pulls, counters.receipts.accepted, counters.replies[2]], [13, 3, 13]);
  child(0).end("signal SIGKILL");
  assert.equal(counters.pulls, 13);
  assert.deepEqual([workers.state().residentBytes, workers.state().inFlightBytes], [100, 10]);
});

test("createWorkers() begins one again that ends before it is ready, a few times, then gives up", async () => {
  const { workers, children, child, settle, time } = fakes();
  const begun = workers.begin("/p/1.db");
  await settle();
  child(0).end("signal SIGKILL");
  await settle();
  assert.equal(children.length, 2);
  time.advance(100);
  await settle();
  // The second has waited for the port of the first.
  child(2).say({ is: "listening", port: 4711 });
  await settle();
  for (let again = 0; again <= 5; again++) {
    children.at(again === 0 ? 1 : -1)?.end("signal SIGKILL");
    await settle();
    time.advance(5_000);
    await settle();
  }
  await assert.rejects(begun, { code: "worker-ended" });
  assert.equal(children.length, 8);
});

test("createWorkers() says why the first cannot listen, and replaces none that ends with the edge", async () => {
  const refusing = fakes();
  const port = refusing.workers.begin(undefined);
  await refusing.settle();
  const error = {
    message: "Cannot listen on x:1: taken",
    code: "cannot-listen",
    status: 500,
    retryable: false,
  };
  refusing.child(0).say({ is: "refused", error });
  await assert.rejects(port, { code: "cannot-listen", message: error.message });

  const { workers, serving, child, children, time } = fakes();
  await serving();
  const closing = workers.close();
  assert.deepEqual(
    [0, 1].map((index) => child(index).last()?.do),
    ["stop", "stop"],
  );
  for (const index of [0, 1]) child(index).end("code 0");
  await closing;
  time.advance(60_000);
  assert.equal(children.length, 2);
});
