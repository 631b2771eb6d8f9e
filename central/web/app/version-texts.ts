/**
 * What each version of an interaction says, for the views that show what is on air or was: a version never changes, so
 * it is asked for once. What is asked for while a view is drawn goes in one question. The port is the API.
 */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { Timers } from "../../../shared/time/timers.ts";

/** As many as central tells at once. */
const ASKED_MAX = 100;
/** After central did not answer. */
const AGAIN_MS = 3_000;

export interface VersionTexts {
  /** @returns undefined while it is not here; `null` when central knows no such version */
  find(id: string, version: number): Interaction | null | undefined;
  /** Told when more came. @returns stops */
  onMore(told: () => void): () => void;
}

export const versionKey = (id: string, version: number): string => `${id}@${version}`;

export function createVersionTexts(
  ask: (keys: readonly string[]) => Promise<readonly Interaction[]>,
  timers: Timers,
): VersionTexts {
  const known = new Map<string, Interaction | null>();
  const wanted = new Set<string>();
  const listeners = new Set<() => void>();
  /** A question is under way, or will be. */
  let busy = false;
  const tell = () => {
    for (const told of [...listeners]) told();
  };

  async function load(): Promise<void> {
    const keys = [...wanted].slice(0, ASKED_MAX);
    try {
      const found = new Map((await ask(keys)).map((each) => [versionKey(each.id, each.version), each]));
      for (const key of keys) {
        known.set(key, found.get(key) ?? null);
        wanted.delete(key);
      }
      tell();
      busy = wanted.size > 0;
      if (busy) timers.after(0, load);
    } catch {
      // Whoever still shows one asks again then.
      wanted.clear();
      timers.after(AGAIN_MS, () => {
        busy = false;
        tell();
      });
    }
  }
  return {
    find(id, version) {
      const key = versionKey(id, version);
      if (!known.has(key)) {
        wanted.add(key);
        if (!busy) timers.after(0, load);
        busy = true;
      }
      return known.get(key);
    },
    onMore(told) {
      listeners.add(told);
      return () => listeners.delete(told);
    },
  };
}
