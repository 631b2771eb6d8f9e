/** What a field says that may say only certain things: a role, a kind, a mode. By the field's last name. Pure. */
import type { Language, Texts } from "./words.ts";

export const roleTexts = {
  viewer: ["viewer", "查看者"],
  editor: ["editor", "编辑"],
  publisher: ["publisher", "发布者"],
  operator: ["operator", "运维"],
  admin: ["admin", "管理员"],
} as const satisfies Texts;

export const actionTexts = {
  look: ["look", "查看"],
  edit: ["edit", "编辑"],
  guide: ["guide", "节目单"],
  publish: ["publish", "发布"],
  withdraw: ["withdraw", "撤下"],
  operate: ["operate", "运维"],
  audit: ["audit", "审计"],
  administer: ["administer", "管理"],
} as const satisfies Texts;

export const eventTexts = {
  published: ["something is published", "发布"],
  withdrawn: ["something is withdrawn", "撤下"],
  "cue.closed": ["a cue has closed", "提示点结束"],
  "edge.stale": ["an edge falls silent", "节点失联"],
  "edge.back": ["an edge is back", "节点恢复"],
} as const satisfies Texts;

const NAMES: Record<string, Texts> = {
  role: roleTexts,
  scope: actionTexts,
  kind: {
    programme: ["in a programme", "按节目"],
    instant: ["at a moment", "按时刻"],
    cron: ["recurring", "按周期"],
  },
  airing: { any: ["every airing", "每次播出"], "first-run": ["first runs only", "仅首播"] },
  from: { start: ["from its start", "从开始起"], end: ["from its end", "从结束起"] },
  state: { active: ["active", "有效"], withdrawn: ["withdrawn", "已撤下"] },
  type: {
    notice: ["notice", "通知"],
    poll: ["poll", "投票"],
    quiz: ["quiz", "竞猜"],
    rating: ["rating", "评分"],
    coupon: ["coupon", "优惠券"],
    link: ["link", "链接"],
  },
  mode: {
    first: ["the first answer", "首次回答"],
    last: ["the last answer", "最后一次回答"],
    many: ["every answer", "每次回答"],
  },
  results: {
    never: ["never", "不显示"],
    "after-answer": ["after answering", "回答后"],
    "after-close": ["after the close", "截止后"],
  },
  among: { correct: ["who answered right", "答对者"], all: ["all who answered", "所有回答者"] },
  clock: {
    offset: ["the time with its offset", "时间与偏移"],
    digits: ["the digits alone", "仅数字"],
    utc: ["the time in UTC", "UTC 时间"],
  },
  types: eventTexts,
  password: { new: ["a new one", "新密码"] },
};

/** @returns undefined where the field may say anything, or this is none of what it may say */
export function valueName(path: string, value: string, language: Language): string | undefined {
  const names = NAMES[path.slice(path.lastIndexOf(".") + 1)];
  return names && Object.hasOwn(names, value) ? names[value]?.[language === "en" ? 0 : 1] : undefined;
}
