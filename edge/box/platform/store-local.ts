/**
 * A store in `localStorage`. One item per entry: `setItem` replaces an item whole. Where the browser forbids
 * it (private mode, a page from a file, storage switched off) there is none, and memory serves instead. Where it is
 * full, what is there counts: it says what was fired and what was answered.
 */
import type { Store, StoreEntry } from "../ports.ts";

/** The part of `Storage` that is used. */
export interface LocalStorage {
  readonly length: number;
  key(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** @returns null when it cannot be written and has nothing of this box */
export function createLocalStore(storage: LocalStorage, box: string): Store | null {
  const prefix = `cuecast/${box}/`;
  const probe = `${prefix}probe`;
  function entries(): StoreEntry[] {
    const found: StoreEntry[] = [];
    for (let index = 0; index < storage.length; index++) {
      const name = storage.key(index);
      if (name === null || name.slice(0, prefix.length) !== prefix) continue;
      found.push({ key: name.slice(prefix.length), text: storage.getItem(name) || "" });
    }
    return found;
  }
  try {
    storage.setItem(probe, "1");
    storage.removeItem(probe);
  } catch {
    if (entries().length === 0) return null;
  }
  return {
    load: (done) => done(entries()),
    put(key, text, done) {
      let ok = true;
      try {
        storage.setItem(prefix + key, text);
      } catch {
        ok = false;
      }
      done(ok);
    },
    remove(key) {
      try {
        storage.removeItem(prefix + key);
      } catch {
        // What cannot be removed is found again at the next start, and judged anew then.
      }
    },
  };
}
