/** How far a cue reached: boxes that had it due, that showed it, and answers that count. Pure. */
import type { Summary } from "./summary.ts";

export function reach(summary: Pick<Summary, "outcomes" | "counted">): {
  due: number;
  shown: number;
  answered: number;
} {
  let due = 0;
  let shown = 0;
  for (const [outcome, count] of Object.entries(summary.outcomes)) {
    const [name] = outcome.split(":");
    // Dismissed comes after shown, of the same box.
    if (name === "dismissed") continue;
    due += count;
    if (name === "shown" || name === "late") shown += count;
  }
  return { due, shown, answered: summary.counted.total };
}
