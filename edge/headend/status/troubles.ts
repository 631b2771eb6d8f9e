/** What is wrong with an edge, from what its parts know. What to do about each is in the words. Pure. */
import { clocksDisagree } from "../outbox/now-span.ts";
import type { StatusInputs } from "./inputs.ts";
import { type LineFault, lineFault } from "./line-fault.ts";

/** In the order in which they are shown: what boxes feel first. */
export const TROUBLE_CODES = [
  "not-enrolled",
  "nothing-to-serve",
  "publication-refused",
  "region-unknown",
  "workers-missing",
  "not-enrolled-anew",
  "outbox-refuses",
  "outbox-damaged",
  "disk-full-soon",
  "clock-off",
  "clock-behind",
  "clock-stepped",
  "central-unreachable",
  "sync-fails",
  "outbox-waits",
  "answers-set-aside",
  "entries-left-out",
  "guide-ends-soon",
  "copy-damaged",
  "certificate-ends",
  "time-zones-differ",
  "failures",
] as const;
export type TroubleCode = (typeof TROUBLE_CODES)[number];

export interface Trouble {
  code: TroubleCode;
  /** An alarm wants somebody now; a warning soon. */
  grave: boolean;
  /** The state, in the words of the part that met it. */
  what: string;
  sinceMs?: number | undefined;
  /** For a line: what kind of fault it met. */
  fault?: LineFault | undefined;
}

/** A day: an editor of the guide can still act. */
const GUIDE_LEFT_LEAST_MS = 86_400_000;
/** Answers go up every few seconds when the line is up; five minutes is no delay of the network. */
const OUTBOX_AGE_MOST_MS = 300_000;
/** One that ended is replaced within a second, and has loaded a large publication a few seconds later. */
const WORKERS_MISSING_MS = 10_000;
/** A step is news for an hour. */
const STEP_SHOWN_MS = 3_600_000;
/** An error inside likewise; it stays in the log. */
const FAILURE_SHOWN_MS = 3_600_000;
/** Room for a day of answers and two copies of a large publication; below the second, little is left to act in. */
const DISK_WARNING_BYTES = 1_073_741_824;
const DISK_ALARM_BYTES = 134_217_728;
/** Renewal is usually tried a month before the end. */
const CERTIFICATE_WARNING_MS = 14 * 86_400_000;

const megabytes = (bytes: number) => `${Math.floor(bytes / 1_048_576)} MiB`;

