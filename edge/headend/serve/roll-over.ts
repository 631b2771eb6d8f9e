/**
 * Gets schedules ready before they are asked for: those of a new snapshot while the one before is still served, and
 * shortly before every hour, when all windows move at once, those of the next one. Each channel has three turns of its
 * own, so no reply waits for more than one. A box that comes before its channel's turn is answered all the same: its
 * body is made then. Where many come at once, each for another channel, they wait for one another: so a snapshot is
 * made ready first.
 */
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { HOUR_MS } from "../../../shared/schedule/window.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Snapshot } from "./snapshot.ts";

/** How long before the hour it begins, ms: 5,000 channels at 10 ms are 50 s. */
export const LEAD_MS = 120_000;
/** A snapshot that is not ready by then takes over all the same, ms: what was published must go out. */
export const READY_MAX_MS = 5_000;

export interface RollOverPorts {
  snapshot(): Snapshot | undefined;
  clock: Clock;
  timers: Timers;
  /** Resolves in a later turn of the event loop. */
  pause: () => Promise<void>;
  log: Log;
}

export interface RollOver {
  /** Before a snapshot takes the place of another: makes its schedules, for at most READY_MAX_MS. */
  ready(next: Snapshot): Promise<void>;
  /** After a snapshot took the place of another, and at the start. */
  promoted(): Promise<void>;
  stop(): void;
}

export function createRollOver({ snapshot, clock, timers, pause, log }: RollOverPorts): RollOver {
  let stopped = false;
  let cancel = () => {};

  /** @returns when done, or when it is over */
  async function prepare(made: Snapshot, aheadMs: number, isOver: () => boolean): Promise<void> {
    const nowMs = clock.wallMs();
    try {
      await made.prepare(nowMs, nowMs + aheadMs, pause, () => stopped || isOver());
    } catch (error) {
      // Whatever it is, the channel that has it says so when it is asked for.
      log.error("prepare-failed", { why: errorMessage(error) });
    }
  }

  /** Of what is served, until there is a newer snapshot. */
  async function prepareServed(aheadMs: number): Promise<void> {
    const served = snapshot();
    if (served) await prepare(served, aheadMs, () => snapshot() !== served);
  }

  function arm(): void {
    const toHourMs = HOUR_MS - (clock.wallMs() % HOUR_MS);
    const inMs = toHourMs > LEAD_MS ? toHourMs - LEAD_MS : toHourMs + HOUR_MS - LEAD_MS;
    cancel = timers.after(inMs, async () => {
      const aheadMs = HOUR_MS - (clock.wallMs() % HOUR_MS);
      // Woken early or late, by a clock that was set: then the hour to come is not near.
      if (aheadMs <= LEAD_MS) await prepareServed(aheadMs);
      if (!stopped) arm();
    });
  }
  arm();

  return {
    ready(next) {
      const untilMs = clock.monotonicMs() + READY_MAX_MS;
      return prepare(next, 0, () => clock.monotonicMs() >= untilMs);
    },
    promoted: () => prepareServed(0),
    stop() {
      stopped = true;
      cancel();
    },
  };
}
