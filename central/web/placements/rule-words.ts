/** A placement's rule in words, and blank ones. Pure. */
import type { Placement, When } from "../../../shared/schedule/placement.ts";
import { dateTime, formatOffset, quoted } from "../app/format.ts";
import type { Language } from "../app/words.ts";
import { recurrenceWords } from "./recurrence-words.ts";

export type Draft = Omit<Placement, "id">;

const MINUTE_MS = 60_000;

export function blankPlacement(interaction: string, version: number, nowMs: number): Draft {
  return {
    ...{
      generation: 0,
      interaction,
      version,
      channels: [],
      windowMs: MINUTE_MS,
      lateJoin: true,
      priority: 0,
    },
    prefetch: { leadMs: 300_000, guardMs: 10_000 },
    when: blankWhen("instant", nowMs, "Asia/Shanghai"),
  };
}

export function blankWhen(kind: When["kind"], nowMs: number, zone: string): When {
  switch (kind) {
    case "programme":
      return { kind, match: { title: "" }, at: { from: "start", offsetMs: 300_000 } };
    case "instant":
      return { kind, atMs: Math.ceil(nowMs / (10 * MINUTE_MS)) * 10 * MINUTE_MS };
    case "cron":
      return { kind, rule: "30 20 * * *", zone };
  }
}

const WORDS = {
  en: {
    start: "after the start",
    end: "after the end",
    "before-start": "before the start",
    "before-end": "before the end",
    "at-start": "at the start",
    "at-end": "at the end",
    before: "before",
    of: "of",
    series: "series",
    any: "every airing of",
    every: "every",
    in: "of",
    one: "programme",
  },
  zh: {
    start: "开始后",
    end: "结束后",
    "before-start": "开始前",
    "before-end": "结束前",
    "at-start": "开始时",
    "at-end": "结束时",
    before: "之前",
    of: "",
    series: "系列",
    any: "每次播出的",
    every: "每隔",
    in: "·",
    one: "节目",
  },
};

/** Two minutes before the end, not minus two after it. */
function offsetWords(
  { from, offsetMs }: { from: "start" | "end"; offsetMs: number },
  words: (typeof WORDS)[Language],
): string {
  if (offsetMs === 0) return words[`at-${from}`];
  const parts = [formatOffset(Math.abs(offsetMs)), offsetMs < 0 ? words[`before-${from}`] : words[from]];
  return (words === WORDS.zh ? parts.reverse() : parts).join(" ");
}

export function ruleWords(when: When, language: Language): string {
  const words = WORDS[language];
  if (when.kind === "instant") return dateTime(when.atMs, language);
  if (when.kind === "cron") return `${recurrenceWords(when.rule, language)} · ${when.zone}`;
  const { match, at } = when;
  const what =
    "title" in match
      ? quoted(match.title, language)
      : "series" in match
        ? `${words.series} ${match.series}`
        : "titlePattern" in match
          ? quoted(match.titlePattern, language)
          : `${words.one} ${match.programme}`;
  const moment =
    "fraction" in at
      ? `${Math.round(at.fraction * 100)}%`
      : "everyMs" in at
        ? `${words.every} ${formatOffset(at.everyMs)}`
        : offsetWords(at, words);
  return language === "zh" ? `${what} ${moment}` : `${moment}, ${words.any} ${what}`;
}
