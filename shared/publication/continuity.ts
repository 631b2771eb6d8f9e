/**
 * Whether a synced publication continues the one that is served: DESIGN.md section 3. A primary that was
 * wiped or restored replaces a replica's content without a word; this is what stops that.
 */
import { comparePositions, type Position } from "./manifest.ts";

export type Continuity = { kind: "same" } | { kind: "continues" } | { kind: "refused"; why: string };

const name = (position: { epoch: number; revision: number }) => `${position.epoch}/${position.revision}`;

/**
 * @param served what the edge serves; undefined when it has nothing yet
 * @param candidate what was synced
 * @param history hash of the earlier publication at that place, undefined when the history has none
 */
export function judgeContinuity(
  served: Position | undefined,
  candidate: Position,
  history: (epoch: number, revision: number) => string | undefined,
): Continuity {
  if (!served) return { kind: "continues" };
  if (candidate.epoch > served.epoch) return { kind: "continues" };
  const order = comparePositions(candidate, served);
  if (order === 0 && candidate.hash === served.hash) return { kind: "same" };
  if (order < 0) {
    return {
      kind: "refused",
      why: `central's air is at ${name(candidate)}, older than ${name(served)}, which is served here: it was restored from an older copy or wiped; publish a new epoch at central`,
    };
  }
  const known = order === 0 ? candidate.hash : history(served.epoch, served.revision);
  if (known === served.hash) return { kind: "continues" };
  return {
    kind: "refused",
    why: `central's air at ${name(candidate)} has another past than ${name(served)}, which is served here: it was restored and published over; publish a new epoch at central`,
  };
}
