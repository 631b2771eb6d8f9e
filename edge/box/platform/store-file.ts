/**
 * A store in a folder: one file per entry, written aside, synced, renamed, and the folder synced.
 *
 * Writes go one after another in the background, so that a slow disk costs no punctuality.
 */
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAside } from "../../../shared/runtime/files.ts";
import type { Store, StoreEntry } from "../ports.ts";

const SUFFIX = ".entry";

/** Longer names are shortened: with the ending of a write, 255 is what most file systems take. */
const NAME_LETTERS_MAX = 180;

/** Ids are made of characters that a file name may have, but for the colon on some systems. */
function fileOf(key: string): string {
  const name = encodeURIComponent(key);
  // Where the three letters of each colon are too many, a sign of one that no encoded name has.
  return (name.length > NAME_LETTERS_MAX ? name.replaceAll("%3A", "+") : name) + SUFFIX;
}

async function readEntries(folder: string): Promise<StoreEntry[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    return [];
  }
  const entries: StoreEntry[] = [];
  for (const name of names.sort()) {
    const path = join(folder, name);
    if (!name.endsWith(SUFFIX)) {
      // What a power cut left of a write: the old content still stands under its own name.
      if (name.endsWith(".tmp")) await rm(path, { force: true });
      continue;
    }
    let key: string;
    try {
      key = decodeURIComponent(name.slice(0, -SUFFIX.length).replaceAll("+", "%3A"));
    } catch {
      continue;
    }
    const text = await readFile(path, "utf8").catch(() => "");
    entries.push({ key, text });
  }
  return entries;
}

export interface FileStore extends Store {
  /** Waits until everything asked so far is done. */
  flush(): Promise<void>;
}

/** @param folder made when missing; one box alone uses it. Its files hold a secret and answers: mode 0600 */
export function createFileStore(folder: string): FileStore {
  let last: Promise<void> = Promise.resolve();
  const queue = (work: () => Promise<void>) => {
    last = last.then(work);
  };
  return {
    load(done) {
      queue(async () => done(await readEntries(folder)));
    },
    put(key, text, done) {
      queue(async () => {
        const ok = await writeFileAside(join(folder, fileOf(key)), text, 0o600).then(
          () => true,
          () => false,
        );
        done(ok);
      });
    },
    remove(key) {
      queue(() => rm(join(folder, fileOf(key)), { force: true }).catch(() => {}));
    },
    flush: () => last,
  };
}
