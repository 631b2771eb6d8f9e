/** Which tally of a cue to show, and as which bars. Pure. */
import type { Summary } from "../../results/summary.ts";
import type { Label } from "../app/label.ts";

export interface ShownTally {
  total: number;
  bars: { id: string; label: string; count: number; right: boolean }[];
  /** Edges say they took more than has come in here. */
  provisional: boolean;
}

/** What edges say as long as it is ahead of the raw answers; ratings by number, options as the editor put them. */
export function shownTally(summary: Summary, label: Label): ShownTally {
  const provisional = summary.provisional.total > summary.counted.total;
  const tally = provisional ? summary.provisional : summary.counted;
  const order = Object.keys(label.options);
  const names = [...new Set([...order, ...Object.keys(tally.options)])];
  if (order.length === 0) names.sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
  return {
    total: tally.total,
    provisional,
    bars: names.map((id) => ({
      id,
      label: label.options[id] ?? id,
      count: tally.options[id] ?? 0,
      right: summary.correct?.includes(id) ?? false,
    })),
  };
}

/** After the close until then boxes and edges may still have to tell what was shown, ms. */
const REACH_TRAILS_MS = 120_000;

/** As long as more answered than are known to have seen it; where one may answer often, that says nothing for ever. */
const SURELY_TRAILS_MS = 3_600_000;

/** Whether reach is not complete yet: it is too early, or more answered than are known to have seen it. */
export function reachTrails(
  { atMs, closesAtMs, outcomes }: Pick<Summary, "atMs" | "closesAtMs" | "outcomes">,
  counts: { shown: number; answered: number },
  nowMs: number,
): boolean {
  const endMs = closesAtMs ?? atMs;
  if (endMs === undefined || Object.keys(outcomes).length + counts.answered === 0) return false;
  const untilMs = endMs + (counts.answered > counts.shown ? SURELY_TRAILS_MS : REACH_TRAILS_MS);
  return nowMs < untilMs;
}
