/**
 * The details of the status page in another language. Parts of an edge, its runtime, libSQL and central tell what they met
 * in English; logs and `/status.json` keep that. A table of templates has the sentences that our own parts make; of what
 * somebody else said the kind of fault is told, and what is the same in every language: codes, addresses, names of files.
 * Pure.
 */
import { type LineFault, lineFault } from "./line-fault.ts";

/**
 * English and the other language. `{n}` stands for a number and `{path}` for what has no space in it, both of which stay as
 * they are; `{*why}` for a detail of its own, which is translated again.
 */
export type DetailTemplate = readonly [english: string, other: string];

export interface DetailWords {
  templates: readonly DetailTemplate[];
  /** What somebody else's words tell, most certain first. */
  signs: readonly (readonly [sign: RegExp, words: string])[];
  faults: Readonly<Record<LineFault, string>>;
  /** Of words that nobody here knows: what was recognised of them, if anything, and what stays as it is. */
  foreign(known: string | undefined, facts: readonly string[]): string;
  /** Between details of one kind. */
  and: string;
}

/** A detail within a detail, and so on. */
const DEPTH_MAX = 5;
const FACTS_MAX = 4;
/** A code, an address, a path, a file, a number of the system. */
const FACT =
  /\b[A-Z][A-Z0-9]*_?[A-Z0-9_]{2,}\b|https?:\/\/[^\s,;)"']+|(?<![\w/])\/[\w./-]+|\b[\w-]+\.(?:db|log|json|idx|packed)\b|\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?|(?:os error|status|code) \d+/g;

const escaped = (text: string) => text.replace(/[.*+?^$()|[\]\\/{}]/g, "\\$&");
const NUMBERS = ["n", "number", "free", "total"];
const PLACE = /\{(\*?)(\w+)\}/g;

interface Reading {
  pattern: RegExp;
  places: { name: string; isDetail: boolean }[];
  other: string;
}

function readingOf([english, other]: DetailTemplate): Reading {
  const places: Reading["places"] = [];
  let pattern = "";
  let from = 0;
  for (const match of english.matchAll(PLACE)) {
    places.push({ name: match[2] as string, isDetail: match[1] === "*" });
    const value =
      match[1] === "*" ? "[^]+?" : NUMBERS.includes(match[2] as string) ? "[+-]?[0-9.]+" : "\\S+?";
    pattern += `${escaped(english.slice(from, match.index))}(${value})`;
    from = match.index + match[0].length;
  }
  return { pattern: new RegExp(`^${pattern}${escaped(english.slice(from))}$`, "i"), places, other };
}

/** @returns what says a detail in the other language; never any of the English sentence */
export function createDetails(words: DetailWords): (english: string) => string {
  const readings = words.templates.map(readingOf);

  function known(text: string, depth: number): string | undefined {
    for (const { pattern, places, other } of readings) {
      const match = pattern.exec(text);
      if (!match) continue;
      const found = new Map(
        places.map(({ name, isDetail }, at) => {
          const value = match[at + 1] as string;
          return [name, isDetail ? say(value, depth + 1) : value];
        }),
      );
      return other.replace(/\{(\w+)\}/g, (_, name: string) => found.get(name) ?? "");
    }
    return undefined;
  }

  function foreign(text: string): string {
    const fault = lineFault(text);
    const kind = words.signs.find(([sign]) => sign.test(text))?.[1] ?? (fault && words.faults[fault]);
    return words.foreign(kind, [...new Set(text.match(FACT) ?? [])].slice(0, FACTS_MAX));
  }

  function say(text: string, depth: number): string {
    if (!/[a-z]/i.test(text)) return text;
    if (depth > DEPTH_MAX) return foreign(text);
    const whole = known(text, depth);
    if (whole !== undefined) return whole;
    // Several that were put together; a sentence with a semicolon of its own was looked for before.
    const parts = text.split("; ");
    return parts.length > 1 ? parts.map((part) => say(part, depth + 1)).join(words.and) : foreign(text);
  }

  return (english) => say(english, 0);
}
