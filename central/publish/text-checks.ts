/**
 * Texts without which an interaction shows nothing that a viewer could understand. Only of what would come on air now:
 * what is there already stays, and neither withdrawing nor going back is ever refused for it. Pure.
 */
import * as v from "valibot";
import { interactionEntrySchema } from "../../shared/publication/entries.ts";
import type { Content } from "../../shared/publication/part.ts";
import type { CheckError } from "./checks.ts";

const ERRORS_MAX = 50;
const isBlank = (text: string | undefined) => text === undefined || text.trim() === "";

/** @returns what the default language lacks: anything to show, or the label of an option */
export function checkTexts(onAir: Content | undefined, wanted: Content): CheckError[] {
  const there = onAir?.get("interactions");
  const errors: CheckError[] = [];
  for (const [key, body] of wanted.get("interactions") ?? new Map()) {
    if (there?.has(key)) continue;
    const { interaction } = v.parse(interactionEntrySchema, JSON.parse(String(body)));
    const { defaultLanguage: language, image } = interaction;
    const { title, body: more, options = {} } = interaction.texts[language] ?? {};
    const path = `interactions.${key}`;
    if (isBlank(title) && isBlank(more) && !image) {
      const message = `Cannot show it: it has neither title nor body in its default language ${language}, nor an image`;
      errors.push({ path, message, code: "nothing-to-read", facts: { language } });
    }
    for (const option of "options" in interaction ? interaction.options : []) {
      if (!isBlank(options[option])) continue;
      const message = `Cannot show its option ${option}: it has no label in its default language ${language}`;
      errors.push({ path, message, code: "option-without-label", facts: { language, option } });
    }
  }
  return errors.slice(0, ERRORS_MAX);
}
