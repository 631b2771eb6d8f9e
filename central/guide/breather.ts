/** Long work lets other work have its turn. */
import type { Clock } from "../../shared/time/clock.ts";
import type { Timers } from "../../shared/time/timers.ts";

/** Worked between two breaths, ms: another request waits no longer for each of its own turns. */
const SPELL_MS = 15;

/** @returns to be called at every step of the work; waits a turn of the loop when a spell is over */
export function createBreather({ clock, timers }: { clock: Clock; timers: Timers }): () => Promise<void> {
  let sinceMs = clock.monotonicMs();
  return async () => {
    if (clock.monotonicMs() - sinceMs < SPELL_MS) return;
    await new Promise<void>((resolve) => void timers.after(0, resolve));
    sinceMs = clock.monotonicMs();
  };
}
