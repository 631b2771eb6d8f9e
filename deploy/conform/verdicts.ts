/** What is said of a clause, and what the verdicts on asking, firing and sending share. Pure. */

/** Latency. */
export const SLACK_MS = 400;
/** A busy machine's timers: to ask a little late makes no herd, to ask early does. */
export const LATE_SLACK_MS = 1_500;

export interface Verdict {
  /**
   * `not seen`: the box did nothing by which it could be told, so that nothing is said of it. `note`: beside what WIRE.md
   * asks of a box, so that none is broken for it.
   */
  verdict: "kept" | "broken" | "not seen" | "note";
  /** What was seen, or missed. */
  why: string;
}

export const kept = (why: string): Verdict => ({ verdict: "kept", why });
export const broken = (why: string): Verdict => ({ verdict: "broken", why });
export const notSeen = (why: string): Verdict => ({ verdict: "not seen", why });
