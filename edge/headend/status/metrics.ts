/** `/metrics`: the same facts for Prometheus, read when it asks. Names `cuecast_edge_*`, units last. */
import { Counter, Gauge, Registry } from "prom-client";
import { type Counters, REPLY_BOUNDS_SECONDS } from "../serve/counters.ts";
import { nextRecurrenceEnd, type StatusReport } from "./report.ts";
import { TROUBLE_CODES } from "./troubles.ts";

export interface MetricsPorts {
  report(): StatusReport;
  counters: Counters;
  inFlightBytes(): number;
}

type Label = Record<string, string>;

/** A histogram over counters that are kept elsewhere: prom-client's own would cost every request its labels. */
function replyHistogram(counters: Counters) {
  const name = "cuecast_edge_reply_duration_seconds";
  const help = "From a request's arrival until its reply was ready";
  const get = () => {
    const values: { metricName: string; labels: Label | { le: number }; value: number }[] = [];
    let total = 0;
    for (const [index, count] of counters.replyTimes.entries()) {
      total += count;
      const le = REPLY_BOUNDS_SECONDS[index];
      values.push({
        metricName: `${name}_bucket`,
        labels: { le: le === undefined ? "+Inf" : String(le) },
        value: total,
      });
    }
    values.push({ metricName: `${name}_sum`, labels: {}, value: counters.replySeconds });
    values.push({ metricName: `${name}_count`, labels: {}, value: total });
    return { name, help, type: "histogram", aggregator: "sum", values };
  };
  return { name, help, type: "histogram", get, reset() {} };
}

const ageSeconds = (nowMs: number, atMs: number) => Math.max(0, nowMs - atMs) / 1000;

