import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { countReply, createCounters } from "../serve/counters.ts";
import { HOUR, NOW, REPORT_CASES, wellInputs } from "../testing/status-inputs.ts";
import type { StatusInputs } from "./inputs.ts";
import { createMetrics } from "./metrics.ts";
import { createRate } from "./rate.ts";
import { createRecentLog } from "./recent-log.ts";
import { makeReport } from "./report.ts";
import { createStatusApp } from "./routes.ts";
import { TROUBLE_CODES } from "./troubles.ts";
import { tongueOf, troubleWords, WORDS } from "./words.ts";

const well = wellInputs;
const snapshot = well.snapshot as NonNullable<StatusInputs["snapshot"]>;

for (const [what, change, codes, state] of REPORT_CASES) {
  test(`makeReport() with ${what} is ${state}`, () => {
    const report = makeReport({ ...well, ...change });
    assert.deepEqual(
      report.troubles.map((trouble) => trouble.code),
      codes,
    );
    assert.equal(report.state, state);
  });
}

test("makeReport() tells the hours left", () => {
  assert.equal(makeReport(well).guideLeftHours, 30);
});

test("/status tells the hours of the next recurrence that ends, and names channels without a guide", async () => {
  const page = async (left: NonNullable<StatusInputs["snapshot"]>["left"]) => {
    const { app } = start({ snapshot: { ...snapshot, left } });
    return await (await app.request("/status?lang=en")).text();
  };
  const some = await page({
    ...{ recurrenceWithoutEnd: true, recurrenceEndsMs: [NOW - HOUR, NOW + 36 * HOUR, NOW + 90 * HOUR] },
    withoutGuide: ["c1", "c2", "c3", "c4", "c5", "c6"],
  });
  assert.match(some, /recurrences without end/);
  assert.match(some, /a recurrence ends in 36 h, at /);
  assert.match(some, /6 channels without a guide: c1, c2, c3, c4, c5 …/);
  assert.match(
    await page({ recurrenceWithoutEnd: false, recurrenceEndsMs: [NOW - 1] }),
    /all recurrences have ended/,
  );
  assert.match(await page({ recurrenceWithoutEnd: false }), /no recurrences/);
});

function start(change: Partial<StatusInputs> = {}) {
  const counters = createCounters();
  const report = () => makeReport({ ...well, ...change });
  const metrics = createMetrics({ report, counters, inFlightBytes: () => 7 });
  return { app: createStatusApp({ report, metrics: async () => metrics, files: new Map() }), counters };
}

test("/status shows what is wrong and what to do, in the reader's language, escaped, with its own script alone", async () => {
  const { app } = start({ sync: { refused: "<b>older</b>" } });
  const english = await app.request("/status", { headers: { "accept-language": "en" } });
  assert.match(english.headers.get("content-security-policy") ?? "", /default-src 'none'/);
  const text = await english.text();
  assert.match(text, /&lt;b&gt;older&lt;\/b&gt;/);
  assert.match(text, /publish with --new-epoch/);
  assert.doesNotMatch(text.replace('<script src="/status.js" defer></script>', ""), /<script|<b>/);
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

test("every trouble, fault and event has its words in both tongues", () => {
  const gaps = (value: unknown, path: string): string[] => {
    if (typeof value === "string") return value.trim() === "" ? [path] : [];
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([key, inner]) => gaps(inner, `${path}.${key}`));
  };
  assert.deepEqual(gaps(WORDS, ""), []);
  assert.deepEqual(Object.keys(WORDS.zh.events).sort(), Object.keys(WORDS.en.events).sort());
  for (const words of [WORDS.zh, WORDS.en]) {
    for (const code of TROUBLE_CODES) assert.ok(words.troubles[code].action.length > 10, code);
  }
});

test("/status says of a line what it met there", async () => {
  const { app } = start({ central: { url: "x", up: false, why: "no answer in 15000 ms" } });
  const text = await (await app.request("/status?lang=en")).text();
  assert.match(text, /the line swallows what is sent/);
  assert.match(await (await app.request("/status?lang=zh")).text(), /中心没有应答/);
});

test("createRecentLog() keeps the last warnings and errors, and counts those that repeat", () => {
  const time = createSimulatedTime(NOW);
  const { log, recent } = createRecentLog(silentLog, time.clock);
  log.info("serving");
  for (let turn = 0; turn < 3; turn++) log.warn("sync-failed", { error: "no answer" });
  for (let turn = 0; turn < 12; turn++) log.error("request-failed", { why: `case ${turn}` });
  log.warn("sync-failed", { error: "no answer" });
  assert.equal(recent().length, 10);
  assert.deepEqual(recent()[0], {
    level: "warn",
    event: "sync-failed",
    said: [{ name: "error", text: "no answer" }],
    lastMs: NOW,
    times: 1,
  });
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

test("answers that cannot be stored want room on a full disk, and rights where these are missing", () => {
  const actionOf = (trouble: string) => {
    const [first] = makeReport({ ...well, outbox: { waiting: 0, trouble } }).troubles;
    assert.equal(first?.code, "outbox-refuses");
    return Object.values(WORDS).map((words) => (first ? troubleWords(words, first).action : ""));
  };
  const rights =
    "Cannot open /d/outbox.db: this user may not do that there (EACCES: permission denied, open)";
  for (const action of actionOf(rights)) assert.match(action, /chown -R --reference=/);
  for (const action of actionOf("its disk is full")) assert.doesNotMatch(action, /chown/);
});

test("answers that wait for room on this edge's own disk want room there, and those that wait for central's do not", () => {
  const actionOf = (uplinkTrouble: string) => {
    const outbox = { waiting: 3, oldestAtMs: NOW, uplinkTrouble };
    const [first] = makeReport({ ...well, outbox }).troubles;
    assert.equal(first?.code, "outbox-waits");
    return first ? troubleWords(WORDS.en, first).action : "";
  };
  assert.match(actionOf("Cannot write to the outbox: its disk is full"), /^Make room on the disk/);
  assert.match(actionOf("Cannot write to the outbox: this user may not do that there (EACCES)"), /chown/);
  const central = "Cannot send answers to central http://c: it cannot now: its disk is full";
  assert.match(actionOf(central), /central's own status/);
});
