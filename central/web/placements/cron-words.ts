/** What is wrong with a cron rule, in the editor's language, before it is sent. Pure. */
import {
  type CronFault,
  type CronField,
  cronFault,
  cronFaultText,
} from "../../../shared/schedule/cron-fault.ts";
import type { Language } from "../app/words.ts";

const FIELDS: Readonly<Record<CronField, readonly [name: string, takes: string]>> = {
  minute: ["分", "0 至 59，或 0,30、0-10、*/15"],
  hour: ["时", "0 至 23，或 8,20、18-22、*/2"],
  "day of month": ["日", "1 至 31，或 1,15、1-7；L 表示最后一天"],
  month: ["月", "1 至 12 或 JAN 至 DEC，或 1,7、MAR-OCT"],
  "day of week": [
    "周",
    "0 至 7（0 和 7 为周日）或 SUN 至 SAT，或 1-5、SAT,SUN；5L 表示最后一个周五，2#1 表示第一个周二",
  ],
};

function chinese(fault: CronFault): string {
  const [name, takes] = "field" in fault ? FIELDS[fault.field] : ["", ""];
  switch (fault.code) {
    case "fields":
      return `需要五个字段，现有 ${fault.count} 个：分 时 日 月 周，例如 30 20 * * 1-5`;
    case "shorthand":
      return `不支持简写 ${fault.part}，请写五个字段，例如 0 0 * * * 表示每天零点`;
    case "random":
      return "H 表示随机时刻，各节点会不一致，请写明时刻";
    case "value":
      return `“${name}”不能为 ${fault.part}，请写 ${takes}`;
    case "empty":
      return `“${name}”的逗号前后缺少内容，请写 ${takes}`;
    case "backwards":
      return `“${name}”的范围 ${fault.part} 前大后小，请写 ${fault.instead}`;
    case "step":
      return `“${name}”的 ${fault.part} 中，步长须为 1 以上的整数，例如 */15`;
    case "wide-step":
      return `“${name}”的 ${fault.part} 中，步长超出范围（${fault.size}），只会得到一个时刻；请写该时刻，或不超过 ${fault.size} 的步长`;
    case "twice":
      return `“${name}”重复写了 ${fault.part}，请只写一次`;
    case "no-day":
      return `永远不会触发：所选月份最多 ${fault.days} 天，请改写日期，或用 L 表示最后一天`;
  }
}

/** @returns undefined when nothing is wrong */
export function cronWords(rule: string, language: Language): string | undefined {
  const fault = cronFault(rule);
  return fault && (language === "zh" ? chinese(fault) : cronFaultText(fault));
}
