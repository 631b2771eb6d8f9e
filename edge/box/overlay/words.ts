/** The box's own words, in Chinese and English, and the choice among an interaction's texts. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";

/** English and Chinese. */
const WORDS = {
  notice: "Notice|通知",
  poll: "Vote|投票",
  quiz: "Quiz|竞猜",
  rating: "Rate it|评分",
  coupon: "Coupon|优惠券",
  link: "More|了解更多",
  select: "Select|选择",
  confirm: "Confirm|确认",
  close: "Close|关闭",
  keep: "Keep|领取",
  opened: "Scanned|我已扫码",
  mark: "Mark|勾选",
  upTo: "Up to # answers|最多选 # 项",
  thanks: "Thank you|感谢您的参与",
  taken: "Done|已完成",
  afterClose: "Results follow|截止后公布结果",
  ended: "Closed|互动已截止",
  right: "Correct!|回答正确！",
  wrong: "Not this time|很遗憾，答错了",
  votes: "Votes: #|共 # 票",
  average: "Average|平均分",
  edge: "Your region|本地区",
  national: "National|全国",
  scan: "Scan by phone|请用手机扫码",
};

export type Words = Record<keyof typeof WORDS, string>;

/** Chinese for readers of any Chinese, English for everybody else. */
export function wordsIn(language: string): Words {
  const at = /^zh\b/i.test(language) ? 1 : 0;
  const words: Record<string, string> = {};
  (Object.keys(WORDS) as (keyof Words)[]).forEach((name) => {
    words[name] = WORDS[name].split("|")[at] as string;
  });
  return words as Words;
}

export function isRightToLeft(language: string): boolean {
  return /^(ar|dv|fa|he|ku|ps|ug|ur|yi)\b/i.test(language);
}

const whole = (language: string) => language.toLowerCase();
const first = (language: string) => whole(language).split("-")[0] as string;

/**
 * The language whose texts a viewer gets: an exact match, else one with the same first part, in the order of
 * what is read; else the default.
 *
 * @param languages what the viewer reads, best first
 */
export function languageFor(interaction: Interaction, languages: readonly string[]): string {
  const there = Object.keys(interaction.texts);
  for (const wanted of languages) {
    for (const same of [whole, first]) {
      for (const language of there) if (same(language) === same(wanted)) return language;
    }
  }
  const { defaultLanguage } = interaction;
  return there.indexOf(defaultLanguage) < 0 ? there[0] || defaultLanguage : defaultLanguage;
}
