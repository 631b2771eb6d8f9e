/** Files that survive a power cut: written aside, synced, renamed, and the folder synced. */
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

/** So that a rename in it is on disk. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

/**
 * Replaces a file whole: after a crash it holds the old content or the new, never a part.
 *
 * @param data pieces are written one after the other
 * @param mode permission bits; 0600 for secrets
 */
export async function writeFileAside(
  path: string,
  data: string | Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  mode = 0o644,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${process.pid}.tmp`;
  const file = await open(aside, "w", mode);
  try {
    if (typeof data === "string" || data instanceof Uint8Array) await file.writeFile(data);
    // Not at once: they may be more than fits beside themselves in memory.
    else for await (const piece of data) await file.writeFile(piece);
    await file.sync();
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  } finally {
    await file.close();
  }
  try {
    await rename(aside, path);
  } catch (error) {
    // A folder in its place: what lies beside it would be a secret's second copy.
    await rm(aside, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}
