/**
 * Changes that come too late for boxes to hear of in time: told before publishing, and refused within the freeze time.
 * Pure.
 *
 * A box at rest asks for its schedule every five minutes; from a cue's prefetch window on it asks every 30 s, and has what
 * it shows by the end of that window. So a cue that is new, or moved or changed before its window began, reaches every
 * box that is on in five minutes and the guard; one whose window is open in 30 s and the guard. Withdrawing is never late
 * enough to be refused, and what a rule suppresses neither.
 */
import * as v from "valibot";
import { durationSchema } from "../../shared/protocol/primitives.ts";
import type { Content } from "../../shared/publication/part.ts";
import { parseCueId } from "../../shared/schedule/cue-id.ts";
import { PLACEMENT_DEFAULTS, type Placement } from "../../shared/schedule/placement.ts";
import type { CheckError } from "./checks.ts";
import type { PlacedCueChange } from "./cue-changes.ts";
import { planOf } from "./plan.ts";

export const publishLimitsSchema = v.object({
  /** Cues that are due sooner than this may not be added, moved or changed, ms; 0: they may. Guides have `soonMs`. */
  freezeMs: v.pipe(durationSchema, v.maxValue(86_400_000)),
});
export type PublishLimits = v.InferOutput<typeof publishLimitsSchema>;
export const PUBLISH_LIMITS: PublishLimits = {
  /** None: before and during a live programme editors work against the clock, and are warned. */
  freezeMs: 0,
};

/** A box at rest asks every five minutes, give or take a fifth: WIRE.md, `refreshMs`. */
const RESTING_MS = 360_000;
/** From the prefetch window on. */
const WATCHING_MS = 30_000;
/** From publishing until an edge serves it. */
const LANDING_MS = 2_000;
const TOLD_MAX = 50;

export interface LateChange extends CheckError {
  /** Within the freeze time. */
  frozen: boolean;
}

const KINDS = ["added", "freed", "moved", "changed"] as const;
type Kind = (typeof KINDS)[number];
const isKind = (change: string): change is Kind => (KINDS as readonly string[]).includes(change);

const WORDS: Record<Kind, string> = {
  added: "is new",
  freed: "appears again",
  moved: "moves",
  changed: "changes",
};

/** @param changes of what is on air, by moment */
export function lateChanges(
  changes: readonly PlacedCueChange[],
  content: Content,
  { freezeMs }: PublishLimits,
  nowMs: number,
): LateChange[] {
  const { placements } = planOf(content);
  const seen = new Set<string>();
  const found: LateChange[] = [];
  for (const { id, change, atMs, wasMs } of changes) {
    if (found.length >= TOLD_MAX) break;
    const placement = placements.get(parseCueId(id)?.placement ?? "");
    if (!isKind(change) || !placement || seen.has(id)) continue;
    // One that moves matters at the earlier of its moments: there a box that has not heard shows it, or should have.
    const mattersMs = Math.min(atMs, wasMs ?? atMs);
    if (mattersMs < nowMs && mattersMs + placement.windowMs < nowMs) continue;
    const needMs = neededMs(change, placement, wasMs ?? atMs, nowMs);
    const leftMs = Math.max(0, mattersMs - nowMs);
    const frozen = leftMs < freezeMs;
    if (leftMs >= needMs && !frozen) continue;
    seen.add(id);
    const [left, need] = [Math.floor(leftMs / 1000), Math.ceil(needMs / 1000)];
    const effect =
      change === "added" || change === "freed"
        ? "show it late or not at all"
        : `show it as it was${wasMs === undefined ? "" : ", where it was"}`;
    found.push({
      path: `placements.${placement.id}`,
      code: frozen ? `frozen-${change}` : `late-${change}`,
      message: frozen
        ? `Its cue ${id} ${WORDS[change]} ${left} s before it matters (${new Date(mattersMs).toISOString()}), within the freeze time of ${freezeMs / 1000} s`
        : `Its cue ${id} ${WORDS[change]} ${left} s before it matters (${new Date(mattersMs).toISOString()}): boxes need up to ${need} s to hear of it, and those that have not ${effect}`,
      facts: { cue: id, atMs: mattersMs, left, need, freeze: freezeMs / 1000 },
      frozen,
    });
  }
  return found;
}

/** How long until every box that is on has heard and holds what it shows, ms. */
function neededMs(change: Kind, placement: Placement, knownAtMs: number, nowMs: number): number {
  const { prefetch, embargo } = placement;
  const watched =
    (change === "moved" || change === "changed") &&
    nowMs >= knownAtMs - (embargo ? PLACEMENT_DEFAULTS.prefetch : prefetch).leadMs;
  return LANDING_MS + (watched ? WATCHING_MS : RESTING_MS) + (embargo ? 0 : prefetch.guardMs);
}
