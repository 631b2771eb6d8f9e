/** Words of the audit. */
import type { Texts } from "../app/words.ts";

export const auditTexts = {
  title: ["Audit", "审计"],
  about: [
    "Who changed what, when, from where. Written with every change, never edited.",
    "谁在何时何地修改了什么。每次修改均记录，不可更改。",
  ],
  none: ["Nothing yet", "还没有记录"],
  noneDo: ["Whatever people and tools change appears here.", "人员与工具的所有修改都会显示在这里。"],
  when: ["When", "时间"],
  who: ["Who", "人员"],
  what: ["What", "操作"],
  subject: ["About", "对象"],
  changes: ["Changes", "变化"],
  from: ["From", "来源"],
  filterSubject: ["Only about this id", "仅此编号"],
  filterWho: ["Only by this person or token", "仅此人员或令牌"],
  more: ["Older", "更早"],
  sent: ["as sent", "原始请求"],
} as const satisfies Texts;
