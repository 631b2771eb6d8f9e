/**
 * Reads the reference television and the box's bundle from disk into memory, once, while nothing is served yet. In one
 * piece: each of a hundred small files would wait for another thread three times, which takes ten times as long.
 */
import { type Dirent, readdirSync, readFileSync, statSync } from "node:fs";
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
export function readDistFiles(dist: string): StaticFiles {
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  const walk = (path: string): void => {
    for (const entry of entriesOf(join(dist, path))) {
      const below = `${path}/${entry.name}`;
      if (entry.isDirectory()) walk(below);
      else if (entry.isFile()) {
        bytes += statSync(join(dist, below)).size;
        if (files.size >= FILES_MAX || bytes > BYTES_MAX) {
          throw new CuecastError(`Cannot serve ${dist}: more than ${FILES_MAX} files or ${BYTES_MAX} bytes`, {
            code: "files-refused",
          });
        }
        files.set(below, new Uint8Array(readFileSync(join(dist, below))));
      }
    }
  };
  try {
    for (const folder of FOLDERS) walk(folder);
  } catch (error) {
    if (error instanceof CuecastError) throw error;
    throw new CuecastError(`Cannot read ${dist}: ${errorMessage(error)}`, {
      code: "files-refused",
      cause: error,
    });
  }
  return files;
}

/** @throws the system's error, but for a missing folder */
function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
