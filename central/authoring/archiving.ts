/**
 * Putting an interaction out of the library. It is kept, with every version: results say by them what viewers saw. Refused
 * while a placement uses it that may still fire; an archived one is neither saved nor placed until it is brought back.
 */
import { CuecastError } from "../../shared/errors.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import { isOver } from "../../shared/schedule/rule-over.ts";
import type { PlacementDraft } from "../store/drafts.ts";

export interface Use {
  placement: string;
  /** Else drafted alone. */
  onAir: boolean;
}

/** Placements of an interaction that may still fire, drafted or on air, by id. Pure. */
export function usesOf(
  interaction: string,
  drafts: readonly PlacementDraft[],
  onAir: Iterable<Placement>,
  nowMs: number,
): Use[] {
  const mayFire = (placement: Placement) =>
    placement.interaction === interaction && !isOver(placement.when, placement.windowMs, nowMs);
  const uses = new Map<string, boolean>();
  for (const { placement, state } of drafts) {
    if (state === "active" && mayFire(placement)) uses.set(placement.id, false);
  }
  for (const placement of onAir) if (mayFire(placement)) uses.set(placement.id, true);
  return [...uses]
    .map(([placement, isOnAir]) => ({ placement, onAir: isOnAir }))
    .sort((a, b) => (a.placement < b.placement ? -1 : 1));
}

const NAMED_MAX = 5;

/** @throws {CuecastError} 409 `in-use`, with every placement that stands against it */
export function refuseInUse(interaction: string, uses: readonly Use[]): void {
  if (uses.length === 0) return;
  const names = uses.slice(0, NAMED_MAX).map(({ placement }) => placement);
  const more = uses.length - names.length;
  throw new CuecastError(
    `Cannot archive ${interaction}: it is placed by ${names.join(", ")}${more > 0 ? ` and ${more} more` : ""}; withdraw or remove that first`,
    {
      code: "in-use",
      status: 409,
      errors: uses.map(({ placement, onAir }) => ({
        path: `placements.${placement}`,
        message: onAir ? "It is on air and may still show it" : "It is drafted and may still show it",
        code: onAir ? "used-on-air" : "used-in-drafts",
        facts: { placement },
      })),
    },
  );
}

/** @throws {CuecastError} 409 `archived` */
export function refuseArchived(
  interaction: string,
  archived: object | undefined,
  verb: "save" | "place",
): void {
  if (archived === undefined) return;
  throw new CuecastError(`Cannot ${verb} ${interaction}: it is archived; bring it back first`, {
    code: "archived",
    status: 409,
  });
}
