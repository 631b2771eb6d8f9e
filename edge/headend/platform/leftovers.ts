/**
 * Removes what is nobody's any more from the data directory: what a kill left beside a file that was being written, and
 * what an older release kept under another name. By whole names alone: whatever else lies there is somebody's.
 */
import { readdir, unlink } from "node:fs/promises";
import { join } from "node:path";
import { errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";

const LEFTOVERS: readonly [folder: string, name: RegExp][] = [
  // Until a copy of `air` to be judged got a folder of its own.
  ["", /^candidate\.(db(-journal|-wal|-shm)?|packed)$/],
  // As `writeFileAside` names what it has not renamed yet; an identity's holds secrets.
  ["", /^(identity(\.kept)?\.json|started\.json|clock)\.\d{1,10}\.tmp$/],
  ["answers", /^(\d{8}\.(log|idx)|outbox\.json)\.\d{1,10}\.tmp$/],
  ["publications", /^\d{1,16}-\d{1,16}-[0-9a-f]{12}\.db\.\d{1,10}\.tmp$/],
];

/** @param dataDir held by this process, which writes nothing in it yet. Never throws: they take room, and do no harm */
export async function removeLeftovers(dataDir: string, log: Log): Promise<void> {
  for (const [folder, pattern] of LEFTOVERS) {
    const entries = await readdir(join(dataDir, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!entry.isFile() || !pattern.test(entry.name)) continue;
      const file = join(folder, entry.name);
      try {
        await unlink(join(dataDir, file));
        log.info("leftover-removed", { file });
      } catch (error) {
        log.warn("leftover-kept", { file, why: errorMessage(error) });
      }
    }
  }
}
