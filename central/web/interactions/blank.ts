/** New interactions, and what stays when the type of a new one changes. Pure. */
import type { InteractionType } from "../../../shared/protocol/interaction.ts";

/** As the editor's form holds it: any type's fields; central's schema says which go together. */
export interface Form {
  interaction: {
    id: string;
    type: InteractionType;
    version?: number;
    durationMs: number;
    clockToleranceMs: number;
    defaultLanguage: string;
    texts: Record<
      string,
      { title?: string; body?: string; options?: Record<string, string>; thanks?: string }
    >;
    image?: { sha256: string; width: number; height: number };
    results?: "never" | "after-answer" | "after-close";
    options?: string[];
    choices?: { least: number; most: number };
    scale?: number;
    code?: string;
    url?: string;
    answer?: {
      mode: "first" | "last" | "many";
      most?: number;
      closeAfterMs: number;
      acceptAfterCloseMs: number;
    };
  };
  correct?: string[];
}

export const TYPES: readonly InteractionType[] = ["poll", "quiz", "rating", "coupon", "link", "notice"];
const DAY_MS = 86_400_000;
const ANSWER = { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: DAY_MS } as const;

export function blankForm(id: string, type: InteractionType, languages: readonly string[]): Form {
  const [defaultLanguage = "zh-CN"] = languages;
  return withType(
    {
      interaction: {
        ...{ id, type, durationMs: 20_000, clockToleranceMs: 2_000, defaultLanguage },
        texts: Object.fromEntries(languages.map((language) => [language, { title: "" }])),
      },
    },
    type,
  );
}

/** The form for another type: texts, image and times stay, the rest is what that type needs. */
export function withType({ interaction, correct }: Form, type: InteractionType): Form {
  const { id, version, durationMs, clockToleranceMs, defaultLanguage, texts, image } = interaction;
  const common = {
    ...{ id, type, durationMs, clockToleranceMs, defaultLanguage, texts },
    ...(version !== undefined && { version }),
    ...(image && { image }),
  };
  const answer = interaction.answer ?? ANSWER;
  const results = interaction.results ?? "after-answer";
  switch (type) {
    case "notice":
      return { interaction: common };
    case "poll":
    case "quiz": {
      const options = interaction.options ?? ["a", "b"];
      const choices = interaction.choices ?? { least: 1, most: 1 };
      return {
        interaction: {
          ...common,
          options,
          choices,
          answer,
          results: type === "quiz" ? "after-close" : results,
        },
        ...(type === "quiz" && { correct: correct ?? [] }),
      };
    }
    case "rating":
      return { interaction: { ...common, scale: interaction.scale ?? 5, answer, results } };
    case "coupon":
      return { interaction: { ...common, code: interaction.code ?? "", answer } };
    case "link":
      return { interaction: { ...common, url: interaction.url ?? "https://", answer } };
  }
}

/** An id for one more option: the first letter that is free. */
export function nextOption(options: readonly string[]): string {
  for (const letter of "abcdefghijklmnopqrstuvwxyz") if (!options.includes(letter)) return letter;
  return `o${options.length + 1}`;
}

/** Without what is empty: central takes no empty texts for texts. */
export function tidyForm(form: Form): Form {
  const { interaction } = form;
  const texts: Form["interaction"]["texts"] = {};
  for (const [language, each] of Object.entries(interaction.texts)) {
    const { title, body, options, thanks } = each;
    const own = Object.entries(options ?? {}).filter(
      ([id, text]) => text !== "" && (interaction.options?.includes(id) ?? false),
    );
    texts[language] = {
      ...(title && { title }),
      ...(body && { body }),
      ...(own.length > 0 && { options: Object.fromEntries(own) }),
      ...(thanks && { thanks }),
    };
  }
  const { code, url, ...rest } = interaction;
  return {
    interaction: {
      ...rest,
      texts,
      ...(code !== undefined && code !== "" && { code }),
      ...(url !== undefined && url !== "" && (interaction.type !== "coupon" || !code) && { url }),
    },
    ...(form.correct && interaction.type === "quiz" && { correct: form.correct }),
  };
}
