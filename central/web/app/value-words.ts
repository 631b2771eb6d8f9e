/** A value of a form or a document as a person reads it, never as JSON: times, names in a row, fields line by line. Pure. */
import { placeWords } from "./field-words.ts";
import { instantIn, msWords, number } from "./format.ts";
import { valueName } from "./value-names.ts";
import { createSay, type Language, listed, type Texts } from "./words.ts";

const texts = {
  yes: ["yes", "是"],
  no: ["no", "否"],
  nothing: ["(nothing)", "（无）"],
} as const satisfies Texts;
/** A hash stands for what was uploaded: its beginning tells two apart. */
const HASH = /^[0-9a-f]{64}$/;
const HASH_SHOWN = 8;

export interface ValueLine {
  /** `texts.en.title` */
  path: string;
  words: string;
}

const isPlain = (value: unknown) => typeof value !== "object" || value === null;

/** One value without fields of its own. */
function plainWords(path: string, value: unknown, language: Language): string {
  const say = createSay(texts, language);
  if (value === undefined || value === null || value === "") return say("nothing");
  const time = msWords(path, value, language);
  if (time !== undefined) return time;
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  if (typeof value === "number") return number(value, language);
  const text = String(value);
  const name = valueName(path, text, language);
  if (name !== undefined) return name;
  return HASH.test(text) ? `${text.slice(0, HASH_SHOWN)}…` : text;
}

/** @returns a line for each field, however deep; one of the path itself for what has none */
export function valueLines(path: string, value: unknown, language: Language): ValueLine[] {
  if (isPlain(value)) return [{ path, words: plainWords(path, value, language) }];
  if (Array.isArray(value) && value.every(isPlain)) {
    const names = value.map((each) => plainWords(path, each, language));
    return [{ path, words: names.length === 0 ? plainWords(path, "", language) : listed(names, language) }];
  }
  const fields = Object.entries(value as object);
  if (fields.length === 0) return [{ path, words: plainWords(path, "", language) }];
  const { zone } = value as { zone?: unknown };
  return fields.flatMap(([key, field]) => {
    const below = path === "" ? key : `${path}.${key}`;
    // What says its zone means its times in it, wherever the browser is.
    const words = typeof zone === "string" ? instantIn(zone, key, field, language) : undefined;
    return words === undefined ? valueLines(below, field, language) : [{ path: below, words }];
  });
}

/** The whole of it; lines of fields name them below `path`. */
export function valueWords(path: string, value: unknown, language: Language): string {
  return valueLines(path, value, language)
    .map((line) => {
      const below = line.path === path ? "" : line.path.slice(path === "" ? 0 : path.length + 1);
      const mark = language === "zh" ? "：" : ": ";
      return below === "" ? line.words : `${placeWords(below, language)}${mark}${line.words}`;
    })
    .join("\n");
}
