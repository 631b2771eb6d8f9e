/** What the schema of an interaction cannot say: that its fields agree with each other. Pure. */
import type { InteractionEntry } from "../../shared/publication/entries.ts";

/** @returns places and what is wrong there; empty when it may be saved */
export function checkInteraction({
  interaction,
  correct,
}: InteractionEntry): { path: string; message: string }[] {
  const errors: { path: string; message: string }[] = [];
  const wrong = (path: string, message: string) => errors.push({ path, message });
  if (!interaction.texts[interaction.defaultLanguage]) {
    wrong(
      `interaction.texts.${interaction.defaultLanguage}`,
      "Cannot leave out the texts of the default language",
    );
  }
  if (interaction.type === "poll" || interaction.type === "quiz") {
    const { options, choices } = interaction;
    if (new Set(options).size !== options.length) wrong("interaction.options", "Cannot have an option twice");
    if (choices.least > choices.most)
      wrong("interaction.choices", "Cannot ask for more choices than it allows");
    if (choices.most > options.length)
      wrong("interaction.choices.most", "Cannot allow more choices than options");
    for (const option of correct ?? []) {
      if (!options.includes(option)) wrong("correct", `Cannot be correct: there is no option ${option}`);
    }
  }
  if (interaction.type === "quiz" && (correct ?? []).length === 0) {
    wrong("correct", "Cannot leave out the right options of a quiz");
  }
  if (interaction.type !== "quiz" && correct !== undefined)
    wrong("correct", "Cannot be: only a quiz has right options");
  if (interaction.type === "coupon" && (interaction.code === undefined) === (interaction.url === undefined)) {
    wrong("interaction.code", "Cannot take this coupon: it needs a code or an address, one of them");
  }
  return errors;
}
