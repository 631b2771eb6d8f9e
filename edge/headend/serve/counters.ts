/** What the serving side counts: plain numbers, so that counting costs a request nothing. */

/** Upper bounds of the reply time histogram, seconds. */
export const REPLY_BOUNDS_SECONDS = [0.0005, 0.001, 0.005, 0.02, 0.1, 0.5] as const;

export interface Counters {
  /** Schedules asked for, the 304s included. */
  pulls: number;
  notModified: number;
  /** Sum of the `refreshMs` that pulls were answered with, ms: what tells how many boxes there are. */
  askedAgainMs: number;
  /** By HTTP status class: 2 for 2xx. */
  replies: number[];
  /** By receipt status. */
  receipts: Record<string, number>;
  airings: number;
  /** Posts turned away with 429 or 503. */
  shed: number;
  /** Errors inside: 500s. */
  failures: number;
  /** One per bound of REPLY_BOUNDS_SECONDS and one above; not cumulative. */
  replyTimes: number[];
  replySeconds: number;
}

export const createCounters = (): Counters => ({
  pulls: 0,
  notModified: 0,
  askedAgainMs: 0,
  replies: [0, 0, 0, 0, 0, 0],
  receipts: { accepted: 0, duplicate: 0, late: 0, rejected: 0 },
  airings: 0,
  shed: 0,
  failures: 0,
  replyTimes: new Array(REPLY_BOUNDS_SECONDS.length + 1).fill(0),
  replySeconds: 0,
});

/** Replies of any status. */
export const repliesOf = ({ replies }: Counters) => replies.reduce((sum, count) => sum + count, 0);

/** @param elapsedMs from the request's arrival until its reply was ready */
export function countReply(counters: Counters, status: number, elapsedMs: number): void {
  const seconds = elapsedMs / 1000;
  let bucket = 0;
  while (bucket < REPLY_BOUNDS_SECONDS.length && seconds > (REPLY_BOUNDS_SECONDS[bucket] as number)) bucket++;
  counters.replyTimes[bucket] = (counters.replyTimes[bucket] ?? 0) + 1;
  counters.replySeconds += seconds;
  const group = Math.floor(status / 100);
  counters.replies[group] = (counters.replies[group] ?? 0) + 1;
  if (status === 304) counters.notModified++;
}
