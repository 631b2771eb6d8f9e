/**
 * A store in `localStorage`. One item per entry: `setItem` replaces an item whole. Where the browser forbids
 * it (private mode, a page from a file, storage switched off) there is none, and memory serves instead.
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

/** @returns null when it cannot be written */
export function createLocalStore(storage: LocalStorage, box: string): Store | null {
  const prefix = `cuecast/${box}/`;
  const probe = `${prefix}probe`;
  try {
    storage.setItem(probe, "1");
    storage.removeItem(probe);
  } catch {
    return null;
  }
  return {
    load(done) {
      const entries: StoreEntry[] = [];
      for (let index = 0; index < storage.length; index++) {
        const name = storage.key(index);
        if (name === null || name.slice(0, prefix.length) !== prefix) continue;
        entries.push({ key: name.slice(prefix.length), text: storage.getItem(name) || "" });
      }
      done(entries);
    },
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
