/** The outbox's databases that were set aside: `outbox-damaged-<time>.db`, and what SQLite keeps beside it. */
import { readdir, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../../../shared/runtime/files.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { DamagedOutboxes } from "../outbox/damaged.ts";

const BESIDE = ["-wal", "-shm", ""];
const PREFIX = "outbox-damaged-";

/** @param folder the data directory, where `outbox.db` lies */
export function createDamagedOutboxes(folder: string, clock: Clock): DamagedOutboxes {
  return {
    async setAside() {
      const at = new Date(clock.wallMs()).toISOString().replace(/[-:]/g, "");
      const file = `${PREFIX}${at}.db`;
      // The main one last: until then the next start finds it and sets the rest aside again.
      for (const end of BESIDE) {
        const path = join(folder, `outbox.db${end}`);
        if (await stat(path).catch(() => undefined)) await rename(path, join(folder, `${file}${end}`));
      }
      await syncFolder(folder);
      return file;
    },
    async list() {
      const names = await readdir(folder);
      return names.filter((name) => name.startsWith(PREFIX) && name.endsWith(".db")).sort();
    },
  };
}
