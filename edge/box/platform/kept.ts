/** A few words that a page remembers between visits; nothing where storage is forbidden. */

const PREFIX = "cuecast-tv/";

/** What was kept under a name; else `fallback`, which is kept from now on. */
export function remembered(name: string, fallback: string): string {
  try {
    const kept = localStorage.getItem(PREFIX + name);
    if (kept) return kept;
    localStorage.setItem(PREFIX + name, fallback);
  } catch {
    // The page works without.
  }
  return fallback;
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value);
  } catch {
    // As above.
  }
}
