/** Titles and options of interactions, channels' names: for every view that shows an id. */
import { useMemo } from "preact/hooks";
import { useApp, useResource } from "./context.tsx";
import { textFor } from "./words.ts";

export interface Label {
  title: string;
  type: string;
  options: Record<string, string>;
}

export function useLabels(): (interaction: string) => Label {
  const { api, language } = useApp();
  const { value } = useResource("labels", () => api.interactions(), ["drafts"]);
  return useMemo(() => {
    const labels = new Map<string, Label>();
    for (const { interaction } of value?.interactions ?? []) {
      const texts = textFor(interaction.texts, language, interaction.defaultLanguage);
      labels.set(interaction.id, {
        title: texts?.title ?? interaction.id,
        type: interaction.type,
        options: texts?.options ?? {},
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
