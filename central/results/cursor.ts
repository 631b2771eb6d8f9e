/**
 * How far central has taken an outbox: the highest number up to which nothing is missing. Pure.
 *
 * A gap means that a batch got lost on the way, or that central was restored and no longer has what it once
 * acknowledged; the edge has dropped that and can never send it again. So a gap is first answered with the old
 * number; when the edge then still begins behind the same gap, it has nothing in between, and the cursor jumps.
 */

export interface Cursor {
  taken: number;
  /** Where the last batch began, when it began behind a gap. */
  gapFrom: number | undefined;
}

/**
 * @param numbers of the batch, in any order
 * @returns the new cursor, and the gap that was jumped, if any: first and last missing number
 */
export function advanceCursor(
  cursor: Cursor,
  numbers: readonly number[],
): { cursor: Cursor; jumped?: { from: number; until: number } } {
  const sorted = [...new Set(numbers)].sort((a, b) => a - b).filter((number) => number > cursor.taken);
  const first = sorted[0];
  if (first === undefined) return { cursor: { ...cursor } };
  let taken = cursor.taken;
  let jumped: { from: number; until: number } | undefined;
  if (first > taken + 1) {
    if (cursor.gapFrom !== first) return { cursor: { taken, gapFrom: first } };
    jumped = { from: taken + 1, until: first - 1 };
    taken = first - 1;
  }
  for (const number of sorted) {
    if (number !== taken + 1) break;
    taken = number;
  }
  return { cursor: { taken, gapFrom: undefined }, ...(jumped && { jumped }) };
}
