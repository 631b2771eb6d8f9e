/**
 * `identity.json`: who this edge is, as central told it at enrolment. Holds secrets: mode 0600.
 *
 * Nothing but a person with a new code can replace it, so it is kept twice, and each copy carries its own hash:
 * one flipped bit in a key would make an edge refuse everything. A copy without a hash was edited by hand.
 */
import { createHash } from "node:crypto";
import { readFile, rmdir } from "node:fs/promises";
import * as v from "valibot";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import { writeFileAside } from "../../../shared/runtime/files.ts";
import { SYSTEM_WORDS, systemState } from "../../../shared/system-state.ts";
import { type Identity, identitySchema } from "../identity.ts";

const storedSchema = v.object({ ...identitySchema.entries, sha256: v.optional(v.string()) });

/** @param identity with its fields in the schema's order, as parsing leaves them */
const hashOf = (identity: Identity) => createHash("sha256").update(JSON.stringify(identity)).digest("hex");

/** `identity.json` → `identity.kept.json`. */
const secondPath = (path: string) => path.replace(/\.json$/, ".kept.json");

/** What a container's engine makes where a file that it shall show is missing. */
const FOLDER = "a folder stands in its place; move it away";
const EMPTY_FOLDER = "an empty folder stood in its place";

/**
 * @param repair takes away an empty folder in its place
 * @returns undefined when there is no such file, words when it does not hold
 */
async function readCopy(path: string, repair: boolean): Promise<Identity | string | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const { code } = error as { code?: string };
    if (code === "ENOENT") return undefined;
    if (code === "EISDIR") {
      const isGone =
        repair &&
        (await rmdir(path).then(
          () => true,
          () => false,
        ));
      return isGone ? EMPTY_FOLDER : FOLDER;
    }
    const state = systemState(error);
    return state === undefined ? errorMessage(error) : SYSTEM_WORDS[state];
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is not JSON";
  }
  const parsed = v.safeParse(storedSchema, value);
  if (!parsed.success) return `it fails its schema at ${v.getDotPath(parsed.issues[0]) ?? "the top"}`;
  const { sha256, ...identity } = parsed.output;
  return sha256 === undefined || sha256 === hashOf(identity) ? identity : "its hash does not match";
}

/**
 * Who this edge is, from the first copy that holds; the other is made good again.
 *
 * @returns undefined when there is none: the edge is not enrolled; `damage`: what was wrong with a copy
 * @throws {CuecastError} `bad-identity` when no copy holds
 */
export async function loadIdentity(
  path: string,
  { repair = true } = {},
): Promise<{ identity: Identity; damage?: string } | undefined> {
  const first = await readCopy(path, repair);
  if (typeof first === "object") {
    const second = await readCopy(secondPath(path), repair);
    if (JSON.stringify(second) === JSON.stringify(first)) return { identity: first };
    // Edited by hand, or damaged: the first counts.
    if (repair) await saveIdentity(path, first).catch(() => {});
    return {
      identity: first,
      ...(typeof second !== "object" && { damage: `identity.kept.json: ${second ?? "it was missing"}` }),
    };
  }
  const second = await readCopy(secondPath(path), repair);
  if (typeof second === "object") {
    if (repair) await saveIdentity(path, second).catch(() => {});
    return { identity: second, damage: `identity.json: ${first ?? "it was missing"}` };
  }
  const state = second === FOLDER ? second : (first ?? second);
  if (state === undefined) return undefined;
  // Whole perhaps: a new code would throw away who it is. Or it would be used up, and what it gives could not be kept.
  if (state === SYSTEM_WORDS.rights || state === SYSTEM_WORDS.failing || state === FOLDER) {
    throw new CuecastError(`Cannot read ${path}: ${state}`, { code: "identity-unreadable" });
  }
  throw new CuecastError(`Cannot use ${path}: ${state}; enrol this edge again with a new code`, {
    code: "bad-identity",
  });
}

/** Writes both copies, one after the other, so that a power cut leaves one whole. */
export async function saveIdentity(path: string, identity: Identity): Promise<void> {
  const ordered = v.parse(identitySchema, identity);
  const text = `${JSON.stringify({ ...ordered, sha256: hashOf(ordered) }, null, 2)}\n`;
  await writeFileAside(path, text, 0o600);
  await writeFileAside(secondPath(path), text, 0o600);
}