export function createMetrics(ports: MetricsPorts): Registry {
  const { counters } = ports;
  const registry = new Registry();
  const registers = [registry];

  const gauge = (name: string, help: string, read: (report: StatusReport) => number | undefined) => {
    new Gauge({
      name: `cuecast_edge_${name}`,
      help,
      registers,
      collect() {
        const value = read(ports.report());
        // What is not known is absent: `reset()` would make it 0.
        if (value === undefined) this.remove();
        else this.set(value);
      },
    });
  };
  const counter = (name: string, help: string, read: () => number) => {
    new Counter({
      name: `cuecast_edge_${name}_total`,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const labelled = (name: string, help: string, label: string, read: () => [string, number][]) => {
    new Counter({
      name: `cuecast_edge_${name}_total`,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, count] of read()) this.inc({ [label]: value }, count);
      },
    });
  };

  new Gauge({
    name: "cuecast_edge_info",
    help: "This edge: its name, region and versions",
    labelNames: ["edge", "region", "software", "runtime", "tzdata"],
    registers,
    collect() {
      const { identity, software, runtime, timeZoneData } = ports.report();
      this.reset();
      const { edge = "", region = "" } = identity ?? {};
      this.set({ edge, region, software, runtime, tzdata: timeZoneData ?? "" }, 1);
    },
  });
  counter("pulls", "Schedules asked for, unchanged ones included", () => counters.pulls);
  counter("not_modified", "Replies without a body, 304", () => counters.notModified);
  labelled("replies", "Replies by class of status", "class", () =>
    counters.replies.flatMap((count, group) =>
      group > 0 ? [[`${group}xx`, count] as [string, number]] : [],
    ),
  );
  labelled("answers", "Receipts for answers by status", "status", () => Object.entries(counters.receipts));
  counter("airings", "Airings taken in", () => counters.airings);
  counter("shed", "Requests told to come back later, 429 or 503", () => counters.shed);
  counter("failures", "Requests that ended in an error inside, 500", () => counters.failures);
  registry.registerMetric(replyHistogram(counters) as unknown as Gauge);
  gauge("body_bytes_in_flight", "Bodies being read or stored", () => ports.inFlightBytes());
  gauge("outbox_waiting", "Answers not yet on central's disk", (report) => report.outbox.waiting);
  gauge("outbox_oldest_age_seconds", "Age of the oldest answer that waits; 0 when none does", (report) =>
    report.outbox.oldestAtMs === undefined ? 0 : Math.max(0, report.nowMs - report.outbox.oldestAtMs) / 1000,
  );
  gauge(
    "outbox_set_aside",
    "Answers that central refused and that were put out of the way",
    (report) => report.outbox.setAside ?? 0,
  );
  gauge("outbox_bytes", "Of the outbox's files, remembered keys included", (report) => report.outbox.bytes);
  gauge("outbox_refusing", "1 while answers cannot be stored", (report) => (report.outbox.trouble ? 1 : 0));
  gauge("snapshot_epoch", "Epoch of the publication served; 0 when none is", (report) =>
    report.snapshot ? report.snapshot.epoch : 0,
  );
  gauge("snapshot_revision", "Revision of the publication served; 0 when none is", (report) =>
    report.snapshot ? report.snapshot.revision : 0,
  );
  gauge(
    "snapshot_age_seconds",
    "Since the publication served was published",
    (report) => report.snapshot && Math.max(0, report.nowMs - report.snapshot.publishedAtMs) / 1000,
  );
  gauge("sync_refused", "1 while a synced publication is refused", (report) => (report.sync.refused ? 1 : 0));
  gauge("sync_age_seconds", "Since a sync last ended well", (report) =>
    report.sync.lastSyncMs === undefined ? undefined : ageSeconds(report.nowMs, report.sync.lastSyncMs),
  );
  counter("sync_failures", "Syncs that failed", () => ports.report().sync.failures ?? 0);
  counter("sync_kills", "Replica processes that hung and were ended", () => ports.report().sync.kills ?? 0);
  gauge(
    "boxes_estimate",
    "Boxes behind the pulls, about; absent while it is too early to tell",
    (report) => report.traffic.boxes,
  );
  gauge(
    "disk_free_bytes",
    "Free on the file system of the data directory",
    (report) => report.disk?.freeBytes,
  );
  gauge("workers", "Processes that answer boxes now", (report) => report.workers?.serving ?? 1);
  counter(
    "workers_replaced",
    "Workers that took the place of one that ended",
    () => ports.report().workers?.replaced ?? 0,
  );
  gauge(
    "resident_memory_bytes",
    "Of the processes that answer boxes, and main",
    (report) => report.residentBytes,
  );
  gauge(
    "start_time_seconds",
    "When this process started, since the Unix epoch",
    (report) => report.startedAtMs / 1000,
  );
  gauge("certificate_left_seconds", "Until the certificate that boxes see ends", (report) =>
    report.certificateEndsAtMs === undefined ? undefined : (report.certificateEndsAtMs - report.nowMs) / 1000,
  );
  gauge("central_up", "1 while central answers", (report) => (report.central.up ? 1 : 0));
  gauge("guide_left_seconds", "Until the first guide of the line-up ends", (report) => {
    const untilMs = report.snapshot?.left.guideUntilMs;
    return untilMs === undefined ? undefined : Math.max(0, untilMs - report.nowMs) / 1000;
  });
  gauge("recurrence_left_seconds", "Until the first recurrence of the line-up that ends does", (report) => {
    const endMs = nextRecurrenceEnd(report);
    return endMs === undefined ? undefined : (endMs - report.nowMs) / 1000;
  });
  gauge(
    "channels_without_guide",
    "Channels of the line-up without a programme",
    (report) => report.snapshot?.left.withoutGuide?.length,
  );
  gauge("cues_suppressed", "Cues of the windows served that channel rules keep from appearing", (report) =>
    Object.values(report.snapshot?.suppressed ?? {}).reduce((sum, count) => sum + count, 0),
  );
  gauge("clock_offset_seconds", "This edge's clock minus central's", (report) =>
    report.clockOffsetMs === undefined ? undefined : report.clockOffsetMs / 1000,
  );
  gauge("clock_error_seconds", "Bound of the error of the clock's offset", (report) =>
    report.clockErrorMs === undefined ? undefined : report.clockErrorMs / 1000,
  );
  gauge(
    "clock_behind_seconds",
    "How far the clock stands behind this edge's own past",
    (report) => (report.clockBehindMs ?? 0) / 1000,
  );
  gauge("time_zones_differ", "1 when central's time zone data is of another release", (report) =>
    report.troubles.some(({ code }) => code === "time-zones-differ") ? 1 : 0,
  );
  new Gauge({
    name: "cuecast_edge_trouble",
    help: "1 for each trouble that the status page lists, 0 for the others",
    labelNames: ["code"],
    registers,
    collect() {
      const codes = new Set(ports.report().troubles.map(({ code }) => code));
      for (const code of TROUBLE_CODES) this.set({ code }, codes.has(code) ? 1 : 0);
    },
  });
  gauge("alarm", "1 while somebody is wanted now", (report) => (report.state === "alarm" ? 1 : 0));
  gauge("troubles", "What the status page lists as wrong", (report) => report.troubles.length);
  return registry;
}
