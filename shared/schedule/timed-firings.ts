/** Firings of rules that need no programme, each rule expanded once per span and not once per channel. */

import type { Firing } from "./cron.ts";
import { firingsOf } from "./expand.ts";
import type { Placement } from "./placement.ts";

export interface FiringList {
  readonly fromMs: number;
  readonly untilMs: number;
  /** By instant. */
  readonly firings: readonly Firing[];
}

/** Spans remembered for one placement: the one being served, the next, and some that long windows reach back to. */
const SPANS_MAX = 8;

export interface TimedFirings {
  /**
   * @returns a list that covers the span, and the places in it that lie within the span
   * @throws {CuecastError} as `expandRule`
   */
  of(placement: Placement, fromMs: number, untilMs: number): { list: FiringList; first: number; end: number };
}

export function createTimedFirings(): TimedFirings {
  const kept = new Map<Placement, FiringList[]>();
  return {
    of(placement, fromMs, untilMs) {
      let lists = kept.get(placement);
      if (!lists) {
        lists = [];
        kept.set(placement, lists);
      }
      let list = lists.find((each) => each.fromMs <= fromMs && each.untilMs >= untilMs);
      if (!list) {
        list = { fromMs, untilMs, firings: firingsOf(placement, fromMs, untilMs) };
        lists.push(list);
        if (lists.length > SPANS_MAX) lists.shift();
      }
      const { firings } = list;
      return { list, first: firstAt(firings, fromMs), end: firstAt(firings, untilMs) };
    },
  };
}

/** The place of the first at an instant or after it. */
function firstAt(firings: readonly Firing[], instantMs: number): number {
  let low = 0;
  let high = firings.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((firings[middle] as Firing).atMs < instantMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
