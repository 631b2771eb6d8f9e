/** Tells presses from a key that is held down, which sends its key again and again; old engines do not say which. */
import type { Timers } from "../../../shared/time/timers.ts";
import { isArrow, type KeyName } from "../platform/keys.ts";

export interface Presses {
  /** @returns whether it was used; a key that is held down goes where its press went */
  key(name: KeyName): boolean;
  /** The key was let go: the next press of it is another one, however soon. */
  release(): void;
}

/** A key that comes again within this, and was not let go, is held down; remotes first repeat after up to 0.66 s. */
export const HELD_MS = 700;

/** @param take asked at a press, and at every repeat of an arrow */
export function createPresses(timers: Timers, take: (name: KeyName) => boolean): Presses {
  let last: KeyName | null = null;
  let used = false;
  let forget: (() => void) | null = null;

  function release(): void {
    last = null;
  }

  return {
    key(name) {
      if (name !== last || isArrow(name)) used = take(name);
      last = name;
      if (forget) forget();
      forget = timers.after(HELD_MS, release);
      return used;
    },
    release,
  };
}
