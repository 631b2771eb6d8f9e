/**
 * What a failed system call or SQLite says about the machine, by its error code: in one place, so that the command line,
 * the status page, a box's 503 and the doctor all tell a full disk from a file without rights. Pure.
 */

export type SystemState = "full" | "rights" | "failing" | "shape";

const SIGNS: readonly [SystemState, RegExp][] = [
  ["full", /^(ENOSPC|EDQUOT|SQLITE_FULL)/],
  ["rights", /^(EACCES|EPERM|EROFS|SQLITE_(READONLY|PERM|AUTH))/],
  ["failing", /^(EIO|SQLITE_IOERR)/],
  ["shape", /^(EISDIR|EEXIST|ENOTDIR)/],
];

/** After `Cannot <verb> <what>:`. */
export const SYSTEM_WORDS: Readonly<Record<SystemState, string>> = {
  full: "there is no room left on the disk",
  rights: "this user may not do that there",
  failing: "the disk fails",
  shape: "a file stands where a directory should, or the reverse",
};

/** How deep a cause may lie. */
const DEPTH_MAX = 5;

/** @returns undefined when neither the error nor what caused it has such a code */
export function systemState(error: unknown): SystemState | undefined {
  let current = error;
  for (let depth = 0; depth < DEPTH_MAX && current; depth++) {
    const { code, cause } = current as { code?: unknown; cause?: unknown };
    const found = typeof code === "string" ? SIGNS.find(([, sign]) => sign.test(code)) : undefined;
    if (found) return found[0];
    current = cause;
  }
  return undefined;
}
