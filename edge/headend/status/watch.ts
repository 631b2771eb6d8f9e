/**
 * What the status page and the metrics are made from: reads figures every five seconds, and gathers what the parts of
 * an edge know when it is asked.
 */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { OutboxKeeper } from "../outbox/keeper.ts";
import type { Counters } from "../serve/counters.ts";
import type { Snapshot } from "../serve/snapshot.ts";
import type { Synchroniser } from "../sync/contract.ts";
import type { Workers } from "../workers/pool.ts";
import type { BoxesEstimate } from "./boxes-estimate.ts";
import { createHistory } from "./history.ts";
import type { StatusInputs } from "./inputs.ts";
import type { OwnClock } from "./own-clock.ts";
import { createRate } from "./rate.ts";
import type { RecentEntry } from "./recent-log.ts";
import { makeReport, type StatusReport } from "./report.ts";

export interface WatchPorts {
  clock: Clock;
  timers: Timers;
  boxes: BoxesEstimate;
  ownClock: OwnClock;
  vitals: { read(): Pick<StatusInputs, "disk"> & { outboxBytes?: number; residentBytes: number } };
  counters: Counters;
  outboxes: Pick<OutboxKeeper, "outbox" | "uplink" | "damaged" | "trouble">;
  synchroniser: Pick<Synchroniser, "state">;
  /** Undefined where this process answers boxes itself. */
  workers: Pick<Workers, "state"> | undefined;
  snapshot(): Snapshot | undefined;
  /** What was wrong with copies on the disk at the start. */
  damage(): readonly string[];
  recent(): readonly RecentEntry[];
  /** Writes down a moment that has certainly passed, for the next start. */
  savePassed(atMs: number): Promise<void>;
}

/** What does not change while it runs. */
export interface WatchedEdge {
  startedAtMs: number;
  software: { version: string; runtime: string; timeZoneData?: string | undefined };
  edge: string;
  region: string;
  centralUrl: string;
  certificateEndsAtMs: number | undefined;
  codeRefused: string | undefined;
}

export interface Watch {
  start(): void;
  report(): StatusReport;
  stop(): void;
}

/** How often pulls and clock are read, ms. */
const READ_EVERY_MS = 5_000;
/** How often the moment is written down that this edge has certainly seen, ms. */
const PASSED_EVERY_MS = 600_000;
/** Closer than this to central's clock, this one is right, ms. */
const CLOCK_AGREES_MS = 500;

export function createWatch(ports: WatchPorts, about: WatchedEdge): Watch {
  const { clock, timers, boxes, ownClock, vitals, counters, outboxes, synchroniser, workers } = ports;
  const { startedAtMs, software, edge, region, centralUrl, certificateEndsAtMs, codeRefused } = about;
  const rate = createRate();
  const history = createHistory();
  let passedSavedMs = Number.NEGATIVE_INFINITY;
  let failuresSeen = 0;
  let lastFailureMs: number | undefined;
  let cancel = () => {};

  const read = () => {
    const nowMs = clock.monotonicMs();
    rate.read(counters.pulls, nowMs);
    history.read(counters.pulls, nowMs);
    boxes.read(counters.askedAgainMs, nowMs);
    ownClock.passed(ports.snapshot()?.publishedAtMs);
    const { centralClock } = synchroniser.state();
    if (centralClock && Math.abs(centralClock.offsetMs) < CLOCK_AGREES_MS) ownClock.confirmed();
    ownClock.read();
    if (counters.failures > failuresSeen) lastFailureMs = clock.wallMs();
    failuresSeen = counters.failures;
    if (nowMs - passedSavedMs >= PASSED_EVERY_MS) {
      passedSavedMs = nowMs;
      void ports.savePassed(ownClock.newestMs());
    }
    cancel = timers.after(READ_EVERY_MS, read);
  };

  const report = () => {
    const sync = synchroniser.state();
    const up = sync.line === "up";
    const stored = outboxes.outbox()?.state();
    const snapshot = ports.snapshot();
    const { disk, outboxBytes, residentBytes } = vitals.read();
    return makeReport({
      nowMs: clock.wallMs(),
      startedAtMs,
      software: software.version,
      runtime: software.runtime,
      timeZoneData: software.timeZoneData,
      identity: { edge, region },
      codeRefused,
      central: {
        url: centralUrl,
        up,
        sinceMs: sync.sinceMs,
        why: up ? undefined : sync.lineTrouble,
        timeZoneData: sync.centralTimeZoneData,
      },
      snapshot: snapshot && {
        ...snapshot.position,
        publishedAtMs: snapshot.publishedAtMs,
        regionKnown: snapshot.regionKnown,
        counts: snapshot.counts,
        left: snapshot.left,
        suppressed: workers?.state().suppressed ?? snapshot.suppressed(clock.wallMs()),
        troubles: snapshot.troubles(),
      },
      sync: {
        refused: sync.refused?.why,
        failed: up && !sync.refused ? sync.trouble : undefined,
        lastSyncMs: sync.lastSyncMs,
        syncs: sync.syncs,
        failures: sync.failures,
        kills: sync.kills,
      },
      outbox: {
        id: stored?.id,
        waiting: stored?.waiting ?? 0,
        oldestAtMs: stored?.oldestAtMs,
        bytes: outboxBytes,
        setAside: stored?.setAside ?? 0,
        damaged: [...outboxes.damaged(), ...(stored?.damaged ?? [])],
        trouble: outboxes.trouble() ?? stored?.trouble,
        uplinkTrouble: outboxes.uplink()?.state().trouble,
      },
      traffic: {
        pulls: counters.pulls,
        notModified: counters.notModified,
        pullsPerSecond: rate.perSecond(),
        shed: counters.shed,
        failures: counters.failures,
        lastFailureMs: counters.failures > failuresSeen ? clock.wallMs() : lastFailureMs,
        boxes: boxes.boxes(),
        rates: history.rates(),
      },
      damage: ports.damage(),
      clockOffsetMs: sync.centralClock && -sync.centralClock.offsetMs,
      clockErrorMs: sync.centralClock?.errorMs,
      clockBehindMs: ownClock.behindPastMs(),
      clockStep: ownClock.step(),
      disk,
      residentBytes: residentBytes + (workers?.state().residentBytes ?? 0),
      workers: workers?.state().count,
      certificateEndsAtMs,
      recent: ports.recent(),
    });
  };

  return { start: read, report, stop: () => cancel() };
}
