/** The spans of one channel in which nothing may appear, by instant. Pure. */
import type { Blackout } from "./channel-rule.ts";
import type { ProgrammeIndex } from "./programme-index.ts";

export interface BlackoutSpan {
  fromMs: number;
  /** Not within it any more. */
  untilMs: number;
  /** Of the channel rule that says so. */
  rule: string;
  /** Id of the programme that is kept free; absent for a period. */
  programme?: string;
}

export interface Blackouts {
  readonly spans: readonly BlackoutSpan[];
  /** The span that an instant lies in; of several the one that began first. */
  at(instantMs: number): BlackoutSpan | undefined;
  /** When the next one begins after an instant; Infinity when none does. */
  nextMs(instantMs: number): number;
}

export const NO_BLACKOUTS: Blackouts = {
  spans: [],
  at: () => undefined,
  nextMs: () => Number.POSITIVE_INFINITY,
};

export function createBlackouts(
  rules: readonly { rule: string; blackout: Blackout }[],
  index: ProgrammeIndex,
): Blackouts {
  const spans: BlackoutSpan[] = [];
  for (const { rule, blackout } of rules) {
    if ("fromMs" in blackout) {
      spans.push({ fromMs: blackout.fromMs, untilMs: blackout.untilMs, rule });
      continue;
    }
    for (const place of index.matching(blackout.match)) {
      const programme = index.programmes[place];
      if (!programme) continue;
      spans.push({
        fromMs: programme.startMs - blackout.beforeMs,
        untilMs: programme.endMs + blackout.afterMs,
        rule,
        programme: programme.id,
      });
    }
  }
  if (spans.length === 0) return NO_BLACKOUTS;
  spans.sort((a, b) => a.fromMs - b.fromMs || b.untilMs - a.untilMs || (a.rule < b.rule ? -1 : 1));
  /** The latest end of the spans up to a place: a long one may hold many short ones. */
  const ends: number[] = [];
  for (const { untilMs } of spans) ends.push(Math.max(ends.at(-1) ?? 0, untilMs));

  /** How many begin at an instant or before. */
  const begun = (instantMs: number) => {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((spans[middle] as BlackoutSpan).fromMs <= instantMs) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    spans,
    at(instantMs) {
      let found: BlackoutSpan | undefined;
      for (let place = begun(instantMs) - 1; place >= 0 && (ends[place] ?? 0) > instantMs; place--) {
        const span = spans[place] as BlackoutSpan;
        if (span.untilMs > instantMs) found = span;
      }
      return found;
    },
    nextMs: (instantMs) => spans[begun(instantMs)]?.fromMs ?? Number.POSITIVE_INFINITY,
  };
}
