/** Titles and options of interactions, channels' names: for every view that shows an id. */
import { useMemo } from "preact/hooks";
import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { InteractionsReply } from "../../routes/interactions.ts";
import type { Api } from "./api.ts";
import { useApp, useResource } from "./context.tsx";
import { type Language, textFor } from "./words.ts";

export interface Label {
  title: string;
  type: string;
  options: Record<string, string>;
}

/** Five thousand: what a library has that nobody tidies. */
const PAGES_MAX = 10;

/** The library, page after page. */
export async function everyInteraction(api: Api): Promise<InteractionsReply["interactions"]> {
  const all: InteractionsReply["interactions"] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { interactions, next } = await api.interactions(after === undefined ? {} : { after });
    all.push(...interactions);
    if (next === undefined) break;
    after = next;
  }
  return all;
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

/** Texts lie in the order of their keys; viewers see options as the editor put them. */
function inOrder(interaction: Interaction, options: Record<string, string>): Record<string, string> {
  const order = "options" in interaction ? interaction.options : [];
  const known = order.filter((option) => option in options);
  return Object.fromEntries(known.map((option) => [option, options[option] ?? option]));
}

export function useLabels(): (interaction: string) => Label {
  const { api, language } = useApp();
  const { value } = useResource("labels", () => everyInteraction(api), ["drafts"]);
  return useMemo(() => {
    const labels = new Map<string, Label>();
    for (const { interaction } of value ?? []) {
      const texts = textFor(interaction.texts, language, interaction.defaultLanguage);
      labels.set(interaction.id, {
        title: texts?.title ?? interaction.id,
        type: interaction.type,
        options: { ...answersOf(interaction.type, language), ...inOrder(interaction, texts?.options ?? {}) },
      });
    }
    return (id) => labels.get(id) ?? { title: id, type: "", options: {} };
  }, [value, language]);
}

export function useChannelNames(): (channel: string) => string {
  const { api } = useApp();
  const { value } = useResource("channel-names", api.channels, ["guide"]);
  return useMemo(() => {
    const names = new Map((value?.channels ?? []).map(({ id, name }) => [id, name]));
    return (id) => names.get(id) ?? id;
  }, [value]);
}
