/**
 * Whether central may build on what it believes to be on air: DESIGN.md section 3. A restored or wiped
 * database must not make it publish what edges would refuse, or overwrite what it does not know. Pure.
 */
import { comparePositions, type Position } from "../../shared/publication/manifest.ts";

const place = (position: Position) => `${position.epoch}/${position.revision}`;
const REMEDY = "publish with a new epoch to go on from here";
const OR_REVOKE = "; if that edge is not to be believed, revoke it";

/** Epochs that the fleet can be ahead of a restored central: each is an operator's act. */
const EPOCHS_AHEAD_MOST = 1_000;
/** A publication a second for thirty years. */
const REVISION_MOST = 1_000_000_000;

/**
 * Whether an edge can have served that. One that lies far beyond is not heard: its claim would be taken for
 * history, and drive epochs to where no number is left.
 *
 * @param epoch the highest known here
 */
export const believable = (claim: Position, epoch: number): boolean =>
  claim.epoch <= epoch + EPOCHS_AHEAD_MOST && claim.revision <= REVISION_MOST;

/**
 * @param latest what authoring says is on air; undefined when nothing was published
 * @param air what the libSQL server holds; undefined when it is empty
 * @param edges the highest place that each edge reported
 * @param hashAt hash of a past publication, by authoring; undefined when it knows none there
 * @returns why not, in words for an operator; undefined when it may
 */
export function historyConflict(
  latest: Position | undefined,
  air: Position | undefined,
  edges: readonly { id: string; highest: Position }[],
  hashAt: (epoch: number, revision: number) => string | undefined,
): string | undefined {
  if (latest && !air) return `air is empty though ${place(latest)} should be on it: it was wiped; ${REMEDY}`;
  if (air && !latest)
    return `air holds ${place(air)}, which authoring does not know: authoring was wiped; ${REMEDY}`;
  if (latest && air && latest.hash !== air.hash) {
    const order = comparePositions(air, latest);
    const why =
      order < 0
        ? "air was restored from an older copy"
        : order > 0
          ? "authoring was restored from an older copy"
          : "one of them was restored and published over";
    return `air holds ${place(air)}, authoring says ${place(latest)}: ${why}; ${REMEDY}`;
  }
  for (const { id, highest } of edges) {
    if (latest && highest.epoch < latest.epoch) continue;
    if (!latest || comparePositions(highest, latest) > 0) {
      return `edge ${id} has served ${place(highest)}, but the highest known here is ${latest ? place(latest) : "none"}: central was restored from an older copy; ${REMEDY}${OR_REVOKE}`;
    }
    if (hashAt(highest.epoch, highest.revision) !== highest.hash) {
      return `edge ${id} has served another ${place(highest)} than the one known here: central was restored and published over; ${REMEDY}${OR_REVOKE}`;
    }
  }
  return undefined;
}
