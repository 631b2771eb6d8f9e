/**
 * After a start central does not know yet what its edges serve: it may have been restored from an older copy,
 * and then would publish below them. So whoever publishes first waits until every enrolled edge has said what
 * it serves, or until an edge that is there would have: an edge tries central again every 15 s at the latest.
 */
import type { Timers } from "../../shared/time/timers.ts";
import type { EdgeRecord } from "../store/fleet.ts";

/** How long after the start an edge is waited for, ms: its longest pause between two tries, and the try. */
export const ROLL_CALL_MS = 20_000;

export interface RollCall {
  /** An edge has said what it serves. */
  heard(edge: string): void;
  /** Resolves when every edge that may speak was heard, or the time is over. */
  complete(): Promise<void>;
}

/** @param withinMs from now on; 0 for none */
export function createRollCall(
  ports: { list: () => Promise<readonly EdgeRecord[]>; timers: Timers },
  withinMs: number,
): RollCall {
  const known = new Set<string>();
  let over = withinMs <= 0;
  let wake: (() => void)[] = [];
  const wakeAll = () => {
    const waiting = wake;
    wake = [];
    for (const each of waiting) each();
  };
  if (!over) {
    ports.timers.after(withinMs, () => {
      over = true;
      wakeAll();
    });
  }
  return {
    heard(edge) {
      if (over || known.has(edge)) return;
      known.add(edge);
      wakeAll();
    },
    async complete() {
      while (!over) {
        const next = new Promise<void>((resolve) => wake.push(resolve));
        const missing = (await ports.list()).some(
          ({ id, revokedAtMs, lastSeenMs }) =>
            revokedAtMs === undefined && lastSeenMs !== undefined && !known.has(id),
        );
        if (!missing) over = true;
        else await next;
      }
    },
  };
}
