/**
 * What the playing edge says when: a minute of situations, counted from the box's first pull. Times are whole
 * or half seconds apart, so that a box which asks again every second has heard of each in time. Pure.
 */
import type { Interaction } from "../../shared/protocol/interaction.ts";
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
  movedFrom: 9,
  movesFired: 8,
  firedAgain: 11,
  movedTo: 13,
  lowerFrom: 10,
  lowerUntil: 12,
  onlyInLower: 15,
  withdraws: 15,
  withdrawn: 18,
  embargoed: 20,
  malformedFrom: 22,
  malformedUntil: 23,
  afterMalformed: 26,
  cutFrom: 30,
  inCut: 32,
  cutUntil: 34,
  forNobody: 35,
  stepsFrom: 36,
  afterStep: 41,
  end: 44,
} as const;

/** The most that a box may be beside the moment: half of what a viewer would notice. */
export const PUNCTUAL_MS = 250;
export const EMBARGO_SPREAD_MS = 1_000;
export const RETRY_AFTER_S = 2;
const LEAD_MS = 5_000;
const GUARD_MS = 1_000;
const WINDOW_MS = 6_000;

export type Situation =
  | "on-time"
  | "moved"
  | "lower"
  | "withdrawn"
  | "embargoed"
  | "after-malformed"
  | "in-cut"
  | "for-nobody"
  | "after-step";

export const cueId = (situation: Situation) => `${situation}:once`;
export const interactionId = (situation: Situation) => `int-${situation}`;

/** @param seconds how many after the first pull */
function cuesAt(seconds: number): [Situation, number][] {
  if (seconds >= AT.lowerFrom && seconds < AT.lowerUntil) {
    return [
      ["lower", AT.onlyInLower],
      ["after-step", AT.afterStep],
    ];
  }
  const cues: [Situation, number][] = [
    ["on-time", seconds < AT.movesFired ? AT.onTime : AT.firedAgain],
    ["moved", seconds < AT.moves ? AT.movedFrom : AT.movedTo],
    ["embargoed", AT.embargoed],
    ["after-malformed", AT.afterMalformed],
    ["in-cut", AT.inCut],
    ["for-nobody", AT.forNobody],
    ["after-step", AT.afterStep],
  ];
  if (seconds < AT.withdraws) cues.push(["withdrawn", AT.withdrawn]);
  return cues;
}

const FIRST_REVISION = 100;
const CHANGES = [AT.moves, AT.movesFired, AT.withdraws];

function revisionAt(seconds: number): number {
  if (seconds >= AT.lowerFrom && seconds < AT.lowerUntil) return FIRST_REVISION - 5;
  return FIRST_REVISION + CHANGES.filter((change) => seconds >= change).length;
}

/** @param fromMs edge time of the first pull */
export function scheduleAt(fromMs: number, nowMs: number): Schedule {
  const seconds = (nowMs - fromMs) / 1000;
  const windowMs = Math.floor(fromMs / HOUR_MS) * HOUR_MS;
  const cues = cuesAt(seconds).map(([situation, at]): Cue => {
    const atMs = fromMs + at * 1000;
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
    else cue.fetch = { fromMs: atMs - LEAD_MS, untilMs: atMs - GUARD_MS };
    if (situation === "for-nobody") cue.audience = { tags: ["conform-nobody"] };
    return cue;
  });
  return {
    channel: CHANNEL,
    epoch: 1,
    revision: revisionAt(seconds),
    fromMs: windowMs,
    untilMs: windowMs + 48 * HOUR_MS,
    refreshMs: REFRESH_MS,
    programmes: [],
    cues: cues.sort((a, b) => a.atMs - b.atMs),
  };
}

/** A poll that stays for a second and a half. */
export function interactionOf(id: string): Interaction {
  return {
    id,
    version: VERSION,
    type: "poll",
    durationMs: 1_500,
    clockToleranceMs: 60_000,
    defaultLanguage: "en",
    texts: { en: { title: `Conformance: ${id}`, options: { a: "A", b: "B" } } },
    options: ["a", "b"],
    choices: { least: 1, most: 1 },
    answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 86_400_000 },
    results: "never",
  };
}

/** When a situation's cue may be fetched, edge time. */
export function fetchWindow(fromMs: number, at: number): { fromMs: number; untilMs: number } {
  const atMs = fromMs + at * 1000;
  return { fromMs: atMs - LEAD_MS, untilMs: atMs - GUARD_MS };
}
