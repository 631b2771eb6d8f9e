/** What a simulation counts beside what it checks. */

import { createCoverage, type Kind, mergeCounts } from "./coverage.ts";
import type { Usage } from "./watcher.ts";

export interface Figures {
  coverage: Readonly<Record<Kind, number>>;
  usage: Usage;
  shown: number;
  /** Shown beside its moment by so many whole ms, by boxes that had been there for a minute; the last: more. */
  errors: number[];
  /** Shown by boxes that had come less than a minute before, or far beside the moment. */
  late: number;
  /** By outcome and reason. */
  accounted: Record<string, number>;
  answers: number;
  taken: number;
  /** Marked, and the power went before it was shown. */
  lostToPower: number;
  /** Answers that were shown as taken and judged late, since their cue had moved meanwhile. */
  lateByMoving: number;
  /** Due cues that were looked at. */
  dueChecks: number;
}

export const ERRORS_MAX = 1_000;

export function emptyFigures(): Figures {
  return {
    coverage: createCoverage().counts(),
    usage: { wakeUps: 0, requests: 0, sentBytes: 0, receivedBytes: 0, writes: 0 },
    shown: 0,
    errors: new Array(ERRORS_MAX + 1).fill(0),
    late: 0,
    accounted: {},
    answers: 0,
    taken: 0,
    lostToPower: 0,
    lateByMoving: 0,
    dueChecks: 0,
  };
}

export function mergeUsage(a: Usage, b: Usage): Usage {
  return {
    wakeUps: a.wakeUps + b.wakeUps,
    requests: a.requests + b.requests,
    sentBytes: a.sentBytes + b.sentBytes,
    receivedBytes: a.receivedBytes + b.receivedBytes,
    writes: a.writes + b.writes,
  };
}

export function mergeFigures(a: Figures, b: Figures): Figures {
  const accounted = { ...a.accounted };
  for (const [why, count] of Object.entries(b.accounted)) accounted[why] = (accounted[why] ?? 0) + count;
  return {
    coverage: mergeCounts(a.coverage, b.coverage),
    usage: mergeUsage(a.usage, b.usage),
    shown: a.shown + b.shown,
    errors: a.errors.map((count, at) => count + (b.errors[at] as number)),
    late: a.late + b.late,
    accounted,
    answers: a.answers + b.answers,
    taken: a.taken + b.taken,
    lostToPower: a.lostToPower + b.lostToPower,
    lateByMoving: a.lateByMoving + b.lateByMoving,
    dueChecks: a.dueChecks + b.dueChecks,
  };
}

/** The error that a part of all showings stays within, whole ms. */
export function quantile({ errors }: Figures, part: number): number {
  const total = errors.reduce((sum, count) => sum + count, 0);
  let left = total * part;
  for (const [error, count] of errors.entries()) {
    left -= count;
    if (left <= 0) return error;
  }
  return errors.length;
}
