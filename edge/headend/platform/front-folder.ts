/**
 * The folder of what nginx in front may answer by itself, on this machine; nginx runs as another user.
 *
 * In `v1` lie bodies, ADDRESS+QUERY+FORM, in `tags/v1/…` an empty file for each tag that boxes may hold. What tag a body has nginx
 * reads in the time of its file.
 */
import { chmod, mkdir, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { BodyForm, Form } from "../serve/cached-body.ts";
import { type FrontFolder, fileTime } from "../serve/front-files.ts";

/** Others may look for a name that they know, no more. */
const FOLDER_MODE = 0o711;
const FILE_MODE = 0o644;
/** Names that are no names in a path; a channel may be called so. */
const NO_NAME = /\/\.{1,2}(\/|$)/;

/** What in the folder is ours. */
const OURS = ["v1", "tags", "writing"];

/** Of no body: the last one that there is. */
const TRIAL_TAG = `"${"f".repeat(8)}-gz"`;

/**
 * Takes away what an edge that was killed left behind: it may be current no longer.
 *
 * @throws {CuecastError} `front-unusable`, also where a file cannot have a time so far ahead
 */
export async function openFrontFolder(folder: string): Promise<FrontFolder> {
  /** A service that keeps its files to itself has a mask that `mkdir` obeys. */
  const make = async (path: string) => {
    await mkdir(path, { recursive: true });
    await chmod(path, FOLDER_MODE);
  };
  const makeBelow = async (path: string) => {
    let below = folder;
    for (const name of path.split("/").filter((each) => each !== "")) {
      below = join(below, name);
      await make(below);
    }
  };
  const writing = join(folder, "writing");
  const write = async (path: string, etag: string, bytes: Uint8Array) => {
    const seconds = fileTime(etag);
    await writeFile(writing, bytes);
    await chmod(writing, FILE_MODE);
    await utimes(writing, seconds, seconds);
    await rename(writing, path);
  };
  try {
    await make(folder);
    for (const name of OURS) await rm(join(folder, name), { recursive: true, force: true });
    const trial = join(folder, "v1");
    await write(trial, TRIAL_TAG, new Uint8Array());
    const { mtimeMs } = await stat(trial);
    await rm(trial);
    if (mtimeMs !== fileTime(TRIAL_TAG) * 1000) {
      throw new Error(
        "its files cannot have times as far ahead as the year 2378; use another disk, or memory, as /run is",
      );
    }
  } catch (error) {
    throw new CuecastError(`Cannot keep what is current in ${folder}: ${errorMessage(error)}`, {
      code: "front-unusable",
      cause: error,
    });
  }
  /** With a `+`, which no folder and no part of an address has. */
  const bodyAt = (path: string, form: Form) => {
    const [address, query = ""] = path.split("?");
    return `${address}+${query}+${form === "gzip" ? form : ""}`;
  };
  const tagsAt = (path: string) => `/tags${path}`;
  const tagOf = ({ form, etag }: BodyForm) => `GET-${form === "gzip" ? form : ""}-${etag}`;
  return {
    async add(path, body) {
      if (NO_NAME.test(path)) return;
      await makeBelow(tagsAt(path));
      await writeFile(join(folder, tagsAt(path), tagOf(body)), "");
      const place = bodyAt(path, body.form);
      await makeBelow(dirname(place));
      await write(join(folder, place), body.etag, body.bytes);
    },
    async remove(path, body) {
      if (NO_NAME.test(path)) return;
      await rm(join(folder, tagsAt(path), tagOf(body)), { force: true });
      await rm(join(folder, bodyAt(path, body.form)), { force: true });
    },
  };
}
