/**
 * Which cues of a channel may appear when there are too many: a least gap between moments, and a most per hour.
 *
 * Problem: "go through the cues by rank and take each that fits" is what editors expect. But what fits at 19:00
 * depends on what was taken before, that on what was taken before it, and so on without end: central, and edges
 * that woke up on different days, each look at another piece of time, and must agree on every cue. Settling
 * pieces of time by themselves and mending their borders agrees, but then a cue may have lost to one that is
 * not there any more in the end, and nobody can be told why.
 *
 * Idea: no pieces, one order. Go by rank through all time, with an order of rank that no chain of reasons can
 * follow far.
 *
 * Sketch. Cues that follow one another closer than REACH (the gap, or an hour where there is a most per hour)
 * make a *run*; runs know nothing of each other. Rank within a run: priority, then the earlier, then the id. In a
 * run of a day or longer, and only there, each day (UTC) begins anew: priority, then the later *day*, then the
 * earlier within it. So of two equals on either side of midnight the second wins, and the first cue of a day owes
 * nothing to any equal before it.
 *
 * How far reasons go. REACH is half a day at most, so of two that exclude one another across midnight the later
 * one stands in the first half of its day, and nothing of the day after it concerns it. Among equals a cue thus
 * depends on its own day before it and on the first half of the next. Each higher priority leads on by REACH,
 * and back to the beginning of that day: with L priorities L-1 days back and (2L-1) REACH ahead, and a day to
 * either side to know a long run when one is seen. `lookAround()` says it; whoever holds so much around a span
 * gets the same for it as whoever holds all time.
 *
 * What it keeps: cues that appear keep the limits; and whoever is suppressed has no room among those that appear
 * *and* outrank it. There is exactly one such choice for an order, so nothing is left to be called back.
 */

/** In a run as long as this or longer, each day (UTC) begins anew. */
const DAY_MS = 86_400_000;
/** A gap can be no wider (GAP_MAX_MS): half a day, see above. */
export const REACH_MAX_MS = DAY_MS / 2;
/**
 * Most priorities of one channel whose chains are followed to their end. A longer one would need as many cues
 * within as many unbroken days, each losing to the next by a priority of its own.
 */
export const LEVELS_MAX = 32;
const HOUR_MS = 3_600_000;

export interface ContestLimits {
  /** Moments closer than this exclude one another, ms; 0 for none. At most REACH_MAX_MS. */
  gapMs: number;
  /** Most moments within any [t, t + 60 min); Infinity for no limit. */
  perHourMost: number;
}

export type Loss = "gap" | "hour-limit";

/** Cues in the order of a schedule: by `atMs`, then rank. */
export interface Contestants {
  count: number;
  atMs(cue: number): number;
  /** Higher wins. */
  priority(cue: number): number;
  /** Whether it takes part: what is suppressed already does not. */
  takesPart(cue: number): boolean;
}

/** How close two cues must be to exclude one another, ms; 0 when none ever does. */
const reachOf = ({ gapMs, perHourMost }: ContestLimits) =>
  Math.max(gapMs, perHourMost === Number.POSITIVE_INFINITY ? 0 : HOUR_MS);

/**
 * What must be held to settle a span.
 *
 * @param levels how many different priorities may be in it
 */
export function lookAround(
  span: { fromMs: number; untilMs: number },
  limits: ContestLimits,
  levels: number,
): { fromMs: number; untilMs: number } {
  const reachMs = reachOf(limits);
  if (reachMs === 0) return span;
  const deep = Math.max(1, Math.min(levels, LEVELS_MAX));
  const aroundMs = DAY_MS + reachMs;
  return {
    fromMs: Math.floor(span.fromMs / DAY_MS) * DAY_MS - (deep - 1) * DAY_MS - aroundMs,
    untilMs: span.untilMs + (2 * deep - 1) * reachMs + aroundMs,
  };
}

/** @param lost called once for each that loses, with the one that it lost to, which appears and outranks it */
export function settle(
  contestants: Contestants,
  limits: ContestLimits,
  lost: (cue: number, to: number, why: Loss) => void,
): void {
  const reachMs = reachOf(limits);
  if (reachMs === 0) return;
  let run: number[] = [];
  let lastMs = Number.NEGATIVE_INFINITY;
  for (let cue = 0; cue < contestants.count; cue++) {
    if (!contestants.takesPart(cue)) continue;
    const atMs = contestants.atMs(cue);
    if (atMs - lastMs >= reachMs) {
      settleRun(run, contestants, limits, lost);
      run = [];
    }
    run.push(cue);
    lastMs = atMs;
  }
  settleRun(run, contestants, limits, lost);
}

