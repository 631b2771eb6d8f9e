/** The recurrences that editors write most, in words; any other as it is written. Pure. */
import type { Language } from "../app/words.ts";

const two = (text: string) => text.padStart(2, "0");
const DAYS = {
  en: ["Sundays", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays"],
  zh: ["周日", "周一", "周二", "周三", "周四", "周五", "周六"],
};
const NAMED: Record<string, readonly [en: string, zh: string]> = {
  "*": ["daily", "每天"],
  "1-5": ["weekdays", "工作日"],
  "0,6": ["weekends", "周末"],
  "6,0": ["weekends", "周末"],
  "6-7": ["weekends", "周末"],
};
const isNumber = (text: string) => /^\d{1,2}$/.test(text);

function daysOf(weekday: string, language: Language): string | undefined {
  const named = NAMED[weekday]?.[language === "en" ? 0 : 1];
  return named ?? (isNumber(weekday) ? DAYS[language][Number(weekday) % 7] : undefined);
}

/** @param rule five fields: minute, hour, day, month, weekday */
export function recurrenceWords(rule: string, language: Language): string {
  const [minute = "", hour = "", day, month, weekday = ""] = rule.trim().split(/\s+/);
  const days = day === "*" && month === "*" ? daysOf(weekday, language) : undefined;
  if (days === undefined) return rule;
  const isDaily = weekday === "*";
  if (isNumber(minute) && isNumber(hour)) {
    const at = `${two(hour)}:${two(minute)}`;
    return language === "zh" ? `${days} ${at}` : `${days} at ${at}`;
  }
  if (hour !== "*" || !isDaily) return rule;
  if (isNumber(minute)) return language === "zh" ? `每小时 ${two(minute)} 分` : `hourly at :${two(minute)}`;
  const every = /^\*\/(\d{1,2})$/.exec(minute)?.[1];
  // Only what divides the hour comes round evenly.
  if (every === undefined || 60 % Number(every) !== 0) return rule;
  return language === "zh" ? `每 ${every} 分钟` : `every ${every} min`;
}
