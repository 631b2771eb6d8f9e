/** What is to be said of an edge at a glance, worst first. Pure. */
import type { EdgesReply } from "../../routes/watching.ts";
import type { Tone } from "../parts/layout.tsx";

export type Edge = EdgesReply["edges"][number];

export type Finding =
  | "never-heard"
  | "silent"
  | "trouble"
  | "serves-nothing"
  | "schedule-ended"
  | "clock-off"
  | "behind"
  | "schedule-low"
  | "zones-differ";

export interface EdgeState {
  tone: Extract<Tone, "good" | "warn" | "bad" | "plain">;
  /** Empty for an edge that is well, and for one that was revoked. */
  findings: Finding[];
}

/** A clock further off than this stands out, ms; the way from edge to central is in it. */
export const CLOCK_OFF_MS = 2_000;
/** Less schedule than this stands out, ms. */
export const LEFT_LEAST_MS = 24 * 3_600_000;

/** For these viewers miss something, or soon would; for the others it is enough to look some time. */
const BAD: readonly Finding[] = [
  "never-heard",
  "silent",
  "trouble",
  "serves-nothing",
  "schedule-ended",
  "clock-off",
];

/** How far an edge's clock was from central's when it was last heard of, ms. */
export const clockOffMs = ({ report, lastSeenMs }: Edge): number =>
  report && lastSeenMs !== undefined ? report.timeMs - lastSeenMs : 0;

/** For how long its guide reaches, ms, never below 0; undefined when it has none, or serves nothing. */
export function scheduleLeftMs({ report }: Edge, nowMs: number): number | undefined {
  if (!report?.serves || report.guideUntilMs === undefined) return undefined;
  return Math.max(0, report.guideUntilMs - nowMs);
}

/**
 * @param landed it serves what is on air
 * @param commonZones the time zone data that most edges have
 */
export function edgeState(
  edge: Edge,
  landed: boolean,
  commonZones: string | undefined,
  nowMs: number,
): EdgeState {
  const { report } = edge;
  if (edge.revokedAtMs !== undefined) return { tone: "plain", findings: [] };
  const leftMs = scheduleLeftMs(edge, nowMs);
  const found: [finding: Finding, is: boolean][] = [
    ["never-heard", edge.lastSeenMs === undefined],
    ["silent", edge.lastSeenMs !== undefined && edge.stale],
    ["trouble", report?.trouble !== undefined],
    ["serves-nothing", report !== undefined && report.serves === undefined],
    ["schedule-ended", leftMs === 0],
    ["clock-off", Math.abs(clockOffMs(edge)) > CLOCK_OFF_MS],
    ["behind", report?.serves !== undefined && !landed],
    ["schedule-low", leftMs !== undefined && leftMs > 0 && leftMs < LEFT_LEAST_MS],
    ["zones-differ", report?.timeZoneData !== undefined && report.timeZoneData !== commonZones],
  ];
  const findings = found.filter(([, is]) => is).map(([finding]) => finding);
  const tone = findings.length === 0 ? "good" : findings.some((each) => BAD.includes(each)) ? "bad" : "warn";
  return { tone, findings };
}
