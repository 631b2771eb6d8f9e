/** Words of the common pieces. */
import type { Texts } from "../app/words.ts";

export const layoutTexts = {
  loading: ["Loading", "正在载入"],
  unreachable: ["Central does not answer. Trying again by itself.", "中心没有应答，正在自动重试。"],
  again: ["Try again", "重试"],
  gone: ["Not there", "不存在"],
  goneDo: ["It was removed, or the address names it otherwise.", "可能已被移除，或链接中的编号有误。"],
  copy: ["Copy", "复制"],
  copied: ["Copied", "已复制"],
  close: ["Close", "关闭"],
  time: ["Time", "时间"],
  noChart: ["This browser cannot draw charts: its language is none", "此浏览器无法绘制图表：其语言设置无效"],
  notAllowed: ["Your role does not see this", "您的角色无权查看"],
  lookOnly: ["to look at only: your role does not edit", "仅供查看：当前角色不能编辑"],
  notAllowedDo: ["Ask an admin for a role that does.", "请联系管理员获取权限。"],
} as const satisfies Texts;
