/** What breaks by itself in a world, so many times a day, and is mended after a while: edges, lines, boxes. */

import type { Coverage } from "./coverage.ts";
import { type Dice, nextAfterMs } from "./dice.ts";
import type { Edge } from "./edge.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Machine } from "./watcher.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const LONG_SLEEP_DAYS = 31;
const TEN_YEARS_MS = 10 * 365 * 24 * HOUR_MS;

export interface Trouble {
  queue: EventQueue;
  /** How much breaks in this world. */
  wildness: number;
  /** False once everything is to be mended. */
  faulty: () => boolean;
  hit: Coverage["hit"];
}

/** @param happen breaks it, and plans its mending */
export function breakdowns(
  { queue, faulty }: Pick<Trouble, "queue" | "faulty">,
  dice: Dice,
  perDay: number,
  happen: () => void,
): void {
  const again = () =>
    queue.after(nextAfterMs(dice, perDay), () => {
      if (!faulty()) return;
      happen();
      again();
    });
  again();
}

/** Whether a world has room for it. */
export const sleepsLong = (days: number) => days >= LONG_SLEEP_DAYS + 2;

/** Once: it sleeps for over a month, and has no network for half a day after it woke. Nothing else happens to it. */
export function sleepLong({ queue }: Pick<Trouble, "queue">, machine: Machine, fate: Dice): void {
  queue.after(fate.between(2 * HOUR_MS, 12 * HOUR_MS), () => {
    machine.line = "refused";
    machine.sleep();
    queue.after(LONG_SLEEP_DAYS * 24 * HOUR_MS, () => {
      machine.wake();
      queue.after(12 * HOUR_MS, () => {
        machine.line = "open";
      });
    });
  });
}

/** @param cut cuts its line to central for so long */
export function troubleEdge(trouble: Trouble, edge: Edge, fate: Dice, cut: (lengthMs: number) => void): void {
  const { queue, wildness, hit } = trouble;
  breakdowns(trouble, fate, wildness, () => {
    hit("crash");
    edge.down = true;
    queue.after(fate.chance(0.8) ? fate.between(500, MINUTE_MS) : fate.between(MINUTE_MS, HOUR_MS), () => {
      edge.down = false;
    });
  });
  breakdowns(trouble, fate, wildness, () => {
    hit("overload");
    edge.busy = true;
    queue.after(fate.between(5_000, 10 * MINUTE_MS), () => {
      edge.busy = false;
    });
  });
  breakdowns(trouble, fate, 0.7 * wildness, () => {
    const lengthMs = fate.chance(0.8) ? fate.between(1_000, HOUR_MS) : fate.between(HOUR_MS, 30 * HOUR_MS);
    hit("line to central cut");
    cut(lengthMs);
  });
}

/** @param rotted told which entry bit rot took */
export function troubleMachine(
  trouble: Trouble,
  machine: Machine,
  fate: Dice,
  rotted: (key: string) => void,
): void {
  const { queue, wildness, hit } = trouble;
  breakdowns(trouble, fate, 4, () => machine.stray());
  const cut = () => {
    machine.powerCut();
    if (fate.chance(0.1)) {
      const key = machine.flash.rot();
      if (key !== undefined) rotted(key);
    }
    machine.tokenStale = fate.chance(0.1);
    queue.after(
      fate.chance(0.8) ? fate.between(3_000, MINUTE_MS) : fate.between(MINUTE_MS, 20 * HOUR_MS),
      () => machine.boot(),
    );
  };
  const sleep = () => {
    machine.sleep();
    queue.after(fate.between(MINUTE_MS, 12 * HOUR_MS), () => machine.wake());
  };
  // Half of them just when it hurts: in a write, and while a reply is on its way.
  breakdowns(trouble, fate, 0.7 * wildness, () => {
    if (fate.chance(0.5)) cut();
    else machine.flash.ambush = cut;
  });
  breakdowns(trouble, fate, 0.4 * wildness, () => {
    if (fate.chance(0.5)) sleep();
    else machine.ambush = sleep;
  });
  breakdowns(trouble, fate, 0.4 * wildness, () => {
    const byMs = fate.pick([
      -TEN_YEARS_MS,
      TEN_YEARS_MS,
      -HOUR_MS,
      HOUR_MS,
      5_000,
      -5_000,
      400,
      30 * MINUTE_MS,
    ]);
    // A suspend and a step at once look like another suspend: no box can tell.
    if (!machine.asleep) machine.stepWall(byMs);
  });
  breakdowns(trouble, fate, 0.7 * wildness, () => {
    machine.line = fate.pick(["refused", "black-hole"] as const);
    const lengthMs = fate.chance(0.85)
      ? fate.between(1_000, 30 * MINUTE_MS)
      : fate.between(HOUR_MS, 30 * HOUR_MS);
    queue.after(lengthMs, () => {
      machine.line = "open";
      if (fate.chance(0.5)) machine.online();
    });
  });
  breakdowns(trouble, fate, 0.1, () => machine.measure(fate.whole(-400, 5_000)));
  breakdowns(trouble, fate, 0.15 * wildness, () => {
    hit("storage full");
    machine.flash.full = true;
    queue.after(fate.between(MINUTE_MS, 4 * HOUR_MS), () => {
      machine.flash.full = false;
    });
  });
}
