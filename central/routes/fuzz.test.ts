import assert from "node:assert/strict";
import process from "node:process";
import { test } from "node:test";
import fc from "fast-check";
import type { Log } from "../../shared/log.ts";
import { silentLog } from "../../shared/log.ts";
import {
  arbitraryRequests,
  type Document,
  type DrawnRequest,
  type Examples,
} from "../testing/arbitrary-request.ts";
import {
  authorSample,
  pollBody,
  TEST_NOW_MS,
  type TestCentral,
  withCentral,
} from "../testing/central-for-tests.ts";

/** Of each route. */
const RUNS = Number(process.env.CUECAST_REHEARSE_RUNS ?? 0) || 4;
const SEED = Number(process.env.CUECAST_REHEARSE_SEED ?? 20_261_127);
const CUE = "pl1:c1-p1.0";
const IDS = ["north", "c1", "c2", "int-1", "pl1", "c1-p1", CUE, "ann", "w1", "a", "b"];

const { interaction: poll } = pollBody;
const { options: _options, choices: _choices, ...plain } = poll;
const { answer: _answer, ...silent } = plain;
const placement = { interaction: "int-1", version: 1, channels: ["c1"] };
const rules = [
  { kind: "programme", match: { title: "News" }, at: { from: "start", offsetMs: 300_000 } },
  { kind: "programme", match: { programme: "c1-p1" }, at: { fraction: 0.5 } },
  { kind: "instant", atMs: TEST_NOW_MS + 600_000 },
  { kind: "cron", cron: "0 20 * * *", zone: "Asia/Shanghai" },
];
const placements = rules.map((when) => ({ ...placement, when }));
const span = { fromMs: String(TEST_NOW_MS), untilMs: String(TEST_NOW_MS + 86_400_000) };
const webhook = { url: "http://127.0.0.1:9/", types: ["published"], enabled: true, about: "x" };
const EXAMPLES: Examples = {
  "POST /api/v1/interactions": {
    bodies: [
      pollBody,
      { interaction: { ...poll, type: "quiz" }, correct: ["a"] },
      { interaction: { ...silent, type: "notice" } },
      { interaction: { ...plain, type: "rating", scale: 5 } },
      { interaction: { ...plain, type: "coupon", code: "ABC" } },
      { interaction: { ...plain, type: "link", url: "http://127.0.0.1:9/" } },
    ],
  },
  "PUT /api/v1/placements/{id}": { bodies: placements },
  "POST /api/v1/preview": { bodies: placements.map((each) => ({ id: "pl1", ...each })) },
  "GET /api/v1/preview": { queries: [{ placement: "pl1" }, { placement: "pl1", ...span }] },
  "GET /api/v1/programmes": { queries: [{ channel: "c1", ...span }] },
  "GET /api/v1/timeline": {
    queries: [
      { channels: "c1,c2", ...span },
      { channels: "c1", of: "air", ...span },
    ],
  },
  "GET /api/v1/explain": {
    queries: [
      { cue: CUE, channel: "c1" },
      { placement: "pl1", programme: "c1-p1", channel: "c1" },
    ],
  },
  "GET /api/v1/rollback": { queries: [{ epoch: "1", revision: "1" }] },
  "POST /api/v1/rollback": { bodies: [{ epoch: 1, revision: 1 }] },
  "POST /api/v1/publish": { bodies: [{ comment: "x" }, {}, { newEpoch: true }] },
  "POST /api/v1/guide": {
    bodies: [
      `<?xml version="1.0"?><tv><channel id="c1"><display-name>One</display-name></channel><programme start="21000101000000 +0000" stop="21000101003000 +0000" channel="c1"><title>News</title></programme></tv>`,
    ],
  },
  "PUT /api/v1/guide/sources/{id}": { bodies: [{ url: "http://127.0.0.1:9/", everyMinutes: 60 }] },
  "POST /api/v1/webhooks": { bodies: [webhook] },
  "PUT /api/v1/webhooks/{id}": { bodies: [webhook] },
  "PUT /api/v1/people/{id}": { bodies: [{ role: "editor", password: "long enough" }] },
  "POST /uplink/v1/batch": {
    bodies: [
      {
        outbox: "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d",
        answers: [
          {
            ...{ number: 1, box: "b", key: "6f1c2f6e-3f0a-4c0e-9a53-000000000001", cue: CUE },
            ...{ interaction: "int-1", version: 1, options: ["a"] },
            ...{ answeredAtMs: TEST_NOW_MS + 301_000, receivedAtMs: TEST_NOW_MS + 301_000 },
          },
        ],
        airings: [
          {
            cue: CUE,
            interaction: "int-1",
            version: 1,
            outcomes: { shown: 1 },
            firingErrors: [0, 0, 0, 0, 0, 0, 0, 0, 1],
          },
        ],
        tallies: [{ cue: CUE, interaction: "int-1", version: 1, total: 1, options: { a: 1 } }],
      },
    ],
  },
};

