/** A store that forgets with the process: where a browser forbids its own. Nothing repeats while it runs. */
import type { Store, StoreEntry } from "../ports.ts";

export function createMemoryStore(): Store {
  const texts: Record<string, string> = {};
  return {
    load(done) {
      const entries: StoreEntry[] = Object.keys(texts).map((key) => ({ key, text: texts[key] as string }));
      done(entries);
    },
    put(key, text, done) {
      texts[key] = text;
      done(true);
    },
    remove(key) {
      delete texts[key];
    },
  };
}
