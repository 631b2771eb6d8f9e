/**
 * Which alerts fire, by Prometheus's own rule tester, on series made from what an edge's metrics say of each trouble;
 * and that a healthy edge raises none, whatever it does not know of itself. Left out where promtool is not installed.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createCounters } from "../../edge/headend/serve/counters.ts";
import type { StatusInputs } from "../../edge/headend/status/inputs.ts";
import { createMetrics } from "../../edge/headend/status/metrics.ts";
import { makeReport } from "../../edge/headend/status/report.ts";

const skip = spawnSync("promtool", ["--version"]).error
  ? "left out: promtool is not installed (Debian package prometheus)"
  : false;

const GIB = 1_073_741_824;
const NOW = 1_000_000_000;
/** Without a guide, a certificate, an estimate of boxes. promtool's time begins at 0. */
const LEAST: StatusInputs = {
  ...{ nowMs: NOW, startedAtMs: 0, software: "0", runtime: "r", timeZoneData: "2026b" },
  identity: { edge: "e", region: "r" },
  central: { up: true, timeZoneData: "2026b" },
  snapshot: {
    ...{ epoch: 1, revision: 2, hash: "h", publishedAtMs: NOW, regionKnown: true, troubles: [] },
    counts: { channels: 1, placements: 1, interactions: 1, programmes: 0 },
    left: { recurrenceWithoutEnd: true },
  },
  sync: { lastSyncMs: NOW },
  outbox: { waiting: 0 },
  traffic: { pulls: 1, notModified: 1, pullsPerSecond: 1, shed: 0, failures: 0 },
  disk: { freeBytes: 50 * GIB, totalBytes: 100 * GIB },
};
const { snapshot } = LEAST as { snapshot: NonNullable<StatusInputs["snapshot"]> };
const DAY_MS = 86_400_000;
const FULL: StatusInputs = {
  ...LEAST,
  snapshot: { ...snapshot, left: { recurrenceWithoutEnd: true, guideUntilMs: NOW + 5 * DAY_MS } },
  outbox: { waiting: 3, oldestAtMs: NOW - 9_000, bytes: 10, setAside: 2 },
  traffic: { ...LEAST.traffic, boxes: 7 },
  ...{ clockOffsetMs: 12, clockErrorMs: 5, certificateEndsAtMs: NOW + 60 * DAY_MS },
};

interface Case {
  inputs: StatusInputs;
  /** Series by metric, in promtool's notation, where they move. */
  moving?: Record<string, string>;
  atMinutes?: number;
  fires: string[];
}

const trouble = (more: Partial<StatusInputs>, ...fires: string[]): Case => ({
  inputs: { ...FULL, ...more },
  fires,
});
const free = (freeBytes: number) => ({ disk: { freeBytes, totalBytes: 100 * GIB } });
const counter = (name: string) => ({
  ...{ inputs: FULL, moving: { [name]: "0+100x600" }, atMinutes: 60 },
});

