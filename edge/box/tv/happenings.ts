/**
 * What happened last, for the panel. Kept beside the box, so that a reboot of it takes nothing away; and by age, so that
 * what was told while the clock was wrong stands at its right time once the box knows better.
 */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Happening } from "../core/state.ts";

export interface Recent {
  happening: Happening;
  agoMs: number;
}

export interface Happenings {
  take(happening: Happening): void;
  /** The newest first. */
  list(): Recent[];
}

const KEPT = 5;
/** Said in the panel's other lines. */
const QUIET = ["edge"];

export function createHappenings(clock: Clock): Happenings {
  let kept: { happening: Happening; atMs: number }[] = [];
  return {
    take(happening) {
      if (QUIET.indexOf(happening.event) >= 0) return;
      kept = [{ happening, atMs: clock.monotonicMs() }].concat(kept).slice(0, KEPT);
    },
    list() {
      const nowMs = clock.monotonicMs();
      return kept.map(({ happening, atMs }) => ({ happening, agoMs: nowMs - atMs }));
    },
  };
}
