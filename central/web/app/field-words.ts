/** What is wrong at one place of a form, in the page's language: the one door from central's `errors` to words. Pure. */
import type { WrongPlace } from "../../../shared/errors.ts";
import { PROBLEMS, type ProblemWords } from "../../routes/problems.ts";
import { checkTexts, checkWords } from "../publish/check-words.ts";
import {
  faultTexts,
  fieldTexts,
  kindTexts,
  otherTexts,
  placeTexts,
  RULE_FAULT,
  SENTENCES,
} from "./field-texts.ts";
import { createSay, type Language, type Texts } from "./words.ts";

export interface FieldWords {
  /** `Texts › en › Title`; empty when it is the whole. */
  place: string;
  words: string;
}

/** What lies below these is called as somebody likes, `title` too. */
const HOLDERS = new Set(["texts", "options", "names", "placements", "interactions", "channels", "groups"]);
/** But for what a publication did with them. */
const CHANGES = new Set(["added", "changed", "removed"]);

/** `texts.en.title` as `Texts › en › Title`. */
export function placeWords(path: string, language: Language): string {
  const say = createSay(placeTexts as Texts, language);
  const parts = path === "" ? [] : path.split(".");
  // A form is of one interaction: that it is one need not be said.
  const own = parts.length > 1 && parts[0] === "interaction" ? parts.slice(1) : parts;
  // Below a language stand ids, which may be digits; elsewhere digits are places in a list, which people count from one.
  const isPlace = (part: string) => own[0] !== "texts" && /^\d+$/.test(part);
  const isId = (at: number) => HOLDERS.has(own[at - 1] ?? "") && !CHANGES.has(own[at] ?? "");
  return own
    .map((part, at) => (isPlace(part) ? String(Number(part) + 1) : isId(at) ? part : say(part)))
    .join(" › ");
}

function wordsOf({ message, code = "", facts = {} }: WrongPlace, language: Language): string {
  if (facts.least === 1 && /^too-(short|few)$/.test(code)) return createSay(fieldTexts, language)("empty");
  if (code === "too-small" && "above" in facts) return createSay(fieldTexts, language)("not-above", facts);
  if (code === "wrong-kind") {
    const wanted = createSay(kindTexts as Texts, language)(String(facts.wanted));
    return createSay(fieldTexts, language)("wrong-kind", { wanted });
  }
  for (const texts of [fieldTexts, faultTexts, otherTexts] as Texts[])
    if (code in texts) return createSay(texts, language)(code, facts);
  if (code in checkTexts) return checkWords({ message, code, facts }, language);
  const problem = (PROBLEMS as Record<string, ProblemWords | undefined>)[code];
  if (language === "en") return message;
  if (message.startsWith(RULE_FAULT[0])) return RULE_FAULT[1];
  return SENTENCES[message] ?? problem?.[2] ?? message;
}

export function fieldWords(wrong: WrongPlace, language: Language): FieldWords {
  return { place: placeWords(wrong.path, language), words: wordsOf(wrong, language) };
}

/** One line of it. */
export function fieldLine(wrong: WrongPlace, language: Language): string {
  const { place, words } = fieldWords(wrong, language);
  if (place === "") return words;
  return language === "zh" ? `${place}：${words}` : `${place}: ${words}`;
}