const CASES: Record<string, Case> = {
  "healthy, knowing nothing more": { inputs: LEAST, fires: [] },
  "healthy, a day later": { inputs: FULL, atMinutes: 1_500, fires: [] },
  "a minute of falling space": {
    ...{ inputs: LEAST, moving: { cuecast_edge_disk_free_bytes: `${50 * GIB}-${GIB}x40` } },
    ...{ atMinutes: 40, fires: [] },
  },
  "space that falls for seven hours": {
    ...{ inputs: LEAST, moving: { cuecast_edge_disk_free_bytes: `${50 * GIB}-${GIB / 10}x600` } },
    ...{ atMinutes: 420, fires: ["CuecastEdgeDiskFills"] },
  },
  "no identity": trouble({ identity: undefined }, "CuecastEdgeNotEnrolled", "CuecastEdgeAlarm"),
  "nothing to serve": trouble(
    ...([{ snapshot: undefined }, "CuecastEdgeNothingToServe", "CuecastEdgeAlarm"] as const),
  ),
  "a region that is not there": trouble(
    ...([
      { snapshot: { ...snapshot, regionKnown: false } },
      "CuecastEdgeRegionUnknown",
      "CuecastEdgeAlarm",
    ] as const),
  ),
  "a refused publication": trouble(
    ...([
      { sync: { refused: "w", lastSyncMs: NOW } },
      "CuecastEdgePublicationRefused",
      "CuecastEdgeAlarm",
    ] as const),
  ),
  "an outbox that refuses": trouble(
    ...([
      { outbox: { waiting: 0, trouble: "full" } },
      "CuecastEdgeAnswersRefused",
      "CuecastEdgeAlarm",
    ] as const),
  ),
  "a damaged outbox": trouble(
    ...([
      { outbox: { waiting: 0, damaged: ["f"] } },
      "CuecastEdgeOutboxDamaged",
      "CuecastEdgeAlarm",
    ] as const),
  ),
  "less than a GiB": trouble(free(GIB / 2), "CuecastEdgeDiskFills"),
  "less than 128 MiB": trouble(
    ...([free(GIB / 10), "CuecastEdgeDiskFills", "CuecastEdgeDiskFull", "CuecastEdgeAlarm"] as const),
  ),
  "a clock that is off": trouble({ clockOffsetMs: -900 }, "CuecastEdgeClockOff", "CuecastEdgeAlarm"),
  "a clock behind its past": trouble(
    ...([
      { clockOffsetMs: undefined, clockErrorMs: undefined, clockBehindMs: 5_000 },
      "CuecastEdgeClockOff",
      "CuecastEdgeAlarm",
    ] as const),
  ),
  "a guide that ends": trouble(
    {
      snapshot: { ...snapshot, left: { recurrenceWithoutEnd: true, guideUntilMs: NOW + DAY_MS / 2 } },
    },
    "CuecastEdgeGuideEnds",
  ),
  "no central": trouble({ central: { up: false, why: "refused" } }, "CuecastEdgeLineDown"),
  "never synced": {
    ...{ inputs: { ...FULL, sync: {} }, atMinutes: 70, fires: ["CuecastEdgeSyncStale"] },
  },
  "not synced for hours": trouble({ sync: { lastSyncMs: NOW - 7_200_000 } }, "CuecastEdgeSyncStale"),
  "old answers": trouble({ outbox: { waiting: 1, oldestAtMs: NOW - 1_000_000 } }, "CuecastEdgeOutboxOld"),
  "a certificate that ends": trouble({ certificateEndsAtMs: NOW + 5 * DAY_MS }, "CuecastEdgeCertificateEnds"),
  "other time zones": {
    ...trouble({ timeZoneData: "2025c" }, "CuecastEdgeTimeZonesDiffer"),
    atMinutes: 1_500,
  },
  "answers set aside": {
    ...counter("cuecast_edge_outbox_set_aside"),
    fires: ["CuecastEdgeAnswersSetAside"],
  },
  "requests turned away": { ...counter("cuecast_edge_shed_total"), fires: ["CuecastEdgeSheds"] },
  "errors inside": { ...counter("cuecast_edge_failures_total"), fires: ["CuecastEdgeFailures"] },
  "a start an hour ago, and one now": {
    ...{ inputs: FULL, moving: { cuecast_edge_start_time_seconds: "0x30 1860x30" }, atMinutes: 40 },
    fires: [],
  },
  "an edge that ends every minute": {
    ...{ inputs: FULL, moving: { cuecast_edge_start_time_seconds: "0+60x600" }, atMinutes: 60 },
    fires: ["CuecastEdgeEndsAgainAndAgain"],
  },
  "workers that end every minute": {
    ...{ inputs: FULL, moving: { cuecast_edge_workers_replaced_total: "0+1x600" }, atMinutes: 60 },
    fires: ["CuecastEdgeEndsAgainAndAgain"],
  },
  "workers that do not begin": trouble(
    { workers: { asked: 2, serving: 0, replaced: 9, fewerForMs: 20_000 } },
    ...["CuecastEdgeWorkersMissing", "CuecastEdgeAlarm"],
  ),
  "a copy that did not hold": trouble({ damage: ["1-2-a.db: torn"] }, "CuecastEdgeCopyDamaged"),
  "an edge that is down": {
    ...{ inputs: FULL, moving: { up: "0x1600" }, fires: ["CuecastEdgeDown"] },
  },
};

/** What Prometheus would have of an edge that stays as it is. */
async function seriesOf({ inputs, moving = {}, atMinutes = 30 }: Case, named: ReadonlySet<string>) {
  const ports = { report: () => makeReport(inputs), counters: createCounters(), inFlightBytes: () => 0 };
  const text = `${await createMetrics(ports).metrics()}\nup 1\n`;
  const series: { series: string; values: string }[] = [];
  for (const [, name = "", labels = "", value = ""] of text.matchAll(/^([a-z_]+)(?:\{([^}]*)\})? (\S+)$/gm)) {
    if (!named.has(name)) continue;
    const all = [labels, 'instance="edge-1:8091"', 'job="cuecast-edge"'].filter(Boolean).join(",");
    series.push({ series: `${name}{${all}}`, values: moving[name] ?? `${value}x${atMinutes + 1}` });
  }
  return series;
}

test("each trouble raises its alert, and an edge without any raises none", { skip }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-alerts-"));
  try {
    const rules = join(import.meta.dirname, "cuecast.rules.yml");
    // The tester's time goes with the samples: only what the rules ask for.
    const named = new Set((await readFile(rules, "utf8")).match(/\bcuecast_edge_[a-z_]+|\bup\b/g));
    const tests = await Promise.all(
      Object.entries(CASES).map(async ([name, one]) => ({
        ...{ interval: "1m", name, input_series: await seriesOf(one, named) },
        promql_expr_test: [
          {
            expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
            eval_time: `${one.atMinutes ?? 30}m`,
            exp_samples: one.fires.map((alert) => ({ labels: `{alertname="${alert}"}`, value: 1 })),
          },
        ],
        ...(name === "less than a GiB" && {
          alert_rule_test: [
            {
              ...{ eval_time: "30m", alertname: "CuecastEdgeDiskFills" },
              exp_alerts: [
                {
                  exp_labels: { severity: "ticket", instance: "edge-1:8091", job: "cuecast-edge" },
                  exp_annotations: {
                    summary:
                      "edge-1:8091 has 512MiB of disk left: less than 1GiB, or as the last six hours went it is full within a day",
                    action: "Make room on the disk of its data directory.",
                  },
                },
              ],
            },
          ],
        }),
      })),
    );
    const file = join(folder, "alerts.json");
    await writeFile(file, JSON.stringify({ rule_files: [rules], evaluation_interval: "5m", tests }));
    const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", file], { encoding: "utf8" });
    assert.equal(status, 0, `${stdout}${stderr}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
