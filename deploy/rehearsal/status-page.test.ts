/** The edge's status page in a real browser: both tongues, light and dark, a narrow window, nothing blocked by its CSP. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { readDistFiles } from "../../edge/headend/platform/dist-files.ts";
import { createCounters } from "../../edge/headend/serve/counters.ts";
import type { StatusInputs } from "../../edge/headend/status/inputs.ts";
import { createMetrics } from "../../edge/headend/status/metrics.ts";
import { makeReport } from "../../edge/headend/status/report.ts";
import { createStatusApp } from "../../edge/headend/status/routes.ts";
import { type Server, serve } from "../../shared/runtime/serve.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { PROJECT_DIR } from "../local/binaries.mjs";
import { startBrowser, type TestBrowser } from "./browser.ts";

const HOUR = 3_600_000;
const SCREENSHOTS = process.env.CUECAST_REHEARSE_SCREENSHOTS;
const random = createSeededRandom(7);

function wellInputs(): StatusInputs {
  const nowMs = Date.now();
  return {
    nowMs,
    startedAtMs: nowMs - 76 * HOUR,
    software: "0.1.0",
    runtime: "deno 2.9.6",
    timeZoneData: "2026b",
    identity: { edge: "north-1", region: "north" },
    central: { url: "https://central.example", up: true, sinceMs: nowMs - 30 * HOUR, timeZoneData: "2026b" },
    snapshot: {
      epoch: 2,
      revision: 418,
      hash: "4f9a1c0b7d2e".padEnd(64, "0"),
      publishedAtMs: nowMs - 2 * HOUR,
      regionKnown: true,
      counts: { channels: 86, placements: 214, interactions: 61, programmes: 18_420 },
      left: { recurrenceWithoutEnd: true, guideUntilMs: nowMs + 151 * HOUR },
      troubles: [],
    },
    sync: { lastSyncMs: nowMs - 40_000, syncs: 200, failures: 1, kills: 0 },
    outbox: { waiting: 0, bytes: 48_000_000 },
    traffic: {
      ...{ pulls: 1_200_000, notModified: 1_150_000, pullsPerSecond: 341.2, shed: 0, failures: 0 },
      boxes: 102_300,
      rates: Array.from({ length: 180 }, (_, at) => 300 + 60 * Math.sin(at / 20) + 30 * random()),
    },
    ...{ clockOffsetMs: -3.2, clockErrorMs: 6.1, residentBytes: 190_000_000 },
    disk: { freeBytes: 21_474_836_480, totalBytes: 64_424_509_440 },
    certificateEndsAtMs: nowMs + 71 * 24 * HOUR,
    recent: [],
  };
}

function badInputs(): StatusInputs {
  const well = wellInputs();
  const { nowMs } = well;
  const why =
    "Cannot reach central at https://central.example: invalid peer certificate: certificate expired: verification time 1795431900";
  return {
    ...well,
    central: { ...well.central, up: false, sinceMs: nowMs - 3 * HOUR, why, timeZoneData: "2026c" },
    snapshot: well.snapshot && {
      ...well.snapshot,
      left: { recurrenceWithoutEnd: false, guideUntilMs: nowMs + 20 * HOUR },
    },
    outbox: {
      waiting: 48_211,
      oldestAtMs: nowMs - 3 * HOUR,
      bytes: 310_000_000,
      setAside: 1,
      uplinkTrouble: why,
    },
    clockOffsetMs: 1_830,
    disk: { freeBytes: 402_653_184, totalBytes: 64_424_509_440 },
    recent: [
      {
        level: "warn",
        event: "uplink-failed",
        said: [{ name: "error", text: why }],
        lastMs: nowMs - 9_000,
        times: 1,
      },
      {
        level: "error",
        event: "publication-damaged",
        said: [
          { name: "name", text: "2-417-aa.db" },
          { name: "error", text: "it is empty" },
        ],
        lastMs: nowMs - 76 * HOUR,
        times: 3,
      },
    ],
  };
}

let browser: TestBrowser;
let server: Server;
let start: (port: number) => Promise<void>;
let inputs = wellInputs();
before(async () => {
  const report = () => makeReport(inputs);
  const metrics = createMetrics({ report, counters: createCounters(), inFlightBytes: () => 0 });
  const files = readDistFiles(join(PROJECT_DIR, "dist"));
  const app = createStatusApp({ report, metrics: async () => metrics, files });
  start = async (port) => {
    server = await serve((request) => app.fetch(request), { hostname: "127.0.0.1", port });
  };
  await start(0);
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await server?.close();
});

const looks = [
  { name: "good-light-en", bad: false, scheme: "light", language: "en", width: 1280 },
  { name: "good-dark-zh", bad: false, scheme: "dark", language: "zh-CN", width: 1280 },
  { name: "bad-dark-en", bad: true, scheme: "dark", language: "en", width: 1280 },
  { name: "bad-light-zh", bad: true, scheme: "light", language: "zh-CN", width: 1280 },
  { name: "bad-light-zh-narrow", bad: true, scheme: "light", language: "zh-CN", width: 390 },
] as const;
for (const { name, bad, scheme, language, width } of looks) {
  test(`/status ${name}: fits, shows its fonts, and its policy blocks nothing`, async () => {
    inputs = bad ? badInputs() : wellInputs();
    const context = await browser.browser.newContext({
      colorScheme: scheme,
      locale: language,
      viewport: { width, height: 900 },
    });
    try {
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
      page.on("requestfailed", (request) => complaints.push(`${request.url()} failed`));
      await page.goto(`http://127.0.0.1:${server.port}/status`);
      await page.evaluate("document.fonts.ready.then(() => 1)");
      assert.equal(await page.evaluate("document.documentElement.lang"), language);
      assert.equal(await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), true);
      const loaded = await page.evaluate(
        "[...document.fonts].filter((face) => face.status === 'loaded').length",
      );
      if (language === "zh-CN") assert.ok(Number(loaded) > 0, "no piece of the Chinese font was loaded");
      // Text must stand out from what is behind it, in either scheme.
      const colours = await page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor].join()",
      );
      assert.match(String(colours), scheme === "dark" ? /^rgb\(2\d\d.*rgb\(1\d,/ : /^rgb\(\d\d,.*rgb\(24\d/);
      if (SCREENSHOTS)
        await page.screenshot({ path: join(SCREENSHOTS, `status-${name}.png`), fullPage: true });
      assert.deepEqual(complaints, []);
    } finally {
      await context.close();
    }
  });
}

test("/status asks for itself again, and shows what is new", async () => {
  inputs = wellInputs();
  const page = await browser.browser.newPage({ locale: "en" });
  try {
    await page.goto(`http://127.0.0.1:${server.port}/status`);
    assert.match((await page.textContent("[role=status]")) ?? "", /All is well/);
    inputs = badInputs();
    await page.waitForSelector(".state.alarm", { timeout: 15_000 });
    await page.click("header a");
    assert.equal(await page.evaluate("document.documentElement.lang"), "zh-CN");
  } finally {
    await page.close();
  }
});

test("/status says that the edge does not answer, and goes on once it does", async () => {
  inputs = wellInputs();
  const page = await browser.browser.newPage({ locale: "en" });
  try {
    await page.goto(`http://127.0.0.1:${server.port}/status`);
    await server.close(0);
    await page.waitForSelector("#away:not([hidden])", { timeout: 30_000 });
    assert.match((await page.textContent("[role=status]")) ?? "", /All is well/);
    inputs = badInputs();
    await start(server.port);
    await page.waitForSelector(".state.alarm", { timeout: 30_000 });
    await page.waitForSelector("#away", { state: "hidden" });
  } finally {
    await page.close();
  }
});
