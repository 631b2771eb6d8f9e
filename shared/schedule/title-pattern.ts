/**
 * Titles by pattern: `*` stands for any characters or none, `?` for exactly one, everything else for itself.
 * Compared as the guide compares titles (`titleKey`: case, width and blanks make no difference), over the
 * whole title. There is no escape: `?` also matches a question mark, and `*` an asterisk.
 *
 * Not a regular expression: those can take for ever. This takes at most pattern × title steps.
 */
import { titleKey } from "../guide/title-key.ts";

/** Longest pattern, characters. */
export const PATTERN_MAX = 200;

/** @param pattern as an editor wrote it */
export function createTitleMatch(pattern: string): (key: string) => boolean {
  const wanted = [...titleKey(pattern)];
  if (!wanted.includes("*") && !wanted.includes("?")) {
    const whole = wanted.join("");
    return (key) => key === whole;
  }
  return (key) => matchesFrom(wanted, [...key]);
}

/** Goes back to the last star alone: an earlier one could gain nothing that the last cannot. */
function matchesFrom(pattern: readonly string[], text: readonly string[]): boolean {
  let at = 0;
  let star = -1;
  let starAt = 0;
  for (let read = 0; read < text.length; ) {
    const wanted = pattern[at];
    if (wanted === "*") {
      star = at++;
      starAt = read;
    } else if (at < pattern.length && (wanted === "?" || wanted === text[read])) {
      at++;
      read++;
    } else if (star >= 0) {
      at = star + 1;
      read = ++starAt;
    } else return false;
  }
  while (pattern[at] === "*") at++;
  return at === pattern.length;
}
