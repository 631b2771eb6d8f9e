import assert from "node:assert/strict";
import { test } from "node:test";
import { countReply, createCounters } from "../serve/counters.ts";
import { createMetrics } from "./metrics.ts";
import { createRate } from "./rate.ts";
import { makeReport, type StatusInputs } from "./report.ts";
import { createStatusApp } from "./routes.ts";
import { tongueOf } from "./words.ts";

const HOUR = 3_600_000;
const NOW = 1795431000000;
const well: StatusInputs = {
  nowMs: NOW,
  startedAtMs: NOW - HOUR,
  software: "0.1.0",
  runtime: "deno 2.9.6",
  timeZoneData: "2026b",
  identity: { edge: "north-1", region: "north" },
  central: { url: "http://central.test", up: true, sinceMs: NOW - HOUR },
  snapshot: {
    epoch: 2,
    revision: 418,
    hash: "a".repeat(64),
    publishedAtMs: NOW - HOUR,
    regionKnown: true,
    counts: { channels: 3, placements: 4, interactions: 5, programmes: 6 },
    left: { recurrenceWithoutEnd: true, guideUntilMs: NOW + 30 * HOUR },
    troubles: [],
  },
  sync: {},
  outbox: { waiting: 0 },
  traffic: { pulls: 10, notModified: 4, pullsPerSecond: 2, shed: 0, failures: 0 },
  clockOffsetMs: -12,
};
const snapshot = well.snapshot as NonNullable<StatusInputs["snapshot"]>;

const cases: [what: string, change: Partial<StatusInputs>, codes: string[], state: string][] = [
  ["nothing wrong", {}, [], "good"],
  ["no identity", { identity: undefined }, ["not-enrolled"], "alarm"],
  ["nothing to serve", { snapshot: undefined }, ["nothing-to-serve"], "alarm"],
  ["no line", { central: { url: "x", up: false, why: "refused" } }, ["central-unreachable"], "warning"],
  ["a refused publication", { sync: { refused: "older" } }, ["publication-refused"], "alarm"],
  ["a failing sync", { sync: { failed: "timed out" } }, ["sync-fails"], "warning"],
  ["an unknown region", { snapshot: { ...snapshot, regionKnown: false } }, ["region-unknown"], "alarm"],
  ["an entry left out", { snapshot: { ...snapshot, troubles: ["x"] } }, ["entries-left-out"], "warning"],
  [
    "a guide that ends in 23 h",
    { snapshot: { ...snapshot, left: { recurrenceWithoutEnd: true, guideUntilMs: NOW + 23 * HOUR } } },
    ["guide-ends-soon"],
    "warning",
  ],
  ["a full disk", { outbox: { waiting: 1, trouble: "full" } }, ["outbox-refuses"], "alarm"],
  ["an old answer", { outbox: { waiting: 1, oldestAtMs: NOW - HOUR } }, ["outbox-waits"], "warning"],
  [
    "an uplink that fails",
    { outbox: { waiting: 1, oldestAtMs: NOW, uplinkTrouble: "500" } },
    ["outbox-waits"],
    "warning",
  ],
  ["answers set aside", { outbox: { waiting: 0, setAside: 2 } }, ["answers-set-aside"], "warning"],
  ["a damaged copy", { damage: ["1-2-abc.db: bad"] }, ["copy-damaged"], "warning"],
  ["a clock 1 s off", { clockOffsetMs: 1000 }, ["clock-off"], "alarm"],
];
for (const [what, change, codes, state] of cases) {
  test(`makeReport() with ${what} is ${state}`, () => {
    const report = makeReport({ ...well, ...change });
    assert.deepEqual(
      report.troubles.map((trouble) => trouble.code),
      codes,
    );
    assert.equal(report.state, state);
  });
}

test("makeReport() tells the hours left and the boxes that the pulls suggest", () => {
  const report = makeReport(well);
  assert.equal(report.guideLeftHours, 30);
  assert.equal(report.boxesEstimate, 600);
});

