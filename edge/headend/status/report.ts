/** What an edge says of itself, as data: `/status.json`, the page and the metrics all come from it. Pure. */
import { REFRESH_MS } from "../../../shared/schedule/window.ts";

/** What the parts of an edge know; gathered by the main at the moment of asking. */
export interface StatusInputs {
  nowMs: number;
  startedAtMs: number;
  software: string;
  runtime: string;
  timeZoneData?: string | undefined;
  identity?: { edge: string; region: string } | undefined;
  central: {
    /** Without credentials. */
    url?: string | undefined;
    up: boolean;
    sinceMs?: number | undefined;
    /** Why the last try failed. */
    why?: string | undefined;
  };
  snapshot?:
    | {
        epoch: number;
        revision: number;
        hash: string;
        publishedAtMs: number;
        regionKnown: boolean;
        counts: { channels: number; placements: number; interactions: number; programmes: number };
        left: { recurrenceWithoutEnd: boolean; guideUntilMs?: number };
        troubles: readonly string[];
      }
    | undefined;
  sync: {
    /** Why a synced state was refused; absent when the last was promoted. */
    refused?: string | undefined;
    /** Why syncing itself fails. */
    failed?: string | undefined;
    /** When a sync last ended well. */
    lastSyncMs?: number | undefined;
    syncs?: number;
    failures?: number;
    /** Replica processes that had to be ended. */
    kills?: number;
  };
  outbox: {
    /** A UUID made with the outbox's file; absent while it cannot be opened. */
    id?: string | undefined;
    waiting: number;
    oldestAtMs?: number | undefined;
    /** Answers that central refused and that were put out of the way. */
    setAside?: number;
    /** Why nothing can be stored now. */
    trouble?: string | undefined;
    /** Why nothing can be sent up now. */
    uplinkTrouble?: string | undefined;
  };
  /** Copies on the disk that did not hold when this edge started. */
  damage?: readonly string[];
  traffic: { pulls: number; notModified: number; pullsPerSecond: number; shed: number; failures: number };
  /** This edge's clock minus central's, ms. */
  clockOffsetMs?: number | undefined;
}

export type TroubleCode =
  | "not-enrolled"
  | "nothing-to-serve"
  | "central-unreachable"
  | "publication-refused"
  | "sync-fails"
  | "region-unknown"
  | "entries-left-out"
  | "guide-ends-soon"
  | "outbox-refuses"
  | "outbox-waits"
  | "answers-set-aside"
  | "copy-damaged"
  | "clock-off"
  | "failures";

export interface Trouble {
  code: TroubleCode;
  /** An alarm wants somebody now; a warning soon. */
  grave: boolean;
  /** The state, in the words of the part that met it. */
  what: string;
  sinceMs?: number | undefined;
}

export interface StatusReport extends StatusInputs {
  state: "good" | "warning" | "alarm";
  /** How long until the first guide of the line-up ends, hours, one decimal; absent without a guide. */
  guideLeftHours?: number;
  /** Boxes that such a rate of pulls suggests: each asks about every five minutes. */
  boxesEstimate: number;
  troubles: Trouble[];
}

/** A day: an editor of the guide can still act. */
const GUIDE_LEFT_LEAST_MS = 86_400_000;
/** Answers go up every few seconds when the line is up; five minutes is no delay of the network. */
const OUTBOX_AGE_MOST_MS = 300_000;
/** Beyond this, cues fire visibly off the programme. */
const CLOCK_OFFSET_MOST_MS = 500;

function findTroubles(inputs: StatusInputs): Trouble[] {
  const { nowMs, snapshot, sync, central, outbox, traffic, clockOffsetMs } = inputs;
  const troubles: Trouble[] = [];
  const add = (code: TroubleCode, grave: boolean, what: string, sinceMs?: number) =>
    troubles.push({ code, grave, what, sinceMs });
  if (!inputs.identity) add("not-enrolled", true, "this edge has no identity");
  if (!snapshot) add("nothing-to-serve", true, "no publication on this edge's disk, and none synced yet");
  if (sync.refused) add("publication-refused", true, sync.refused);
  if (!central.up) {
    add("central-unreachable", false, central.why ?? "no reply yet", central.sinceMs);
  } else if (sync.failed) {
    add("sync-fails", false, sync.failed, sync.lastSyncMs);
  }
  if (snapshot && !snapshot.regionKnown) {
    add("region-unknown", true, `the publication has no region ${inputs.identity?.region ?? ""}`.trim());
  }
  if (snapshot && snapshot.troubles.length > 0) {
    const [first = ""] = snapshot.troubles;
    add("entries-left-out", false, `${snapshot.troubles.length}, the first: ${first}`);
  }
  const guideUntilMs = snapshot?.left.guideUntilMs;
  if (guideUntilMs !== undefined && guideUntilMs - nowMs < GUIDE_LEFT_LEAST_MS) {
    add(
      "guide-ends-soon",
      guideUntilMs <= nowMs,
      `the first guide ends at ${new Date(guideUntilMs).toISOString()}`,
    );
  }
  if (outbox.trouble) add("outbox-refuses", true, outbox.trouble);
  const old = outbox.oldestAtMs !== undefined && nowMs - outbox.oldestAtMs > OUTBOX_AGE_MOST_MS;
  if (old || (outbox.uplinkTrouble && central.up)) {
    const why = outbox.uplinkTrouble ? `: ${outbox.uplinkTrouble}` : "";
    add("outbox-waits", false, `${outbox.waiting} wait${why}`, outbox.oldestAtMs);
  }
  if (outbox.setAside) add("answers-set-aside", false, `${outbox.setAside} were refused by central`);
  for (const what of inputs.damage ?? []) add("copy-damaged", false, what);
  if (clockOffsetMs !== undefined && Math.abs(clockOffsetMs) > CLOCK_OFFSET_MOST_MS) {
    add("clock-off", true, `${Math.round(clockOffsetMs)} ms against central`);
  }
  if (traffic.failures > 0) add("failures", false, `${traffic.failures} requests ended in an error inside`);
  return troubles;
}

export function makeReport(inputs: StatusInputs): StatusReport {
  const troubles = findTroubles(inputs);
  const report: StatusReport = {
    ...inputs,
    state: troubles.some((trouble) => trouble.grave) ? "alarm" : troubles.length > 0 ? "warning" : "good",
    boxesEstimate: Math.round((inputs.traffic.pullsPerSecond * REFRESH_MS) / 1000),
    troubles,
  };
  const guideUntilMs = inputs.snapshot?.left.guideUntilMs;
  if (guideUntilMs !== undefined) {
    report.guideLeftHours = Math.round(Math.max(0, guideUntilMs - inputs.nowMs) / 360_000) / 10;
  }
  return report;
}
