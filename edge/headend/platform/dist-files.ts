/** Reads the reference television and the box's bundle from disk into memory, once. */
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { StaticFiles } from "../serve/static-files.ts";

/** Most files, and bytes of them all: what a page for a television needs, many times over. */
const FILES_MAX = 200;
const BYTES_MAX = 33_554_432;
const FOLDERS = ["tv", "box"];

/**
 * @param dist the folder with `tv/` and `box/`; missing ones give nothing
 * @throws {CuecastError} `files-refused` when there is too much, or a file cannot be read
 */
export async function readDistFiles(dist: string): Promise<StaticFiles> {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  const walk = async (path: string): Promise<void> => {
    const entries = await readdir(join(dist, path), { withFileTypes: true }).catch((error) => {
      if (error.code === "ENOENT") return [];
      throw error;
    });
    for (const entry of entries) {
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory()) await walk(below);
      else if (entry.isFile()) {
        bytes += (await stat(join(dist, below))).size;
        if (files.size >= FILES_MAX || bytes > BYTES_MAX) {
          throw new CuecastError(`Cannot serve ${dist}: more than ${FILES_MAX} files or ${BYTES_MAX} bytes`, {
            code: "files-refused",
          });
        }
        files.set(below, new Uint8Array(await readFile(join(dist, below))));
      }
    }
  };
  try {
    for (const folder of FOLDERS) await walk(folder);
  } catch (error) {
    if (error instanceof CuecastError) throw error;
    throw new CuecastError(`Cannot read ${dist}: ${errorMessage(error)}`, {
      code: "files-refused",
      cause: error,
    });
  }
  return files;
}
