/**
 * What this edge can take: requests a second that it answers itself over loopback, measured in short bursts after
 * its start. It asks and answers in one process, so the figure is rather too low than too high; of several bursts
 * the best counts, because a busy machine only ever makes one lower.
 */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";

/** Measured again so often: what was a busy moment is none for ever, ms. */
const AGAIN_MS = 600_000;
/** A burst is over after so many requests or so long. */
const BURST_REQUESTS = 200;
const BURST_MS = 100;
const BURSTS = 5;

interface Ports {
  clock: Clock;
  timers: Timers;
  pause(): Promise<void>;
}

export interface Capacity {
  /**
   * Measures now, and every ten minutes.
   *
   * @param ask one request to this edge, done when its reply is read. Never throws: what fails is not measured
   */
  measure(ask: () => Promise<void>, ports: Ports): Promise<void>;
  stop(): void;
  /** Whole requests; undefined before it was measured. */
  perSecond(): number | undefined;
}

export function createCapacity(): Capacity {
  let best: number | undefined;
  let stopped = false;
  let cancel = () => {};
  return {
    async measure(ask, ports) {
      const { clock, timers, pause } = ports;
      try {
        // The first one opens the connection.
        await ask();
        for (let burst = 0; burst < BURSTS; burst++) {
          await pause();
          const fromMs = clock.monotonicMs();
          let done = 0;
          let elapsedMs = 0;
          while (done < BURST_REQUESTS && elapsedMs < BURST_MS) {
            await ask();
            done++;
            elapsedMs = clock.monotonicMs() - fromMs;
          }
          if (elapsedMs > 0) best = Math.max(best ?? 0, Math.round((done * 1_000) / elapsedMs));
        }
      } catch {
        // It does not answer itself, where a proxy or a firewall stands in the way.
      }
      if (!stopped) cancel = timers.after(AGAIN_MS, () => void this.measure(ask, ports));
    },
    stop() {
      stopped = true;
      cancel();
    },
    perSecond: () => best,
  };
}
