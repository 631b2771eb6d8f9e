/** Titles and options of interactions, channels' names: for every view that shows an id. */
import { useEffect, useMemo, useState } from "preact/hooks";
import type { InteractionsReply } from "../../routes/interactions.ts";
import type { Api } from "./api.ts";
import { useApp, useResource } from "./context.tsx";
import { type Label, labelFor, unknownLabel } from "./label.ts";
import { versionKey } from "./version-texts.ts";

/** Five thousand: what a library has that nobody tidies. */
const PAGES_MAX = 10;

/** The library and the archive, page after page: old placements name what is archived. */
export async function everyInteraction(api: Api): Promise<InteractionsReply["interactions"]> {
  const all: InteractionsReply["interactions"] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const { interactions, next } = await api.interactions({
      archived: "also",
      ...(after !== undefined && { after }),
    });
    all.push(...interactions);
    if (next === undefined) break;
    after = next;
  }
  return all;
}

/** By the version that is meant: what is on air or was says what viewers saw, whatever is drafted since. */
export function useLabels(): (interaction: string, version: number) => Label {
  const { versionTexts, language } = useApp();
  const [more, setMore] = useState(0);
  useEffect(() => versionTexts.onMore(() => setMore((each) => each + 1)), [versionTexts]);
  return useMemo(() => {
    const labels = new Map<string, Label>();
    return (id, version) => {
      const key = versionKey(id, version);
      const interaction = labels.has(key) ? undefined : versionTexts.find(id, version);
      if (interaction) labels.set(key, labelFor(interaction, language));
      return labels.get(key) ?? unknownLabel(id);
    };
  }, [versionTexts, language, more]);
}

/** By the newest version, on air or not: for what is being authored. */
export function useNewestLabels(): (interaction: string) => Label {
  const { api, language } = useApp();
  const { value } = useResource("labels", () => everyInteraction(api), ["drafts"]);
  return useMemo(() => {
    const labels = new Map(
      (value ?? []).map(({ interaction }) => [interaction.id, labelFor(interaction, language)]),
    );
    return (id) => labels.get(id) ?? unknownLabel(id);
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
