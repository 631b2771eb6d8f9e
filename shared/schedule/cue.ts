/** From a placement and a moment to a cue as boxes get it. WIRE.md, "Schedule". */
import type { Cue } from "../protocol/schedule.ts";
import { formatCueId } from "./cue-id.ts";
import type { Placement } from "./placement.ts";

export const occurrenceOf = (programme: string, index: number) => `${programme}.${index}`;

/** When boxes fetch ahead; empty, at its end, when the guard is wider than the lead. */
export function fetchOf({ leadMs, guardMs }: Placement["prefetch"], atMs: number) {
  const untilMs = Math.max(0, atMs - guardMs);
  return { fromMs: Math.min(untilMs, Math.max(0, atMs - leadMs)), untilMs };
}

/** @param programme id, for rules within one */
export function makeCue(placement: Placement, occurrence: string, atMs: number, programme?: string): Cue {
  const { prefetch, embargo } = placement;
  const cue: Cue = {
    id: formatCueId({ placement: placement.id, generation: placement.generation, occurrence }),
    atMs,
    untilMs: atMs + placement.windowMs,
    lateJoin: placement.lateJoin,
    interaction: placement.interaction,
    version: placement.version,
    priority: placement.priority,
  };
  if (programme !== undefined) cue.programme = programme;
  if (embargo) {
    cue.spreadMs = embargo.spreadMs;
  } else {
    cue.fetch = fetchOf(prefetch, atMs);
  }
  if (placement.audience) cue.audience = placement.audience;
  return cue;
}

/** The order of a schedule: `atMs`, priority (higher first), id. */
export function compareCues(a: Cue, b: Cue): number {
  return a.atMs - b.atMs || b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
