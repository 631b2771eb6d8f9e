/**
 * Characters that no text of people's needs and that do harm: controls, which no screen shows, and those that turn the
 * direction of whatever stands behind them, also beside their text. Marks of direction (U+200E, U+200F) are let in: they
 * reach no further than their neighbours. Pure.
 */
import type { WrongPlace } from "../../shared/errors.ts";

/** Controls but tab and new line; separators of lines and paragraphs; embeddings, overrides and isolates. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const HARMFUL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;
const PLACES_MAX = 20;
const DEPTH_MAX = 20;

const nameOf = (character: string) =>
  `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;

/** @returns places of a JSON value, those of names of fields too */
export function harmfulCharacters(body: unknown): Required<WrongPlace>[] {
  const found: Required<WrongPlace>[] = [];
  function look(value: unknown, path: readonly string[]): void {
    if (found.length >= PLACES_MAX || path.length > DEPTH_MAX) return;
    if (typeof value === "string") {
      const [character] = HARMFUL.exec(value) ?? [];
      if (character === undefined) return;
      const name = nameOf(character);
      found.push({
        path: path.join("."),
        message: `Cannot take the character ${name}: it cannot be seen, or turns what stands beside it`,
        code: "harmful-character",
        facts: { character: name },
      });
    } else if (typeof value === "object" && value !== null) {
      for (const [key, each] of Object.entries(value)) {
        if (HARMFUL.test(key)) look(key, path);
        look(each, [...path, key]);
      }
    }
  }
  look(body, []);
  return found;
}
