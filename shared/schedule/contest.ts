/**
 * Which cues of a channel may appear when there are too many: a least gap between moments, and a most per hour.
 *
 * Problem: central, and edges that woke up on different days, each look at another piece of time, and must
 * agree on every cue. "Go through the cues by rank and take each that fits" is what editors expect, but what
 * fits at 19:00 depends on what was taken before, that on what was taken before it, and so on without end:
 * wherever one begins to look, the answer differs. Taking a cue only if no stronger *candidate* is near needs
 * no chain, but then a rule every five minutes under a gap of six has every cue suppressed by the one before.
 *
 * Idea: settle whole days by themselves, then settle each border between two days by itself.
 *
 * Sketch. Time is cut at 00:00 UTC into days. (1) Within a day: by rank (priority, then earlier, then id), a cue
 * is taken when it keeps the gap to all that are taken, and no 60 minutes hold more than allowed. Nothing of
 * other days is looked at. (2) At each border, of what was taken at most REACH before and after it, by rank
 * again, the same test; who fails now is suppressed as well. REACH is half a day or less, so no cue stands at two borders, and
 * no border knows of another. So a cue's fate depends on its own day and the two beside it, on nothing else:
 * any two windows that hold those three days agree.
 *
 * What it keeps: two cues that appear keep the gap, and no 60 minutes hold too many, over borders too (a step
 * only takes away, and taking away breaks neither). Whoever is suppressed is outranked by the cue named as
 * the winner. What it gives away: who lost to a cue that then lost at the border is not called back.
 */

/** One day, UTC: the span that is settled by itself. */
export const SPAN_MS = 86_400_000;
/** Most that is looked at to either side of a border: a gap can be no wider (GAP_MAX_MS). */
export const REACH_MAX_MS = SPAN_MS / 2;
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

/** @param lost called once for each that loses, with the one that it lost to */
export function settle(
  contestants: Contestants,
  limits: ContestLimits,
  lost: (cue: number, to: number, why: Loss) => void,
): void {
  const { count } = contestants;
  if (limits.gapMs <= 0 && limits.perHourMost === Number.POSITIVE_INFINITY) return;
  const reachMs = Math.max(limits.gapMs, HOUR_MS);
  let before: number[] = [];
  let beforeDay = Number.NaN;
  for (let from = 0; from < count; ) {
    const day = Math.floor(contestants.atMs(from) / SPAN_MS);
    let until = from;
    const cues: number[] = [];
    for (; until < count && contestants.atMs(until) < (day + 1) * SPAN_MS; until++) {
      if (contestants.takesPart(until)) cues.push(until);
    }
    const taken = takeByRank(cues, contestants, limits, lost);
    if (beforeDay === day - 1) {
      const borderMs = day * SPAN_MS;
      const early = before.filter((cue) => contestants.atMs(cue) >= borderMs - reachMs);
      const late = taken.filter((cue) => contestants.atMs(cue) < borderMs + reachMs);
      if (early.length > 0 && late.length > 0) takeByRank([...early, ...late], contestants, limits, lost);
    }
    before = taken;
    beforeDay = day;
    from = until;
  }
}

/**
 * @param cues ascending
 * @returns those taken, ascending
 */
function takeByRank(
  cues: readonly number[],
  { atMs, priority }: Contestants,
  { gapMs, perHourMost }: ContestLimits,
  lost: (cue: number, to: number, why: Loss) => void,
): number[] {
  const ranked = isRanked(cues, priority)
    ? cues
    : [...cues].sort((a, b) => priority(b) - priority(a) || a - b);
  /** Ascending. */
  const taken: number[] = [];
  for (const cue of ranked) {
    const place = placeOf(cue, taken);
    const at = atMs(cue);
    const left = taken[place - 1];
    const right = taken[place];
    const nearLeft = left !== undefined && at - atMs(left) < gapMs;
    const nearRight = right !== undefined && atMs(right) - at < gapMs;
    if (nearLeft || nearRight) {
      // Both may be near: the higher of the two is named.
      const leftWins = nearLeft && !(nearRight && priority(right as number) > priority(left as number));
      lost(cue, (leftWins ? left : right) as number, "gap");
      continue;
    }
    const full = fullHour(taken, place, at, atMs, perHourMost);
    if (full !== undefined) {
      lost(cue, full, "hour-limit");
      continue;
    }
    if (place === taken.length) taken.push(cue);
    else taken.splice(place, 0, cue);
  }
  return taken;
}

/** Most channels have one priority: then the order of time is the order of rank. */
function isRanked(cues: readonly number[], priority: (cue: number) => number): boolean {
  for (let place = 1; place < cues.length; place++) {
    if (priority(cues[place] as number) > priority(cues[place - 1] as number)) return false;
  }
  return true;
}

/** How many of `taken` come before a cue. */
function placeOf(cue: number, taken: readonly number[]): number {
  let low = 0;
  let high = taken.length;
  if (high === 0 || cue > (taken[high - 1] as number)) return high;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((taken[middle] as number) < cue) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The first of an hour that has no room for one more at a place; undefined when every hour around it has. */
function fullHour(
  taken: readonly number[],
  place: number,
  at: number,
  atMs: (cue: number) => number,
  perHourMost: number,
): number | undefined {
  if (taken.length < perHourMost) return undefined;
  // With it, perHourMost + 1 that follow one another must not fit into an hour, wherever it stands among them.
  for (let first = Math.max(0, place - perHourMost); first <= place; first++) {
    const last = first + perHourMost - 1;
    if (last >= taken.length) break;
    const firstMs = first === place ? at : atMs(taken[first] as number);
    const lastMs = last < place ? at : atMs(taken[last] as number);
    if (lastMs - firstMs < HOUR_MS) return taken[first === place ? place : first];
  }
  return undefined;
}
