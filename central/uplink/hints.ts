/** Long polls of edges: each waits until what is on air differs from what it knows, or its time is over. */
import type { Position } from "../../shared/publication/manifest.ts";
import type { Timers } from "../../shared/time/timers.ts";

export interface Hints {
  /**
   * @param edge one wait per edge: a new one ends the one before
   * @returns what is on air, at once when it is not `known`, else with the next publication or after `waitMs`
   */
  wait(edge: string, known: Position | undefined, waitMs: number): Promise<Position | undefined>;
  /** After every publication. */
  notify(): void;
  /** At the end: lets everybody go. */
  close(): void;
}

export function createHints(onAir: () => Position | undefined, timers: Timers): Hints {
  const waiting = new Map<string, () => void>();
  const release = () => {
    for (const go of [...waiting.values()]) go();
  };
  let closed = false;

  return {
    async wait(edge, known, waitMs) {
      waiting.get(edge)?.();
      if (closed || waitMs === 0 || onAir()?.hash !== known?.hash) return onAir();
      await new Promise<void>((resolve) => {
        const go = () => {
          cancel();
          if (waiting.get(edge) === go) waiting.delete(edge);
          resolve();
        };
        const cancel = timers.after(waitMs, go);
        waiting.set(edge, go);
      });
      return onAir();
    },
    notify: release,
    close() {
      closed = true;
      release();
    },
  };
}
