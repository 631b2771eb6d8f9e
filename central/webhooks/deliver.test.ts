import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLog } from "../../shared/log.ts";
import { type Database, openDatabase } from "../../shared/runtime/database.ts";
import { createSimulatedTime } from "../../shared/testing/simulated-time.ts";
import { AUTHORING_MIGRATIONS } from "../store/authoring.ts";
import { createWebhooks, type Webhooks } from "../store/webhooks.ts";
import { createDeliverer } from "./deliver.ts";
import { drawSecret, signatureHeaders } from "./sign.ts";
import { EVENT_TYPES } from "./webhook.ts";

const NOW_MS = 1_800_000_000_000;
const HOUR_MS = 3_600_000;

interface Sent {
  id: string;
  atMs: number;
  signature: string;
  body: string;
}

/** A receiver that answers what it is told to, and a queue with one webhook. */
async function withReceiver(
  run: (t: {
    database: Database;
    webhooks: Webhooks;
    sent: Sent[];
    answer(make: () => Response): void;
    queue(id: string): Promise<void>;
    pass(ms: number): Promise<void>;
    restart(): Promise<void>;
    state(id: string): Promise<{ state: string; tries: number; why?: string | undefined } | undefined>;
  }) => Promise<void>,
) {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-webhooks-"));
  const database = await openDatabase(join(folder, "authoring.db"), AUTHORING_MIGRATIONS);
  const time = createSimulatedTime(NOW_MS);
  const webhooks = createWebhooks(database);
  const secret = drawSecret();
  await webhooks.add(
    "w1",
    { url: "http://r.test/", types: [...EVENT_TYPES], enabled: true, about: "" },
    secret,
    1,
  );
  const sent: Sent[] = [];
  let reply = () => new Response(null, { status: 204 });
  const make = () =>
    createDeliverer({
      ...{ webhooks, clock: time.clock, timers: time.timers, log: silentLog, random: () => 0, version: "1" },
      onSettled() {},
      fetch: async (_url, init) => {
        const headers = new Headers(init?.headers);
        const [id, at] = [headers.get("webhook-id") ?? "", Number(headers.get("webhook-timestamp"))];
        const body = String(init?.body);
        const wanted = signatureHeaders(secret, id, at, body)["webhook-signature"];
        assert.equal(headers.get("webhook-signature"), wanted);
        assert.equal(init?.redirect, "manual");
        sent.push({ id, atMs: time.clock.wallMs(), signature: wanted ?? "", body });
        return reply();
      },
    });
  let deliverer = make();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  try {
    await run({
      ...{ database, webhooks, sent },
      answer(next) {
        reply = next;
      },
      async queue(id) {
        const event = { id, type: "published" as const, atMs: time.clock.wallMs(), data: { revision: 1 } };
        await webhooks.queue(event, ["w1"], time.clock.wallMs());
        deliverer.wake();
        for (let turn = 0; turn < 20; turn++) await settle();
      },
      async pass(ms) {
        const end = time.clock.monotonicMs() + ms;
        while (time.clock.monotonicMs() < end) {
          const next = Math.min(end, time.nextDueMs() ?? end);
          time.advance(Math.max(1, next - time.clock.monotonicMs()));
          for (let turn = 0; turn < 20; turn++) await settle();
        }
      },
      async restart() {
        deliverer.close();
        deliverer = make();
        deliverer.wake();
        for (let turn = 0; turn < 20; turn++) await settle();
      },
      state: async (id) => webhooks.delivery("w1", id),
    });
  } finally {
    deliverer.close();
    database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

test("signatureHeaders() signs as the Standard Webhooks libraries do", () => {
  const headers = signatureHeaders(
    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "msg_p5jXN8AQM9LWM0D4loKWxJek",
    1_614_265_330,
    '{"test": 2432232314}',
  );
  assert.equal(headers["webhook-signature"], "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
});

test("createDeliverer() delivers an event once when it is taken, under its id", () =>
  withReceiver(async ({ queue, sent, pass, state }) => {
    await queue("e1");
    await queue("e1");
    await pass(HOUR_MS);
    assert.deepEqual(
      sent.map(({ id }) => id),
      ["e1"],
    );
    assert.deepEqual(JSON.parse(sent[0]?.body ?? ""), {
      type: "published",
      timestamp: new Date(NOW_MS).toISOString(),
      data: { revision: 1 },
    });
    assert.equal((await state("e1"))?.state, "delivered");
  }));

test("createDeliverer() tries again with growing pauses under the same id, and gives up after about a day", () =>
  withReceiver(async ({ queue, sent, pass, answer, state }) => {
    answer(() => new Response("no", { status: 500 }));
    await queue("e1");
    await pass(40 * HOUR_MS);
    const gaps = sent.slice(1).map(({ atMs }, index) => atMs - (sent[index]?.atMs ?? 0));
    assert.equal(sent.length, 11);
    assert.deepEqual(
      [...gaps].sort((a, b) => a - b),
      gaps,
    );
    const last = await state("e1");
    assert.deepEqual([last?.state, last?.tries, last?.why], ["dead", 11, "it answered 500"]);
    assert.equal(new Set(sent.map(({ id }) => id)).size, 1);
  }));

test("createDeliverer() goes on after a restart with what waited", () =>
  withReceiver(async ({ queue, sent, pass, answer, restart, state }) => {
    answer(() => {
      throw new TypeError("fetch failed");
    });
    await queue("e1");
    assert.equal((await state("e1"))?.why, "fetch failed");
    await restart();
    answer(() => new Response(null, { status: 200 }));
    await pass(HOUR_MS);
    assert.equal(sent.length, 2);
    assert.equal((await state("e1"))?.state, "delivered");
  }));

for (const [what, reply, tries, why] of [
  [
    "follows no redirect",
    () => new Response(null, { status: 302, headers: { location: "http://other/" } }),
    3,
    /redirects/,
  ],
  [
    "gives up at once when the receiver says that it is gone",
    () => new Response(null, { status: 410 }),
    1,
    /410/,
  ],
  [
    "waits as long as the receiver asks",
    () => new Response(null, { status: 429, headers: { "retry-after": "300" } }),
    1,
    /429/,
  ],
] as const) {
  test(`createDeliverer() ${what}`, () =>
    withReceiver(async ({ queue, sent, pass, answer, state }) => {
      answer(reply);
      await queue("e1");
      await pass(60_000);
      assert.equal(sent.length, tries);
      assert.match((await state("e1"))?.why ?? "", why);
    }));
}

test("createWebhooks() bounds what waits for one webhook, and says so of what comes beyond", () =>
  withReceiver(async ({ database, webhooks, state }) => {
    await database.all(
      `INSERT INTO webhook_delivery (id, webhook, event, type, body, at_ms, state, tries, next_ms)
       SELECT 'w1.x' || value, 'w1', 'x' || value, 'test', '{}', 1, 'waiting', 0, ?
       FROM generate_series(1, 10000)`.replace(
        "generate_series(1, 10000)",
        "(WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1 FROM n WHERE value < 10000) SELECT value FROM n)",
      ),
      [NOW_MS * 2],
    );
    await webhooks.queue({ id: "beyond", type: "test", atMs: NOW_MS, data: {} }, ["w1"], NOW_MS);
    assert.deepEqual(
      [(await state("beyond"))?.state, (await state("beyond"))?.why],
      ["dead", "too many wait for this webhook"],
    );
  }));
