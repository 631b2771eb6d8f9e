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
