/** What the page asks of its browser: time, timers, a place to keep things, downloads. */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";

export const browserClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
};

export const browserTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Runs on the next drawn frame. @returns cancels it */
export function onFrame(run: () => void): () => void {
  const frame = requestAnimationFrame(run);
  return () => cancelAnimationFrame(frame);
}

const KEPT = "cuecast.";
/** Kept between visits; a browser that keeps nothing forgets, and no more. */
export const kept = {
  read(key: string): string | undefined {
    try {
      return localStorage.getItem(KEPT + key) ?? undefined;
    } catch {
      return undefined;
    }
  },
  write(key: string, value: string | undefined): void {
    try {
      if (value === undefined) localStorage.removeItem(KEPT + key);
      else localStorage.setItem(KEPT + key, value);
    } catch {
      // Full or forbidden: the page works on without.
    }
  },
  keys(): string[] {
    try {
      return Object.keys(localStorage)
        .filter((key) => key.startsWith(KEPT))
        .map((key) => key.slice(KEPT.length));
    } catch {
      return [];
    }
  },
};

/** A few characters that no other thing of this page has. */
export const drawnId = () => crypto.getRandomValues(new Uint32Array(1))[0]?.toString(36) ?? "x";

export function copyText(text: string): Promise<boolean> {
  return navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
}
