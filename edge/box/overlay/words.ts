/** The box's own words, in Chinese and English, and the choice among an interaction's texts. */
import type { Interaction, Texts } from "../../../shared/protocol/interaction.ts";

const ENGLISH = {
  notice: "Notice",
  poll: "Vote",
  quiz: "Quiz",
  rating: "Rate it",
  coupon: "Coupon",
  link: "More",
  select: "Select",
  confirm: "Confirm",
  send: "Send",
  close: "Close",
  keep: "Keep",
  opened: "I have scanned it",
  mark: "Mark",
  upTo: "Choose up to # answers",
  exactly: "Choose # answers",
  thanks: "Thank you for taking part",
  taken: "Your answer is in",
  kept: "Kept for you",
  afterClose: "The result follows after the close",
  ended: "Answering has closed",
  right: "Correct!",
  wrong: "Not this time",
  votes: "# votes",
  average: "Average",
  edge: "Your region",
  national: "National",
  scan: "Scan with your phone",
};

export type Words = typeof ENGLISH;

const CHINESE: Words = {
  notice: "通知",
  poll: "投票",
  quiz: "竞猜",
  rating: "评分",
  coupon: "优惠券",
  link: "了解更多",
  select: "选择",
  confirm: "确认",
  send: "提交",
  close: "关闭",
  keep: "领取",
  opened: "我已扫码",
  mark: "勾选",
  upTo: "最多可选 # 项",
  exactly: "请选择 # 项",
  thanks: "感谢您的参与",
  taken: "您的回答已提交",
  kept: "已为您保留",
  afterClose: "截止后公布结果",
  ended: "互动已截止",
  right: "回答正确!",
  wrong: "很遗憾,答错了",
  votes: "共 # 票",
  average: "平均分",
  edge: "本地区",
  national: "全国",
  scan: "请用手机扫码",
};

/** Languages written from right to left, by their first part. */
const RIGHT_TO_LEFT = ["ar", "dv", "fa", "he", "ku", "ps", "ug", "ur", "yi"];

const first = (language: string) => (language.toLowerCase().split("-")[0] as string) || "";

export function wordsIn(language: string): Words {
  return first(language) === "zh" ? CHINESE : ENGLISH;
}

export function isRightToLeft(language: string): boolean {
  return RIGHT_TO_LEFT.indexOf(first(language)) >= 0;
}

/**
 * The texts for a viewer: the exact language, else one with the same first part, else the default.
 *
 * @param languages what the viewer reads, best first
 */
export function textsFor(
  interaction: Interaction,
  languages: readonly string[],
): { language: string; texts: Texts } {
  const there = Object.keys(interaction.texts);
  for (const wanted of languages) {
    for (const language of there) {
      if (language.toLowerCase() === wanted.toLowerCase())
        return { language, texts: interaction.texts[language] as Texts };
    }
    for (const language of there) {
      if (first(language) === first(wanted)) return { language, texts: interaction.texts[language] as Texts };
    }
  }
  const fallback = there.indexOf(interaction.defaultLanguage) >= 0 ? interaction.defaultLanguage : there[0];
  if (fallback === undefined) return { language: interaction.defaultLanguage, texts: {} };
  return { language: fallback, texts: interaction.texts[fallback] as Texts };
}