/** @param run cues, ascending */
function settleRun(
  run: readonly number[],
  contestants: Contestants,
  limits: ContestLimits,
  lost: (cue: number, to: number, why: Loss) => void,
): void {
  if (run.length < 2) return;
  const atMs = new Float64Array(run.length);
  for (let place = 0; place < run.length; place++) atMs[place] = contestants.atMs(run[place] as number);
  const taken = new Uint8Array(run.length);
  for (const place of byRank(run, atMs, contestants)) {
    const near = nearest(place, atMs, taken, limits.gapMs);
    if (near !== undefined) {
      lost(run[place] as number, run[near] as number, "gap");
      continue;
    }
    const full = fullHour(place, atMs, taken, limits.perHourMost);
    if (full !== undefined) lost(run[place] as number, run[full] as number, "hour-limit");
    else taken[place] = 1;
  }
}

/** @returns places in a run, the highest rank first */
function byRank(run: readonly number[], atMs: Float64Array, { priority }: Contestants): readonly number[] {
  const equals = new Map<number, number[]>();
  for (let place = 0; place < run.length; place++) {
    const level = priority(run[place] as number);
    const list = equals.get(level);
    if (list) list.push(place);
    else equals.set(level, [place]);
  }
  const lists = [...equals].sort(([a], [b]) => b - a).map(([, list]) => list);
  const isLong = (atMs.at(-1) as number) - (atMs[0] as number) >= DAY_MS;
  return lists.flatMap((list) => (isLong ? laterDaysFirst(list, atMs) : list));
}

function laterDaysFirst(places: readonly number[], atMs: Float64Array): number[] {
  const days: number[][] = [];
  let day = Number.NaN;
  for (const place of places) {
    const own = Math.floor((atMs[place] as number) / DAY_MS);
    if (own !== day) days.push([]);
    day = own;
    days.at(-1)?.push(place);
  }
  return days.reverse().flat();
}

/** The taken one that is too close: of two the nearer, of equally near ones the earlier. */
function nearest(place: number, atMs: Float64Array, taken: Uint8Array, gapMs: number): number | undefined {
  const own = atMs[place] as number;
  let before: number | undefined;
  for (let other = place - 1; other >= 0 && own - (atMs[other] as number) < gapMs; other--) {
    if (taken[other] !== 1) continue;
    before = other;
    break;
  }
  const leftMs = before === undefined ? Number.POSITIVE_INFINITY : own - (atMs[before] as number);
  for (let other = place + 1; other < taken.length; other++) {
    const rightMs = (atMs[other] as number) - own;
    if (rightMs >= gapMs || rightMs >= leftMs) break;
    if (taken[other] === 1) return other;
  }
  return before;
}

/** The first of an hour that has no room for one more at a place; undefined when every hour around it has. */
function fullHour(
  place: number,
  atMs: Float64Array,
  taken: Uint8Array,
  perHourMost: number,
): number | undefined {
  if (perHourMost === Number.POSITIVE_INFINITY) return undefined;
  const own = atMs[place] as number;
  let first = place;
  let last = place;
  let count = 0;
  for (; first > 0 && own - (atMs[first - 1] as number) < HOUR_MS; first--)
    count += taken[first - 1] as number;
  for (; last + 1 < taken.length && (atMs[last + 1] as number) - own < HOUR_MS; last++)
    count += taken[last + 1] as number;
  // Most of them: nothing is made to be thrown away.
  if (count < perHourMost) return undefined;
  // With it, perHourMost + 1 that follow one another must not fit into an hour, wherever it stands among them.
  const near: number[] = [];
  for (let other = first; other <= last; other++) if (other === place || taken[other] === 1) near.push(other);
  for (let at = 0; at + perHourMost < near.length; at++) {
    const from = near[at] as number;
    const to = near[at + perHourMost] as number;
    if ((atMs[to] as number) - (atMs[from] as number) < HOUR_MS) return from === place ? near[at + 1] : from;
  }
  return undefined;
}
