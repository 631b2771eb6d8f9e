/** How an interaction is named, and its options, in the page's language. Pure. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import { type Language, textFor } from "./words.ts";

export interface Label {
  title: string;
  type: string;
  options: Record<string, string>;
}

/** What is answered to what has no options. */
const ANSWERS: Partial<Record<Interaction["type"], Record<string, readonly [en: string, zh: string]>>> = {
  coupon: { kept: ["kept", "已领取"] },
  link: { opened: ["opened", "已打开"] },
};
const answersOf = (type: Interaction["type"], language: Language) =>
  Object.fromEntries(
    Object.entries(ANSWERS[type] ?? {}).map(([id, words]) => [id, words[language === "en" ? 0 : 1]]),
  );

/** Every step of a scale, those that nobody chose too: without them the bars are none. */
const stepsOf = (interaction: Interaction): Record<string, string> =>
  interaction.type === "rating"
    ? Object.fromEntries(Array.from({ length: interaction.scale }, (_, at) => [`${at + 1}`, `${at + 1}`]))
    : {};

/** Texts lie in the order of their keys; viewers see options as the editor put them. */
function inOrder(interaction: Interaction, options: Record<string, string>): Record<string, string> {
  const order = "options" in interaction ? interaction.options : [];
  const known = order.filter((option) => option in options);
  return Object.fromEntries(known.map((option) => [option, options[option] ?? option]));
}

/** Of what is not here, or never was. */
export const unknownLabel = (id: string): Label => ({ title: id, type: "", options: {} });

/** One of a title that is empty is named by its id. */
export function labelFor(interaction: Interaction, language: Language): Label {
  const texts = textFor(interaction.texts, language, interaction.defaultLanguage);
  return {
    title: texts?.title || interaction.id,
    type: interaction.type,
    options: {
      ...answersOf(interaction.type, language),
      ...stepsOf(interaction),
      ...inOrder(interaction, texts?.options ?? {}),
    },
  };
}
