/** The folder of promoted copies on this machine's disk. */
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncFolder } from "../../../shared/runtime/files.ts";
import type { PublicationFiles } from "../sync/publications.ts";
import { readAirFile } from "./air-file.ts";

export function createPublicationFiles(folder: string): PublicationFiles {
  return {
    async list() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      return readdir(folder);
    },
    path: (name) => join(folder, name),
    read: readAirFile,
    async bring(from, name) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await rename(from, join(folder, name));
      await syncFolder(folder);
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}
