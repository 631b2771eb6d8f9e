/** What a storm asks of one edge, and whether it can take it. Pure. */
import type { StormReply } from "../../routes/publishing-schemas.ts";

/** Of what it can take: above that there is no room for a neighbour that fails. */
const TIGHT_SHARE = 0.5;

export interface StormLoad {
  id: string;
  boxes: number | undefined;
  /** Requests a second at the worst moment. */
  perSecond: number | undefined;
  takes: number | undefined;
  verdict: "fine" | "tight" | "over" | "unknown";
}

/**
 * @param peak requests a second for each box
 * @param supposed boxes instead of those that the edge estimates
 */
export function loadOf(
  peak: number,
  edge: StormReply["regions"][number]["edges"][number],
  supposed: number | undefined,
): StormLoad {
  const boxes = supposed ?? edge.boxes;
  const takes = edge.takesPerSecond;
  const perSecond = boxes === undefined ? undefined : peak * boxes;
  if (perSecond === undefined || takes === undefined) {
    return { id: edge.id, boxes, perSecond, takes, verdict: "unknown" };
  }
  const verdict = perSecond > takes ? "over" : perSecond > takes * TIGHT_SHARE ? "tight" : "fine";
  return { id: edge.id, boxes, perSecond, takes, verdict };
}
