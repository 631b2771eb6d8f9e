/** The one timer that a box has armed: by its own oscillator, late as televisions are, silent while it sleeps. */
import type { Timers } from "../../shared/time/timers.ts";
import type { Dice } from "./dice.ts";
import { callOff, type EventQueue, type Planned } from "./event-queue.ts";
import type { Oscillator } from "./oscillator.ts";

export interface MachineTimer {
  port: Timers;
  /** After a start, a waking, another rate: when it is due by real time is reckoned anew. */
  plan(): void;
  /** Falls asleep: it stays armed. */
  pause(): void;
  /** The power is gone. */
  drop(): void;
}

/**
 * @param faults false: late by 2 ms at most
 * @param running whether the box is on and awake
 * @param fire runs what was armed
 */
export function createMachineTimer(
  queue: EventQueue,
  oscillator: Oscillator,
  dice: Dice,
  faults: boolean,
  running: () => boolean,
  fire: (run: () => void) => void,
): MachineTimer {
  /** What is armed, and when it is due by the oscillator. */
  let armed: (() => void) | null = null;
  let dueMs = 0;
  let planned: Planned | null = null;

  function latenessMs(): number {
    if (!faults) return dice.between(0, 2);
    const luck = dice.random();
    return luck < 0.98 ? dice.between(0, 4) : dice.between(4, 300);
  }

  function ring(): void {
    const run = armed;
    armed = null;
    if (run) fire(run);
  }

  function plan(): void {
    if (!armed || !running()) return;
    const leftMs = Math.max(0, dueMs - oscillator.monotonicMs()) / oscillator.rate();
    planned = queue.after(leftMs + latenessMs(), ring);
  }

  const pause = () => callOff(planned);

  function disarm(): void {
    pause();
    armed = null;
  }

  return {
    port: {
      after(delay: number, run: () => void) {
        pause();
        armed = run;
        dueMs = oscillator.monotonicMs() + delay;
        plan();
        return disarm;
      },
    },
    plan() {
      pause();
      plan();
    },
    pause,
    drop() {
      armed = null;
    },
  };
}
