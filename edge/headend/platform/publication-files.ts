/** The folder of promoted copies on this machine's disk. */
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../../../shared/runtime/files.ts";
import type { PublicationFiles } from "../sync/publications.ts";
import { readAirFile } from "./air-file.ts";
import { packedPath, readPackedCopy, writePackedCopy } from "./packed-copy.ts";
import { copyReplica } from "./replica.ts";

export interface PublicationFilesOptions {
  /** Lets replies go out while a large one is read. */
  pause?: () => Promise<void>;
  /** Where the replica is, and where a copy of it goes; same file system as the folder. */
  rescue?: { replicaFile: string; into: string };
}

export function createPublicationFiles(
  folder: string,
  { pause = () => Promise.resolve(), rescue }: PublicationFilesOptions = {},
): PublicationFiles {
  return {
    async list() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return readdir(folder);
    },
    path: (name) => join(folder, name),
    read: (path, isChecked) => readAirFile(path, { pause, isChecked }),
    readPacked: (path, isBeside) => readPackedCopy(path, isBeside, pause),
    async bring(from, name) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const into = join(folder, name);
      // Without it the database is read; one of another database does not hold.
      await rename(packedPath(from), packedPath(into)).catch(() => {});
      await rename(from, into);
      await syncFolder(folder);
    },
    async remove(name) {
      const path = join(folder, name);
      await rm(path, { recursive: true, force: true });
      await rm(packedPath(path), { recursive: true, force: true });
    },
    async writePacked(path, publication) {
      const isThere = await stat(packedPath(path)).then(
        () => true,
        () => false,
      );
      if (!isThere) await writePackedCopy(path, publication);
    },
    removePacked: (path) => rm(packedPath(path), { recursive: true, force: true }),
    async rescue() {
      if (!rescue) return undefined;
      try {
        // The client would make a missing file.
        if ((await stat(rescue.replicaFile)).size === 0) return undefined;
        await copyReplica(rescue.replicaFile, rescue.into);
        return rescue.into;
      } catch {
        return undefined;
      }
    },
  };
}
