/** What central refused, in the page's language: what to do about it, and what it said exactly. Pure. */
import { PROBLEMS, type ProblemWords } from "../../routes/problems.ts";
import type { Refused } from "../platform/http.ts";
import type { Language } from "./words.ts";

const PLACES_MAX = 5;

/** Central's own sentence says in English what is wrong and what to do; in Chinese the table's stands above it. */
export function problemWords(
  { code, message, errors }: Pick<Refused, "code" | "message" | "errors">,
  language: Language,
): { text: string; lines: string[] } {
  const places = errors.slice(0, PLACES_MAX).map((each) => `${each.path}: ${each.message}`);
  const known = (PROBLEMS as Record<string, ProblemWords | undefined>)[code];
  if (language === "en" || !known) return { text: message, lines: places };
  return { text: known[2], lines: places.length > 0 ? places : [message] };
}
