/** The box's own words, in Chinese and English, and the choice among an interaction's texts. */
import type { Interaction } from "../../../shared/protocol/interaction.ts";

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
  thanks: "Thank you for taking part",
  taken: "Done",
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
  thanks: "感谢您的参与",
  taken: "已完成",
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

/** Chinese for readers of any Chinese, English for everybody else. */
export function wordsIn(language: string): Words {
  return /^zh\b/i.test(language) ? CHINESE : ENGLISH;
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