function start(change: Partial<StatusInputs> = {}) {
  const counters = createCounters();
  const report = () => makeReport({ ...well, ...change });
  const metrics = createMetrics({ report, counters, inFlightBytes: () => 7 });
  return { app: createStatusApp({ report, metrics }), counters };
}

test("/status shows what is wrong and what to do, in the reader's language, escaped, without scripts", async () => {
  const { app } = start({ sync: { refused: "<b>older</b>" } });
  const english = await app.request("/status", { headers: { "accept-language": "en" } });
  assert.match(english.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  const text = await english.text();
  assert.match(text, /&lt;b&gt;older&lt;\/b&gt;/);
  assert.match(text, /publish with a new epoch/);
  assert.doesNotMatch(text, /<script|<b>/);
  const chinese = await (await app.request("/status", { headers: { "accept-language": "zh-CN" } })).text();
  assert.match(chinese, /lang="zh-CN"/);
  assert.match(chinese, /需要立即处理/);
  assert.match(await (await app.request("/status.css")).text(), /prefers-color-scheme: dark/);
});

test("/status.json is the report", async () => {
  const reply = await start().app.request("/status.json");
  assert.equal(reply.headers.get("cache-control"), "no-store");
  assert.deepEqual(await reply.json(), JSON.parse(JSON.stringify(makeReport(well))));
});

test("/metrics has every family with HELP and TYPE, and a histogram that adds up", async () => {
  const { app, counters } = start({ sync: { refused: "older" } });
  counters.pulls = 5;
  counters.receipts.accepted = 3;
  countReply(counters, 200, 0.2);
  countReply(counters, 304, 3);
  countReply(counters, 500, 9000);
  const text = await (await app.request("/metrics")).text();
  for (const line of [
    "cuecast_edge_pulls_total 5",
    'cuecast_edge_answers_total{status="accepted"} 3',
    "cuecast_edge_not_modified_total 1",
    "cuecast_edge_snapshot_epoch 2",
    "cuecast_edge_snapshot_revision 418",
    "cuecast_edge_sync_refused 1",
    "cuecast_edge_central_up 1",
    "cuecast_edge_outbox_waiting 0",
    'cuecast_edge_reply_duration_seconds_bucket{le="0.0005"} 1',
    'cuecast_edge_reply_duration_seconds_bucket{le="0.005"} 2',
    'cuecast_edge_reply_duration_seconds_bucket{le="+Inf"} 3',
    "cuecast_edge_reply_duration_seconds_count 3",
    'cuecast_edge_info{edge="north-1",region="north",software="0.1.0",runtime="deno 2.9.6",tzdata="2026b"} 1',
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
  for (const [, name] of text.matchAll(/^# TYPE (\S+)/gm)) assert.ok(text.includes(`# HELP ${name} `), name);
  assert.doesNotMatch(text, /nodejs_|process_/);
});

test("the admin port shows and changes nothing: 404 and 405 elsewhere", async () => {
  const { app } = start();
  assert.equal((await app.request("/nothing")).status, 404);
  assert.equal((await app.request("/status", { method: "POST" })).status, 405);
});

test("tongueOf() takes the better of Chinese and English", () => {
  assert.equal(tongueOf(undefined), "en");
  assert.equal(tongueOf("fr"), "en");
  assert.equal(tongueOf("fr, zh-Hans;q=0.4"), "zh");
  assert.equal(tongueOf("zh;q=0.5, en;q=0.8"), "en");
  assert.equal(tongueOf("zh-CN,zh;q=0.9,en;q=0.8"), "zh");
});

test("createRate() gives the rise per second over its readings", () => {
  const rate = createRate();
  assert.equal(rate.perSecond(), 0);
  rate.read(0, 0);
  rate.read(50, 5000);
  assert.equal(rate.perSecond(), 10);
  for (let index = 2; index < 40; index++) rate.read(50, index * 5000);
  assert.equal(rate.perSecond(), 0);
});
