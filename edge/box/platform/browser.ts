/** A browser's clock, timers, random and storage, with what stands in for them where an engine lacks one. */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Random } from "../../../shared/time/random.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Store } from "../ports.ts";
import { createLocalStore } from "./store-local.ts";
import { createMemoryStore } from "./store-memory.ts";

/** Without `performance.now` wall time that never runs back has to do: steps forward then look like sleep. */
function steadyWall(): () => number {
  let last = Date.now();
  let sum = 0;
  return () => {
    const now = Date.now();
    if (now > last) sum += now - last;
    last = now;
    return sum;
  };
}

/** Old engines may lack either. */
const { performance: measured, crypto: secure } = window as Partial<Window & typeof globalThis>;

export const browserClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: measured && "now" in measured ? () => measured.now() : steadyWall(),
};

export const browserTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const browserRandom: Random = secure
  ? () => (secure.getRandomValues(new Uint32Array(1))[0] as number) / 4_294_967_296
  : Math.random;

/** Asking for `localStorage` itself throws where it is forbidden. */
export function browserStore(box: string): Store {
  let store: Store | null = null;
  try {
    store = createLocalStore(localStorage, box);
  } catch {
    // Memory, then.
  }
  return store || createMemoryStore();
}
