/** `identity.json`: who this edge is, as central told it at enrolment. Holds secrets: mode 0600. */
import { readFile } from "node:fs/promises";
import * as v from "valibot";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import { writeFileAside } from "../../../shared/runtime/files.ts";
import { type Identity, identitySchema } from "../identity.ts";

/**
 * Undefined when there is none: the edge is not enrolled.
 *
 * @throws {CuecastError} `bad-identity` when it cannot be read or fails its schema
 */
export async function loadIdentity(path: string): Promise<Identity | undefined> {
  const refuse = (state: string, cause?: unknown) =>
    new CuecastError(`Cannot use ${path}: ${state}; enrol this edge again with a new code`, {
      code: "bad-identity",
      cause,
    });
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw refuse(errorMessage(error), error);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refuse("it is not JSON", cause);
  }
  const parsed = v.safeParse(identitySchema, value);
  if (!parsed.success) throw refuse(`it fails its schema at ${v.getDotPath(parsed.issues[0]) ?? "the top"}`);
  return parsed.output;
}

export function saveIdentity(path: string, identity: Identity): Promise<void> {
  return writeFileAside(path, `${JSON.stringify(identity, null, 2)}\n`, 0o600);
}
