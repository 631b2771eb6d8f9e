/** What may go on air and yet is likely a mistake: told before publishing, never refused. Pure. */
import * as v from "valibot";
import {
  type InteractionEntry,
  interactionEntrySchema,
  interactionKey,
  regionEntrySchema,
} from "../../shared/publication/entries.ts";
import type { Content } from "../../shared/publication/part.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import type { CheckError } from "./checks.ts";
import { firings, type PlacedCue, placementsIn, programmesOn } from "./on-air-view.ts";

const WARNINGS_MAX = 100;
const SPAN_MS = 8 * 86_400_000;
const FIRINGS_MAX = 500;
/** Cues looked at for overlaps, over everything. */
const OVERLAP_CUES_MAX = 50_000;

function interactionsOf(content: Content): Map<string, InteractionEntry> {
  const entries = content.get("interactions") ?? new Map();
  return new Map(
    [...entries].map(([key, body]) => [key, v.parse(interactionEntrySchema, JSON.parse(String(body)))]),
  );
}

/** Languages that at least half of the interactions speak: viewers expect them of every one. */
function houseLanguages(entries: ReadonlyMap<string, InteractionEntry>): string[] {
  const counts = new Map<string, number>();
  for (const { interaction } of entries.values()) {
    for (const language of Object.keys(interaction.texts)) {
      counts.set(language, (counts.get(language) ?? 0) + 1);
    }
  }
  return [...counts].filter(([, count]) => count * 2 >= entries.size).map(([language]) => language);
}

/** Texts of one language that another has. */
function missingTexts({ interaction }: InteractionEntry, languages: readonly string[]): string[] {
  const own = interaction.texts[interaction.defaultLanguage] ?? {};
  return languages.flatMap((language) => {
    const texts = interaction.texts[language];
    if (!texts) return [`no texts in ${language}`];
    const without = (["title", "body"] as const).filter((name) => own[name] && !texts[name]);
    const options = Object.keys(own.options ?? {}).filter((id) => !texts.options?.[id]);
    return [...without, ...options.map((id) => `option ${id}`)].map((name) => `no ${name} in ${language}`);
  });
}

export function publicationWarnings(content: Content, nowMs: number): CheckError[] {
  const found: CheckError[] = [];
  const warn = (path: string, message: string) => {
    if (found.length < WARNINGS_MAX) found.push({ path, message });
  };
  const entries = interactionsOf(content);
  const languages = houseLanguages(entries);
  for (const [key, entry] of entries) {
    for (const missing of missingTexts(entry, languages)) warn(`interactions.${key}`, `It has ${missing}`);
  }
  const regions = [...(content.get("regions") ?? new Map()).values()].map((body) =>
    v.parse(regionEntrySchema, JSON.parse(String(body))),
  );
  const served = regions.every((region) => region.channels)
    ? new Set(regions.flatMap((region) => region.channels ?? []))
    : undefined;

  const byChannel = new Map<string, { cue: PlacedCue; placement: Placement }[]>();
  let cues = 0;
  for (const placement of placementsIn(content)) {
    const path = `placements.${placement.id}`;
    if (placement.when.kind === "instant" && placement.when.atMs + placement.windowMs < nowMs) {
      warn(path, "Its moment is past: it will not be shown");
      continue;
    }
    if (served) {
      for (const channel of placement.channels.filter((each) => !served.has(each)))
        warn(path, `No region carries the channel ${channel}`);
    }
    const fired = firings(
      placement,
      (channel) => programmesOn(content, channel),
      nowMs,
      nowMs + SPAN_MS,
      FIRINGS_MAX,
    );
    if (fired.length === 0 && placement.when.kind === "programme") {
      warn(path, "Nothing in the guide of the next eight days matches its rule");
    }
    for (const cue of fired) {
      if (cues++ > OVERLAP_CUES_MAX) break;
      for (const channel of cue.channels) {
        const list = byChannel.get(channel);
        if (list) list.push({ cue, placement });
        else byChannel.set(channel, [{ cue, placement }]);
      }
    }
  }
  const durationOf = (cue: PlacedCue) =>
    entries.get(interactionKey(cue.interaction, cue.version))?.interaction.durationMs ?? 0;
  const told = new Set<string>();
  for (const [channel, list] of byChannel) {
    list.sort((a, b) => a.cue.atMs - b.cue.atMs);
    for (const [index, { cue, placement }] of list.entries()) {
      const next = list[index + 1];
      if (!next || next.cue.atMs >= cue.atMs + durationOf(cue)) continue;
      const pair = `${placement.id} ${next.placement.id}`;
      if (told.has(pair)) continue;
      told.add(pair);
      warn(
        `placements.${next.placement.id}`,
        `It begins while ${placement.id} is on the screen of ${channel} (${new Date(next.cue.atMs).toISOString().slice(0, 16).replace("T", " ")} UTC)`,
      );
    }
  }
  return found;
}
