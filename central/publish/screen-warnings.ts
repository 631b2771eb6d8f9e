/** What channels make of placements, and is likely a mistake: overlaps on a screen, placements that never show. Pure. */
import type { Placement } from "../../shared/schedule/placement.ts";
import type { Suppression } from "../../shared/schedule/reason.ts";
import type { Plan } from "./plan.ts";
import type { Work } from "./work.ts";

/** Cues looked at, over all channels and regions. */
export const CUES_LOOKED_AT_MAX = 100_000;

export interface PlacementWarning {
  /** Of the placement. */
  id: string;
  message: string;
  code: string;
  facts: Record<string, string | number>;
}

interface Shown {
  appear: number;
  /** The first that does not. */
  why?: Suppression;
  lost: number;
}

const text = (ms: number) => `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")} UTC`;

/** @param durationOf how long what a placement shows stays on the screen, ms */
export function* screenWarnings(
  plan: Plan,
  fromMs: number,
  untilMs: number,
  durationOf: (placement: Placement) => number,
): Work<PlacementWarning[]> {
  const found: PlacementWarning[] = [];
  const told = new Set<string>();
  const shown = new Map<string, Shown>();
  let left = CUES_LOOKED_AT_MAX;

  function look(region: string | undefined, channel: string): void {
    const cues = plan.cues(region, channel, fromMs, untilMs);
    left -= cues.rows.count;
    let before: { placement: Placement; atMs: number } | undefined;
    for (let row = 0; row < cues.rows.count; row++) {
      const { placement } = cues.planned(row);
      const { id } = placement;
      const atMs = cues.rows.atMs[row] as number;
      const counts = shown.get(id) ?? { appear: 0, lost: 0 };
      shown.set(id, counts);
      const why = cues.suppression(row);
      if (why) {
        counts.lost++;
        counts.why ??= why;
        continue;
      }
      counts.appear++;
      const pair = `${before?.placement.id} ${id}`;
      if (before && atMs < before.atMs + durationOf(before.placement) && !told.has(pair)) {
        told.add(pair);
        const message = `It begins while ${before.placement.id} is on the screen of ${channel} (${text(atMs)})`;
        found.push({ id, message, code: "on-screen", facts: { other: before.placement.id, channel, atMs } });
      }
      before = { placement, atMs };
    }
  }

  for (const channel of plan.channels()) {
    for (const region of plan.variants(channel)) if (left > 0) look(region, channel);
    yield;
  }
  // Where not everything was looked at, one that loses here may appear elsewhere.
  if (left <= 0) return found;
  for (const [id, { appear, lost, why }] of shown) {
    if (appear > 0 || why === undefined) continue;
    const by = why.rule === undefined ? "" : ` of channel rule ${why.rule}`;
    const all = lost === 1 ? "Its only cue" : `Every one of its ${lost} cues`;
    const message = `${all} of the next eight days is suppressed, first by: ${why.reason}${by}`;
    const facts = { n: lost, reason: why.reason, rule: why.rule ?? "", to: why.to ?? "" };
    found.push({ id, message, code: "all-suppressed", facts });
  }
  return found;
}
