/** The metrics, the alerts and the dashboard belong together; Prometheus's own checker reads them where it is installed. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { before, test } from "node:test";
import { createCounters } from "../../edge/headend/serve/counters.ts";
import { createMetrics } from "../../edge/headend/status/metrics.ts";
import { makeReport } from "../../edge/headend/status/report.ts";
import { TROUBLE_CODES } from "../../edge/headend/status/troubles.ts";

const at = (name: string) => join(import.meta.dirname, name);
const promtool = (...args: string[]) => spawnSync("promtool", args, { encoding: "utf8" });
const skip = promtool("--version").error
  ? "left out: promtool is not installed (Debian package prometheus)"
  : false;

/** Every metric has a value: nothing is left out for want of it. */
const report = () =>
  makeReport({
    ...{ nowMs: 2_000_000, startedAtMs: 1_000_000, software: "0", runtime: "r", timeZoneData: "2026b" },
    identity: { edge: "e", region: "r" },
    central: { up: true, url: "http://c", timeZoneData: "2026b" },
    snapshot: {
      ...{ epoch: 1, revision: 2, hash: "h", publishedAtMs: 1, regionKnown: true, troubles: [] },
      counts: { channels: 1, placements: 1, interactions: 1, programmes: 1 },
      left: { recurrenceWithoutEnd: true, guideUntilMs: 3_000_000 },
    },
    sync: { lastSyncMs: 1_500_000 },
    outbox: { waiting: 1, oldestAtMs: 1_900_000, bytes: 5 },
    traffic: { pulls: 1, notModified: 1, pullsPerSecond: 1, shed: 0, failures: 0, boxes: 3 },
    ...{ clockOffsetMs: 1, clockErrorMs: 1, residentBytes: 1, certificateEndsAtMs: 9_000_000 },
    disk: { freeBytes: 1, totalBytes: 2 },
  });

let metrics = "";
const named = new Set<string>(["up"]);
before(async () => {
  metrics = await createMetrics({ report, counters: createCounters(), inFlightBytes: () => 0 }).metrics();
  for (const [, name = ""] of metrics.matchAll(/^([a-z_]+)(?:\{|\s)/gm)) named.add(name);
});

const metricsIn = (text: string) => text.match(/\bcuecast_[a-z_]+|\bup(?=\{)/g) ?? [];

test("every metric that the alerts and the dashboard name exists", async () => {
  for (const file of ["cuecast.rules.yml", "grafana-dashboard.json"]) {
    const found = metricsIn(await readFile(at(file), "utf8"));
    assert.ok(found.length > 10, `${file} names only ${found.length}`);
    assert.deepEqual(
      found.filter((name) => !named.has(name)),
      [],
      file,
    );
  }
});

test("every trouble that the alerts name exists", async () => {
  const rules = await readFile(at("cuecast.rules.yml"), "utf8");
  const codes = [...rules.matchAll(/code="([a-z-]+)"/g)].map(([, code]) => code);
  assert.ok(codes.length > 0);
  for (const code of codes) assert.ok((TROUBLE_CODES as readonly string[]).includes(code as string), code);
});

test("the dashboard's panels lie beside one another and ask something", async () => {
  interface Panel {
    id: number;
    type: string;
    title: string;
    gridPos: { x: number; y: number; w: number; h: number };
    targets?: { expr: string }[];
  }
  const { panels } = JSON.parse(await readFile(at("grafana-dashboard.json"), "utf8")) as { panels: Panel[] };
  assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
  for (const [index, { gridPos: one, type, title, targets }] of panels.entries()) {
    if (type !== "row")
      assert.ok(
        targets?.every(({ expr }) => expr.includes("cuecast_edge_")),
        title,
      );
    assert.ok(one.x + one.w <= 24, title);
    for (const { gridPos: other, title: second } of panels.slice(index + 1)) {
      const apart =
        one.x + one.w <= other.x ||
        other.x + other.w <= one.x ||
        one.y + one.h <= other.y ||
        other.y + other.h <= one.y;
      assert.ok(apart, `${title} lies over ${second}`);
    }
  }
});

test("promtool takes the metrics, the rules and the sample configuration", { skip }, () => {
  const checks: [args: string[], input?: string][] = [
    [["check", "metrics"], metrics],
    [["check", "rules", at("cuecast.rules.yml")]],
    [["check", "config", at("prometheus.yml")]],
  ];
  for (const [args, input] of checks) {
    const { status, stdout, stderr } = spawnSync("promtool", args, {
      encoding: "utf8",
      ...(input && { input }),
    });
    assert.equal(status, 0, `${args.join(" ")}: ${stdout}${stderr}`);
    if (input) assert.equal(stderr + stdout, "", "promtool complains of the metrics");
  }
});