async function enrol(t: TestCentral): Promise<string> {
  const { code } = await t.central.fleet.createCode("north", TEST_NOW_MS);
  return (await t.central.fleet.enrol(code, "http://127.0.0.1:9", TEST_NOW_MS)).uplinkToken;
}

/** @returns the reply's status */
async function check(t: TestCentral, token: string, drawn: DrawnRequest, why: () => string): Promise<number> {
  const { method, path, headers, body } = drawn;
  const reply = await t.central.app.request(
    `http://central.test${path}`,
    {
      method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      ...(body !== undefined && { body: body as BodyInit }),
    },
    { address: "192.0.2.1" },
  );
  const type = reply.headers.get("content-type") ?? "";
  if (type.startsWith("text/event-stream")) {
    await reply.body?.cancel();
    return reply.status;
  }
  const text = await reply.text();
  const told = `${method} ${path.slice(0, 300)} ${String(body).slice(0, 1_000)}\n${reply.status} ${text.slice(0, 500)}\n${why()}`;
  // What is not there to be reached is told, and is nobody's bug: 503.
  assert.notEqual(reply.status, 500, told);
  if (reply.status < 400) return reply.status;
  assert.equal(type, "application/problem+json", told);
  const problem = JSON.parse(text) as { status: number; type: string; detail: string };
  assert.equal(problem.status, reply.status, told);
  assert.match(problem.type, /^\/problems\/[a-z0-9-]+$/, told);
  assert.match(problem.detail, /^Cannot /, told);
  assert.ok(!/\bat .*\.ts:\d+|node:internal|SQLITE_/.test(text), told);
  return reply.status;
}

test(`no request to any route gets a 500, and every refusal is a problem (seed ${SEED}, ${RUNS} runs a route)`, async () => {
  const said: string[] = [];
  const log: Log = {
    ...silentLog,
    error: (event, fields) => {
      said.push(`${event} ${JSON.stringify(fields)}`);
    },
  };
  await withCentral({ air: true, offline: true, log }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const uplink = await enrol(t);
    const hook = (await t.api("POST", "/api/v1/webhooks", webhook)).body.webhook.id;
    const document = (await (await t.central.app.request("/openapi.json")).json()) as Document;
    // It waits as long as it is told; routes.test.ts asks it.
    const routes = arbitraryRequests(document, [...IDS, hook], ["POST /uplink/v1/hint"], EXAMPLES);
    assert.ok(routes.length > 70, String(routes.length));
    const taken = new Map<string, number>();
    const statuses = new Map<number, number>();
    for (const { name, uplink: isUplink, request } of routes) {
      await fc
        .assert(
          fc.asyncProperty(request, async (drawn) => {
            const status = await check(t, isUplink ? uplink : t.token, drawn, () =>
              said.slice(-2).join("\n"),
            );
            if (status < 400) taken.set(name, (taken.get(name) ?? 0) + 1);
            statuses.set(status, (statuses.get(status) ?? 0) + 1);
          }),
          { numRuns: RUNS, seed: SEED, endOnFailure: true, reporter: undefined },
        )
        .catch((error) => {
          throw new Error(
            `${name}: ${error instanceof Error ? `${error.message}\n${error.cause ?? ""}` : error}`,
          );
        });
    }
    // Else it would only try the doors: most routes must have been gone through.
    const told = JSON.stringify([...statuses]);
    assert.ok(taken.size > routes.length / 3, `${taken.size} of ${routes.length} took something: ${told}`);
  });
});
