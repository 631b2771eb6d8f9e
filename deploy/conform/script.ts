/**
 * What the playing edge says when: a minute of situations, counted from the box's first pull. A change is told three
 * seconds or so before it matters, so that a box which asks again every second has heard of it, on a busy machine too.
 * What needs the network to be back is counted from the box's return. Pure.
 */
import type { Cue, Schedule } from "../../shared/protocol/schedule.ts";

export const CHANNEL = "conform";
export const REFRESH_MS = 1_000;
export const VERSION = 2;
const HOUR_MS = 3_600_000;

/** Seconds after the first pull. */
export const AT = {
  busy: 3,
  onTime: 6,
  moves: 7,
  movesFired: 8,
  lowerFrom: 10,
  firedAgain: 10.5,
  movedFrom: 11,
  onlyInLower: 12.5,
  lowerUntil: 13,
  movedTo: 14.5,
  withdraws: 15,
  withdrawn: 18.5,
  embargoed: 20.5,
  malformedFrom: 22.5,
  malformedUntil: 23.5,
  afterMalformed: 27.5,
  /** The cut waits for the box having fetched what it is to show meanwhile, but not beyond `cutLatest`. */
  cutFrom: 31.5,
  cutLatest: 33,
  inCut: 33.5,
  cutUntil: 35.5,
  forNobody: 36.5,
  /** Longest that the box's first pull after the cut is waited for. */
  returnLatest: 60,
} as const;

/** Seconds after that pull. */
export const RETURN = { stepsFrom: 2, afterStep: 7, end: 10 } as const;

/** When the script began and when the box pulled again after the cut, edge time; null while it did not. */
export interface Course {
  fromMs: number;
  returnedMs: number | null;
}

/** The most that a box may be beside the moment: half of what a viewer would notice. */
export const PUNCTUAL_MS = 250;
export const EMBARGO_SPREAD_MS = 1_000;
export const RETRY_AFTER_S = 2;
const LEAD_MS = 5_000;
const GUARD_MS = 1_000;
/** What is shown while the network is cut can be fetched until two seconds before. */
const CUT_LEAD_MS = { fromMs: 8_000, untilMs: 4_000 };
/** How long after its moment a cue may still appear. */
export const WINDOW_MS = 6_000;

export const SITUATIONS = [
  "on-time",
  "moved",
  "lower",
  "withdrawn",
  "embargoed",
  "after-malformed",
  "in-cut",
  "for-nobody",
  "after-step",
] as const;
export type Situation = (typeof SITUATIONS)[number];

export const cueId = (situation: Situation) => `${situation}:once`;
export const interactionId = (situation: Situation) => `int-${situation}`;

/** When a situation's cue is due, by the schedule of `nowMs`; edge time. Only those that are in it. */
function momentsAt(course: Course, nowMs: number): [Situation, number][] {
  const { fromMs } = course;
  if (isLowerAt((nowMs - fromMs) / 1000)) return [["lower", fromMs + AT.onlyInLower * 1000]];
  return highestMomentsAt(course, nowMs);
}

/** The same by the highest revision that was published until then, whatever is served. */
export function highestMomentsAt({ fromMs, returnedMs }: Course, nowMs: number): [Situation, number][] {
  const seconds = (nowMs - fromMs) / 1000;
  const moments: [Situation, number][] = [];
  const add = (situation: Situation, at: number) => moments.push([situation, fromMs + at * 1000]);
  add("on-time", seconds < AT.movesFired ? AT.onTime : AT.firedAgain);
  add("moved", seconds < AT.moves ? AT.movedFrom : AT.movedTo);
  if (seconds < AT.withdraws) add("withdrawn", AT.withdrawn);
  add("embargoed", AT.embargoed);
  add("after-malformed", AT.afterMalformed);
  add("in-cut", AT.inCut);
  add("for-nobody", AT.forNobody);
  if (returnedMs !== null) moments.push(["after-step", afterStepMs(returnedMs)]);
  return moments;
}

export const afterStepMs = (returnedMs: number) => returnedMs + RETURN.afterStep * 1000;

const isLowerAt = (seconds: number) => seconds >= AT.lowerFrom && seconds < AT.lowerUntil;

const FIRST_REVISION = 100;
const LOWER_REVISION = 95;
const CHANGES = { moves: 101, movesFired: 102, withdraws: 103 } as const;
const RETURN_REVISION = 104;

function revisionAt({ fromMs, returnedMs }: Course, nowMs: number): number {
  const seconds = (nowMs - fromMs) / 1000;
  if (isLowerAt(seconds)) return LOWER_REVISION;
  if (returnedMs !== null) return RETURN_REVISION;
  let revision = FIRST_REVISION;
  for (const change of ["moves", "movesFired", "withdraws"] as const) {
    if (seconds >= AT[change]) revision = CHANGES[change];
  }
  return revision;
}

/** Whether a schedule of this revision tells of a change. */
export function tellsOf(
  change: keyof typeof CHANGES | "first" | "lower" | "returned",
  revision: number,
): boolean {
  if (change === "first") return true;
  if (change === "lower") return revision === LOWER_REVISION;
  return revision >= (change === "returned" ? RETURN_REVISION : CHANGES[change]);
}

export function scheduleAt(course: Course, nowMs: number): Schedule {
  const windowMs = Math.floor(course.fromMs / HOUR_MS) * HOUR_MS;
  const cues = momentsAt(course, nowMs).map(([situation, atMs]): Cue => {
    const cue: Cue = {
      id: cueId(situation),
      atMs,
      untilMs: atMs + WINDOW_MS,
      lateJoin: true,
      interaction: interactionId(situation),
      version: VERSION,
      priority: 0,
    };
    if (situation === "embargoed") cue.spreadMs = EMBARGO_SPREAD_MS;
    else cue.fetch = fetchWindow(situation, atMs);
    if (situation === "for-nobody") cue.audience = { tags: ["conform-nobody"] };
    return cue;
  });
  return {
    channel: CHANNEL,
    epoch: 1,
    revision: revisionAt(course, nowMs),
    fromMs: windowMs,
    untilMs: windowMs + 48 * HOUR_MS,
    refreshMs: REFRESH_MS,
    programmes: [],
    cues: cues.sort((a, b) => a.atMs - b.atMs),
  };
}

/** When a situation's cue may be fetched, edge time. */
export function fetchWindow(situation: Situation, atMs: number): { fromMs: number; untilMs: number } {
  const lead = situation === "in-cut" ? CUT_LEAD_MS : { fromMs: LEAD_MS, untilMs: GUARD_MS };
  return { fromMs: atMs - lead.fromMs, untilMs: atMs - lead.untilMs };
}
