/** What central refused, in the page's language: what to do about it, and what it said exactly. Pure. */
import type { WrongPlace } from "../../../shared/errors.ts";
import { PROBLEMS, type ProblemWords } from "../../routes/problems.ts";
import type { Refused } from "../platform/http.ts";
import { fieldLine } from "./field-words.ts";
import type { Language } from "./words.ts";

const PLACES_MAX = 5;

type Said = Pick<Refused, "code" | "message" | "errors">;

/** Central's own sentence says in English what is wrong and what to do; in Chinese the table's stands above it. */
export function problemWords(
  { code, message, errors }: Said,
  language: Language,
): { text: string; lines: string[] } {
  const places = errors.slice(0, PLACES_MAX).map((each) => fieldLine(each, language));
  const known = (PROBLEMS as Record<string, ProblemWords | undefined>)[code];
  if (language === "en" || !known) return { text: message, lines: places };
  return { text: known[2], lines: places.length > 0 ? places : [message] };
}

/** The places of a form that was refused; where central names none, its sentence about the whole. */
export function wrongPlaces({ code, message, errors }: Said): WrongPlace[] {
  return errors.length > 0 ? errors : [{ path: "", message, code }];
}

/** The first thing that is wrong, in a few words. */
export function firstWrong(refused: Said, language: Language): string {
  return fieldLine(wrongPlaces(refused)[0] as WrongPlace, language);
}
