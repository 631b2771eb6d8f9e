/** What may go on air and yet is likely a mistake: told before publishing, never refused. Pure. */
import * as v from "valibot";
import type { Interaction } from "../../shared/protocol/interaction.ts";
import {
  type InteractionEntry,
  interactionEntrySchema,
  interactionKey,
  regionEntrySchema,
} from "../../shared/publication/entries.ts";
import type { Content } from "../../shared/publication/part.ts";
import { channelsOf } from "../../shared/schedule/channel-group.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import type { ProgrammeIndex } from "../../shared/schedule/programme-index.ts";
import { momentsIn, type ProgrammeTimes, takesAiring } from "../../shared/schedule/programme-rule.ts";
import type { CheckError } from "./checks.ts";
import { planOf } from "./plan.ts";
import { screenWarnings } from "./screen-warnings.ts";
import type { Work } from "./work.ts";

/** Found at most; fewer are told. */
const WARNINGS_MAX = 1_000;
const SPAN_MS = 8 * 86_400_000;

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

/** What a screen needs in every language, and what the default language has; `text` is absent where a whole language is. */
function missingTexts(
  { interaction }: InteractionEntry,
  languages: readonly string[],
): { text?: string; language: string }[] {
  const own = interaction.texts[interaction.defaultLanguage] ?? {};
  return languages.flatMap((language) => {
    const texts = interaction.texts[language];
    if (!texts) return [{ language }];
    const without = (["title", "body"] as const).filter(
      (name) => (name === "title" || own[name]) && !texts[name]?.trim(),
    );
    const needed = "options" in interaction ? interaction.options : [];
    const options = needed.filter((id) => !texts.options?.[id]?.trim());
    return [...without, ...options.map((id) => `option ${id}`)].map((text) => ({ text, language }));
  });
}

/** Who answers right chose all right options and no other. */
const canBeWon = ({ least, most }: { least: number; most: number }, correct: readonly string[] = []) =>
  correct.length >= least && correct.length <= most;

/** How long it stays on the screen and takes no answers, s; 0 where what is shown then is how it went. */
function openTooShortS(interaction: Interaction): number {
  if (interaction.type === "notice") return 0;
  const { results, type, durationMs, answer } = interaction;
  const tells =
    results === "after-close" || (type === "quiz" && results !== undefined && results !== "never");
  return tells ? 0 : Math.round(Math.max(0, durationMs - answer.closeAfterMs) / 1_000);
}

/** `zh` speaks to `zh-CN`, and the reverse. */
const speaks = (languages: readonly string[], wanted: string): boolean => {
  const main = (tag: string) => tag.toLowerCase().split("-")[0];
  return languages.some((each) => main(each) === main(wanted));
};

export function* publicationWarnings(content: Content, nowMs: number): Work<CheckError[]> {
  const found: CheckError[] = [];
  const warn = (path: string, code: string, message: string, facts: CheckError["facts"] = {}) => {
    if (found.length < WARNINGS_MAX) found.push({ path, message, code, facts });
  };
  const entries = interactionsOf(content);
  const languages = houseLanguages(entries);
  for (const [key, entry] of entries) {
    const spoken = [...new Set([...Object.keys(entry.interaction.texts), ...languages])];
    for (const { text, language } of missingTexts(entry, spoken)) {
      const path = `interactions.${key}`;
      if (text === undefined) warn(path, "no-texts", `It has no texts in ${language}`, { language });
      else warn(path, "no-text", `It has no ${text} in ${language}`, { text, language });
    }
  }
  for (const [key, { interaction, correct }] of entries) {
    const path = `interactions.${key}`;
    if ("options" in interaction && interaction.options.length === 1)
      warn(path, "one-option", "It has one option: there is nothing to choose");
    if (interaction.type === "quiz" && !canBeWon(interaction.choices, correct))
      warn(path, "nobody-wins", "Nobody can answer it right: a viewer may not choose just its right options");
    const s = openTooShortS(interaction);
    if (s > 0)
      warn(
        path,
        "closes-on-screen",
        `It closes ${s} s before it leaves the screen: answers in between are late`,
        { s },
      );
  }
  const regions = [...(content.get("regions") ?? new Map()).values()].map((body) =>
    v.parse(regionEntrySchema, JSON.parse(String(body))),
  );
  const served = regions.every((region) => region.channels)
    ? new Set(regions.flatMap((region) => region.channels ?? []))
    : undefined;

  const plan = planOf(content);
  const untilMs = nowMs + SPAN_MS;
  for (const placement of plan.placements.values()) {
    yield;
    const path = `placements.${placement.id}`;
    const channels = channelsOf(placement, plan.groups);
    if (placement.when.kind === "instant" && placement.when.atMs + placement.windowMs < nowMs) {
      warn(path, "past", "Its moment is past: it will not be shown");
      continue;
    }
    if (placement.when.kind === "cron" && (placement.when.untilMs ?? nowMs + 1) <= nowMs) {
      warn(path, "over", "Its rule has ended: it will not be shown");
      continue;
    }
    const texts = entries.get(interactionKey(placement.interaction, placement.version))?.interaction.texts;
    for (const language of placement.audience?.languages ?? []) {
      if (texts && !speaks(Object.keys(texts), language)) {
        const message = `It is for viewers of ${language}, and its interaction has no texts in it`;
        warn(path, "audience-language", message, { language });
      }
    }
    if (served) {
      for (const channel of channels.filter((each) => !served.has(each)))
        warn(path, "not-carried", `No region carries the channel ${channel}`, { channel });
    }
    if (!channels.some((channel) => meansSomething(placement, plan.programmes(channel), nowMs, untilMs))) {
      warn(path, "matches-nothing", "Nothing in the guide of the next eight days matches its rule");
    }
  }
  for (const [id, other] of embargoedElsewhere([...plan.placements.values()], nowMs)) {
    const message = `Its interaction is under embargo by placement ${other}: boxes cannot fetch it ahead, and get it at its moment`;
    warn(`placements.${id}`, "embargoed-elsewhere", message, { other });
  }
  const durationOf = ({ interaction, version }: Placement) =>
    entries.get(interactionKey(interaction, version))?.interaction.durationMs ?? 0;
  for (const { id, code, message, facts } of yield* screenWarnings(plan, nowMs, untilMs, durationOf)) {
    warn(`placements.${id}`, code, message, facts);
  }
  return found;
}

/** Placements without an embargo of what another still keeps secret: id, and the other's. */
function embargoedElsewhere(placements: readonly Placement[], nowMs: number): [id: string, other: string][] {
  const isOver = ({ when, windowMs }: Placement) => when.kind === "instant" && when.atMs + windowMs < nowMs;
  const keyOf = ({ interaction, version }: Placement) => interactionKey(interaction, version);
  const coming = placements.filter((placement) => !isOver(placement));
  const secret = new Map(coming.filter(({ embargo }) => embargo).map((each) => [keyOf(each), each.id]));
  return coming.flatMap((placement) => {
    const other = placement.embargo ? undefined : secret.get(keyOf(placement));
    return other === undefined ? [] : [[placement.id, other]];
  });
}

/** Whether a rule finds a programme on a channel; one that goes by the clock needs none. */
function meansSomething(
  { when }: Placement,
  index: ProgrammeIndex,
  fromMs: number,
  untilMs: number,
): boolean {
  if (when.kind !== "programme") return true;
  return index.matching(when.match).some((place) => {
    const programme = index.programmes[place] as ProgrammeTimes;
    const moments = takesAiring(when, programme) ? momentsIn(when, programme) : [];
    return moments.some(({ atMs }) => atMs >= fromMs && atMs < untilMs);
  });
}
