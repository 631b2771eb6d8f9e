/** The sum of what workers have counted, those that are gone included. */
import type { Counters } from "../serve/counters.ts";

const addLists = (into: number[], now: readonly number[], before: readonly number[] | undefined) => {
  for (const [index, value] of now.entries())
    into[index] = (into[index] ?? 0) + value - (before?.[index] ?? 0);
};

/**
 * Adds what one worker counted since it last told.
 *
 * @param before what it told last; undefined when this is the first time
 */
export function addCounters(into: Counters, now: Counters, before: Counters | undefined): void {
  into.pulls += now.pulls - (before?.pulls ?? 0);
  into.notModified += now.notModified - (before?.notModified ?? 0);
  into.askedAgainMs += now.askedAgainMs - (before?.askedAgainMs ?? 0);
  into.airings += now.airings - (before?.airings ?? 0);
  into.shed += now.shed - (before?.shed ?? 0);
  into.failures += now.failures - (before?.failures ?? 0);
  into.replySeconds += now.replySeconds - (before?.replySeconds ?? 0);
  addLists(into.replies, now.replies, before?.replies);
  addLists(into.replyTimes, now.replyTimes, before?.replyTimes);
  for (const [status, count] of Object.entries(now.receipts)) {
    into.receipts[status] = (into.receipts[status] ?? 0) + count - (before?.receipts[status] ?? 0);
  }
}
