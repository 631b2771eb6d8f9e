import assert from "node:assert/strict";
import { test } from "node:test";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { createMemoryStore } from "../platform/store-memory.ts";
import type { Http, HttpReply } from "../ports.ts";
import { breakableClock, breakableHttp, breakableStore, noFaults } from "./faults.ts";

const request = {
  method: "GET",
  url: "http://e/",
  body: null,
  etag: null,
  token: null,
  timeoutMs: 1_000,
} as const;

test("breakableHttp() loses what is asked while the line is cut, and what was under way", () => {
  const time = createSimulatedTime(0);
  const faults = noFaults();
  const http: Http = {
    send: (_, done) =>
      void time.timers.after(100, () =>
        done({ status: 200, text: "{}", etag: null, retryAfter: null, sentMs: 0, receivedMs: 100 }),
      ),
  };
  const broken = breakableHttp(http, faults, time.clock, time.timers);
  const seen: number[] = [];
  const done = (reply: HttpReply) => void seen.push(reply.status);
  broken.send(request, done);
  time.advance(200);
  broken.send(request, done);
  faults.networkCut = true;
  broken.send(request, done);
  time.advance(200);
  faults.networkCut = false;
  broken.send(request, done);
  time.advance(200);
  assert.deepEqual(seen, [200, 0, 0, 200]);
});

test("breakableStore() refuses writes while storage is killed, and keeps what it had", () => {
  const faults = noFaults();
  const store = breakableStore(createMemoryStore(), faults);
  const done: boolean[] = [];
  store.put("a", "1", (ok) => done.push(ok));
  faults.storageKilled = true;
  store.put("a", "2", (ok) => done.push(ok));
  store.remove("a");
  assert.deepEqual(done, [true, false]);
  store.load((entries) => assert.deepEqual(entries, [{ key: "a", text: "1" }]));
  assert.equal(faults.writeFailed, true);
  faults.storageKilled = false;
  assert.equal(faults.writeFailed, true, "not known to be well before something was written");
  store.put("a", "3", (ok) => done.push(ok));
  assert.equal(faults.writeFailed, false);
});

test("breakableClock() sets the wall side alone", () => {
  const time = createSimulatedTime(1_000);
  const faults = noFaults();
  const clock = breakableClock(time.clock, faults);
  faults.skewMs = -600;
  time.advance(50);
  assert.deepEqual([clock.wallMs(), clock.monotonicMs()], [450, 50]);
});