export function findTroubles(inputs: StatusInputs): Trouble[] {
  const { nowMs, snapshot, sync, central, outbox, traffic, clockOffsetMs, clockStep, disk } = inputs;
  const troubles: Trouble[] = [];
  const add = (code: TroubleCode, grave: boolean, what: string, sinceMs?: number, fault?: LineFault) =>
    troubles.push({ code, grave, what, ...(sinceMs !== undefined && { sinceMs }), ...(fault && { fault }) });
  if (!inputs.identity) add("not-enrolled", true, "this edge has no identity");
  if (!snapshot) add("nothing-to-serve", true, "no publication on this edge's disk, and none synced yet");
  if (sync.refused) add("publication-refused", true, sync.refused);
  if (!central.up) {
    const why = central.why ?? "no reply yet";
    const fault = lineFault(why);
    // Revoked, it gets nothing new, and its boxes would do better elsewhere.
    add("central-unreachable", fault === "token", why, central.sinceMs, fault);
  } else if (sync.failed) {
    add("sync-fails", false, sync.failed, sync.lastSyncMs, lineFault(sync.failed));
  }
  if (inputs.codeRefused !== undefined) add("not-enrolled-anew", false, inputs.codeRefused);
  if (snapshot && !snapshot.regionKnown) {
    add("region-unknown", true, `the publication has no region ${inputs.identity?.region ?? ""}`.trim());
  }
  const { workers } = inputs;
  if (workers?.fewerForMs !== undefined && workers.fewerForMs > WORKERS_MISSING_MS) {
    const { serving, asked } = workers;
    add("workers-missing", serving === 0, `${serving} of ${asked} workers serve`);
  }
  if (snapshot && snapshot.troubles.length > 0) {
    const [first = ""] = snapshot.troubles;
    add("entries-left-out", false, `${snapshot.troubles.length}, the first: ${first}`);
  }
  const guideUntilMs = snapshot?.left.guideUntilMs;
  if (guideUntilMs !== undefined && guideUntilMs - nowMs < GUIDE_LEFT_LEAST_MS) {
    const ended = guideUntilMs <= nowMs;
    const at = new Date(guideUntilMs).toISOString();
    add("guide-ends-soon", ended, `the first guide ${ended ? "ended" : "ends"} at ${at}`);
  }
  if (outbox.trouble) add("outbox-refuses", true, outbox.trouble, undefined, lineFault(outbox.trouble));
  if (outbox.damaged?.length) add("outbox-damaged", true, outbox.damaged.join("; "));
  const old = outbox.oldestAtMs !== undefined && nowMs - outbox.oldestAtMs > OUTBOX_AGE_MOST_MS;
  if (old || (outbox.uplinkTrouble && central.up)) {
    const why = outbox.uplinkTrouble ? `: ${outbox.uplinkTrouble}` : "";
    // Of its own files; central's disk may be full as well.
    const isOwn = /^Cannot (write to|open) /.test(outbox.uplinkTrouble ?? "");
    const fault = isOwn ? lineFault(outbox.uplinkTrouble ?? "") : undefined;
    add("outbox-waits", false, `${outbox.waiting} wait${why}`, outbox.oldestAtMs, fault);
  }
  if (outbox.setAside) add("answers-set-aside", false, `${outbox.setAside} were refused by central`);
  for (const what of inputs.damage ?? []) add("copy-damaged", false, what);
  const off =
    clockOffsetMs !== undefined &&
    clocksDisagree({ offsetMs: clockOffsetMs, errorMs: inputs.clockErrorMs ?? 0 });
  if (off) add("clock-off", true, `${Math.round(clockOffsetMs)} ms against central`);
  // Where central's clock agrees, the past that it seems to be behind of was the wrong one.
  if (inputs.clockBehindMs !== undefined && (off || clockOffsetMs === undefined)) {
    add(
      "clock-behind",
      true,
      `${Math.round(inputs.clockBehindMs / 1000)} s behind what this edge has seen already`,
    );
  }
  if (clockStep && nowMs - clockStep.atMs < STEP_SHOWN_MS && nowMs >= clockStep.atMs) {
    add("clock-stepped", false, `${clockStep.stepMs > 0 ? "+" : ""}${clockStep.stepMs} ms`, clockStep.atMs);
  }
  if (disk && disk.freeBytes < DISK_WARNING_BYTES) {
    const left = `${megabytes(disk.freeBytes)} of ${megabytes(disk.totalBytes)} are free`;
    add("disk-full-soon", disk.freeBytes < DISK_ALARM_BYTES, left);
  }
  const certificateLeftMs = (inputs.certificateEndsAtMs ?? Number.POSITIVE_INFINITY) - nowMs;
  if (certificateLeftMs < CERTIFICATE_WARNING_MS) {
    add(
      "certificate-ends",
      certificateLeftMs <= 0,
      `${Math.floor(certificateLeftMs / 86_400_000)} days left`,
    );
  }
  const { timeZoneData } = central;
  if (timeZoneData && inputs.timeZoneData && timeZoneData !== inputs.timeZoneData) {
    add("time-zones-differ", false, `${inputs.timeZoneData} here, ${timeZoneData} at central`);
  }
  const { failures, lastFailureMs = nowMs } = traffic;
  if (failures > 0 && nowMs - lastFailureMs < FAILURE_SHOWN_MS)
    add("failures", false, `${traffic.failures} requests ended in an error inside`);
  const place = (trouble: Trouble) => (trouble.grave ? 0 : 100) + TROUBLE_CODES.indexOf(trouble.code);
  return troubles.sort((one, other) => place(one) - place(other));
}
