/**
 * Two editors on one thing: each reply of a draft carries an ETag, and whoever sends it back as `If-Match`
 * changes the thing only while it is still what they saw. Without the header the last one wins, as tools expect.
 */
import { createHash } from "node:crypto";
import { CuecastError } from "../../shared/errors.ts";
import { canonicalJson } from "../../shared/publication/canonical.ts";

const TAG_DIGITS = 32;

/** A strong ETag of plain data, by content. */
export function tagOf(value: unknown): string {
  return `"${createHash("sha256").update(canonicalJson(value)).digest("hex").slice(0, TAG_DIGITS)}"`;
}

/** Whether who asks has this already; weak comparison, as for caches. */
export function isKnown(request: Request, tag: string): boolean {
  const header = request.headers.get("if-none-match");
  if (header === null) return false;
  return header.trim() === "*" || listed(header).some((each) => each.replace(/^W\//, "") === tag);
}

const listed = (header: string) => header.split(",").map((each) => each.trim());

/**
 * @param current what is stored now; undefined when there is none
 * @throws {CuecastError} 412 `changed-meanwhile`, `exists-already`
 */
export function requireMatch(request: Request, current: unknown, name: string): void {
  const ifMatch = request.headers.get("if-match");
  if (ifMatch !== null) {
    const matches =
      current !== undefined && (ifMatch.trim() === "*" || listed(ifMatch).includes(tagOf(current)));
    if (!matches) {
      throw new CuecastError(
        `Cannot save ${name}: somebody else ${current === undefined ? "removed" : "changed"} it meanwhile; load it, merge, save again`,
        { code: "changed-meanwhile", status: 412 },
      );
    }
  }
  if (request.headers.get("if-none-match")?.trim() === "*" && current !== undefined) {
    throw new CuecastError(`Cannot make ${name}: there is one already`, {
      code: "exists-already",
      status: 412,
    });
  }
}
