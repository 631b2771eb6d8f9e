/**
 * What keeps a placement's firings away, in the editor's language and local time. The engine tells codes and facts; its
 * own words are English and in UTC, and stand in for a code that is not known here. Pure.
 */
import type { PreviewReply } from "../../routes/placements.ts";
import { dateTime } from "../app/format.ts";
import { createSay, type Language, listed, type Texts } from "../app/words.ts";
import type { Draft } from "./rule-words.ts";

type Reason = PreviewReply["reasons"][number];

const CODES = {
  "withdrawn-placement": ["It is withdrawn: this is what it would do", "已撤下：以下为重新启用后的情况"],
  "not-on-channel": [
    "It is on no channel that there is, neither itself nor through its groups",
    "所选频道和频道组中没有现存的频道",
  ],
  "not-in-region": ["There is no region {regions}", "没有区域 {regions}"],
  "not-in-line-up": [
    "No region that it is for has {channels} in its line-up",
    "其投放区域的频道表中没有 {channels}",
  ],
  "nothing-on": ["The guide has nothing ahead on {channels}", "{channels} 的节目单中没有后续节目"],
  "no-match": [
    "None of the {n} {n:programme|programmes} ahead is meant by its rule",
    "后续 {n} 个节目均不符合其规则",
  ],
  repeat: [
    "First runs only: {n} {n:programme ahead is a repeat|programmes ahead are repeats}, or the guide does not say",
    "仅限首播：后续 {n} 个节目为重播，或节目单未标明",
  ],
  "no-moment": [
    "In the {n} {n:programme|programmes} ahead that it means no moment is to come: {n:it is|they are} too short, or it is over",
    "后续 {n} 个符合的节目中没有将到的时刻：节目过短，或时刻已过",
  ],
  "after-until": ["Its rule ends at {until}", "其规则于 {until} 结束"],
  "before-from": ["Its rule begins only at {from}", "其规则要到 {from} 才开始"],
  "not-named": ["Its rule names no time of the next 400 days", "未来 400 天内没有符合其规则的时刻"],
  passed: ["Its moment {at} has passed", "时刻 {at} 已过"],
  "too-far": ["Its moment {at} lies beyond the next 400 days", "时刻 {at} 在 400 天之后"],
} as const satisfies Texts;

/** Names told; the rest is counted. */
const NAMED = 5;
const list = (names: readonly string[], language: Language) =>
  `${listed(names.slice(0, NAMED), language)}${names.length > NAMED ? ` +${names.length - NAMED}` : ""}`;

/** @param nameOf a channel's name */
export function reasonWords(
  { code, text, programmes = 0, channels = [], regions = [] }: Reason,
  { when }: Pick<Draft, "when">,
  language: Language,
  nameOf: (channel: string) => string,
): string {
  if (!Object.hasOwn(CODES, code)) return text;
  const time = (ms: number | undefined) => (ms === undefined ? "–" : dateTime(ms, language));
  return createSay(CODES, language)(code as keyof typeof CODES, {
    n: programmes,
    channels: list(channels.map(nameOf), language),
    regions: list(regions, language),
    at: when.kind === "instant" ? time(when.atMs) : "–",
    from: when.kind === "cron" ? time(when.fromMs) : "–",
    until: when.kind === "cron" ? time(when.untilMs) : "–",
  });
}
