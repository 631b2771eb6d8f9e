/** What the schema of an interaction cannot say: that its fields agree with each other. Pure. */
import type { WrongPlace } from "../../shared/errors.ts";
import type { InteractionEntry } from "../../shared/publication/entries.ts";

/** Each with its sentence; `{option}` is filled in. */
export const INTERACTION_FAULTS = {
  "no-default-texts": "Cannot leave out the texts of the default language",
  "blank-text": "Cannot be blank: leave it out instead",
  "option-twice": "Cannot have an option twice",
  "least-above-most": "Cannot ask for more choices than it allows",
  "more-choices-than-options": "Cannot allow more choices than options",
  "no-such-option": "Cannot be correct: there is no option {option}",
  "no-right-option": "Cannot leave out the right options of a quiz",
  "right-twice": "Cannot name a right option twice",
  "more-right-than-choices":
    "Cannot have more right options than a viewer may choose: nobody could answer right",
  "fewer-right-than-choices":
    "Cannot have fewer right options than a viewer must choose: nobody could answer right",
  "not-a-quiz": "Cannot be: only a quiz has right options",
  "code-or-address": "Cannot take this coupon: it needs a code or an address, one of them",
} as const;

/** @returns places and what is wrong there; empty when it may be saved */
export function checkInteraction({ interaction, correct }: InteractionEntry): Required<WrongPlace>[] {
  const errors: Required<WrongPlace>[] = [];
  const wrong = (path: string, code: keyof typeof INTERACTION_FAULTS, option = "") =>
    errors.push({
      path,
      message: INTERACTION_FAULTS[code].replace("{option}", option),
      code,
      facts: { option },
    });
  if (!interaction.texts[interaction.defaultLanguage])
    wrong(`interaction.texts.${interaction.defaultLanguage}`, "no-default-texts");
  for (const [language, texts] of Object.entries(interaction.texts)) {
    for (const [name, text] of [
      ...Object.entries({ title: texts.title, body: texts.body, thanks: texts.thanks }),
      ...Object.entries(texts.options ?? {}).map(([id, label]) => [`options.${id}`, label] as const),
    ])
      if (text !== undefined && text.trim() === "")
        wrong(`interaction.texts.${language}.${name}`, "blank-text");
  }
  if (interaction.type === "poll" || interaction.type === "quiz") {
    const { options, choices } = interaction;
    if (new Set(options).size !== options.length) wrong("interaction.options", "option-twice");
    if (choices.least > choices.most) wrong("interaction.choices", "least-above-most");
    if (choices.most > options.length) wrong("interaction.choices.most", "more-choices-than-options");
    for (const option of correct ?? []) {
      if (!options.includes(option)) wrong("correct", "no-such-option", option);
    }
    if (correct && correct.length > 0) {
      // Who answers right chose all right options and no other.
      if (new Set(correct).size !== correct.length) wrong("correct", "right-twice");
      else if (correct.length > choices.most) wrong("correct", "more-right-than-choices");
      else if (correct.length < choices.least) wrong("correct", "fewer-right-than-choices");
    }
  }
  if (interaction.type === "quiz" && (correct ?? []).length === 0) wrong("correct", "no-right-option");
  if (interaction.type !== "quiz" && correct !== undefined) wrong("correct", "not-a-quiz");
  if (interaction.type === "coupon" && (interaction.code === undefined) === (interaction.url === undefined))
    wrong("interaction.code", "code-or-address");
  return errors;
}
