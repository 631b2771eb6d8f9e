/** A box's two clocks: a monotonic one that drifts and stands still in sleep, a wall clock that drifts and is set. */
import type { EventQueue } from "./event-queue.ts";

export interface Oscillator {
  monotonicMs(): number;
  wallMs(): number;
  /** How fast the monotonic clock goes: 1 is right. */
  rate(): number;
  /** Before the box starts, stops, sleeps or wakes: both clocks go on from where they stand. */
  rebase(): void;
  /** The power is back: monotonic time begins anew. @param wallMs where the wall clock starts; undefined: it ran on */
  restart(wallMs: number | undefined): void;
  /** Sets the wall clock. */
  step(byMs: number): void;
  stray(ppm: number): void;
}

const MILLION = 1e6;

/**
 * @param first parts per million of the oscillator, and of the clock that runs while the box does not
 * @param running whether the box is on and awake
 */
export function createOscillator(
  queue: EventQueue,
  first: { ppm: number; rtcPpm: number; wallMs: number },
  running: () => boolean,
): Oscillator {
  let ppm = first.ppm;
  // Where both clocks stood at the last change of their rate.
  let basedMs = 0;
  let monotonicBase = 0;
  let wallBase = first.wallMs;

  const passed = () => queue.nowMs() - basedMs;
  const monotonicMs = () => monotonicBase + (running() ? passed() * (1 + ppm / MILLION) : 0);
  const wallMs = () => wallBase + passed() * (1 + (running() ? ppm : first.rtcPpm) / MILLION);

  function rebase(): void {
    const wall = wallMs();
    monotonicBase = monotonicMs();
    wallBase = wall;
    basedMs = queue.nowMs();
  }

  return {
    monotonicMs,
    wallMs,
    rate: () => 1 + ppm / MILLION,
    rebase,
    restart(startMs) {
      rebase();
      monotonicBase = 0;
      if (startMs !== undefined) wallBase = startMs;
    },
    step(byMs) {
      rebase();
      wallBase += byMs;
    },
    stray(next) {
      rebase();
      ppm = next;
    },
  };
}
