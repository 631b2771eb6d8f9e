/** The folder of current tags on this machine: empty files that nginx, which runs as another user, may look for. */
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { TagFolder } from "../serve/current-tags.ts";

/** Others may look for a name that they know, no more. */
const MODE = 0o711;
/** Names that are no names in a path; a channel may be called so. */
const NO_NAME = /\/\.{1,2}(\/|$)/;

/** Every address begins so: nothing else in the folder is ours. */
const OURS = "v1";

/**
 * Takes away what an edge that was killed left behind: it may be current no longer.
 *
 * @throws {CuecastError} `tags-unusable`
 */
export async function openTagFolder(folder: string): Promise<TagFolder> {
  /** A service that keeps its files to itself has a mask that `mkdir` obeys. */
  const make = async (path: string) => {
    await mkdir(path, { recursive: true });
    await chmod(path, MODE);
  };
  try {
    await make(folder);
    await rm(join(folder, OURS), { recursive: true, force: true });
  } catch (error) {
    throw new CuecastError(`Cannot keep tags in ${folder}: ${errorMessage(error)}`, {
      code: "tags-unusable",
      cause: error,
    });
  }
  return {
    async add(path, names) {
      if (NO_NAME.test(path)) return;
      let below = folder;
      for (const name of path.split("/").slice(1)) {
        below = join(below, name);
        await make(below);
      }
      for (const name of names) await writeFile(join(below, name), "");
    },
    async remove(path, names) {
      if (NO_NAME.test(path)) return;
      for (const name of names) await rm(join(folder, path, name), { force: true });
    },
  };
}
