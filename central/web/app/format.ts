/** Instants and amounts as people read them. Pure; local time is the browser's zone. */
import { zoneOffsetMs } from "../../../shared/schedule/local-time.ts";
import type { Language } from "./words.ts";

const LOCALES: Record<Language, string> = { en: "en-GB", zh: "zh-CN" };
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

const two = (value: number) => String(value).padStart(2, "0");

const SHAPES = {
  minute: { hour: "2-digit", minute: "2-digit" },
  second: { hour: "2-digit", minute: "2-digit", second: "2-digit" },
  day: { weekday: "short", day: "numeric", month: "short" },
  date: { day: "numeric", month: "short", year: "numeric" },
} as const satisfies Record<string, Intl.DateTimeFormatOptions>;
/** Making one costs fifty times as much as using it, and the timeline uses hundreds in every frame. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(language: Language, shape: keyof typeof SHAPES): Intl.DateTimeFormat {
  const key = `${language} ${shape}`;
  let found = formatters.get(key);
  if (!found) {
    found = new Intl.DateTimeFormat(LOCALES[language], SHAPES[shape]);
    formatters.set(key, found);
  }
  return found;
}

export const clockTime = (ms: number, language: Language, seconds = false): string =>
  formatter(language, seconds ? "second" : "minute").format(ms);
export const dayName = (ms: number, language: Language): string => formatter(language, "day").format(ms);
export function dateTime(ms: number, language: Language): string {
  return `${dayName(ms, language)} ${clockTime(ms, language)}`;
}
/** With its year: for what lasts. */
export const fullDate = (ms: number, language: Language): string =>
  `${formatter(language, "date").format(ms)} ${clockTime(ms, language)}`;
/** To the second. */
export const momentTime = (ms: number, language: Language): string =>
  `${dayName(ms, language)} ${clockTime(ms, language, true)}`;

/** `0:04:59`; never below zero. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

const UNITS: Record<Language, [second: string, minute: string, hour: string, day: string]> = {
  en: [" s", " min", " h", " d"],
  zh: [" 秒", " 分钟", " 小时", " 天"],
};
/** `12 s`, `5 min`, `3 h`, `2 d`. */
export function span(ms: number, language: Language): string {
  const [second, minute, hour, day] = UNITS[language];
  const size = Math.abs(ms);
  if (size < MINUTE_MS) return `${Math.round(size / 1000)}${second}`;
  if (size < HOUR_MS) return `${Math.round(size / MINUTE_MS)}${minute}`;
  if (size < 2 * DAY_MS) return `${Math.round(size / HOUR_MS)}${hour}`;
  return `${Math.round(size / DAY_MS)}${day}`;
}
/** `+0:05:00`, `−0:00:30` */
export function signedSpan(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const text = `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
  return `${ms < 0 ? "−" : "+"}${text}`;
}

/** A title, as each language marks one. */
export const quoted = (text: string, language: Language) => (language === "zh" ? `《${text}》` : `"${text}"`);

/** An instant is read as a time, a duration exactly. */
const INSTANT_LEAST_MS = 1e12;

/** A field in ms by its name, an instant or a duration; undefined when it is none. */
export function msWords(path: string, value: unknown, language: Language): string | undefined {
  if (typeof value !== "number" || !path.endsWith("Ms")) return undefined;
  if (value > INSTANT_LEAST_MS) return momentTime(value, language);
  return value % 1_000 === 0 ? `${value / 1_000} s` : `${value} ms`;
}

/** A field that is an instant by the clock of a zone, which is said too; undefined when it is none, or there is no such zone. */
export function instantIn(
  zone: string,
  path: string,
  value: unknown,
  language: Language,
): string | undefined {
  if (typeof value !== "number" || !path.endsWith("Ms") || value <= INSTANT_LEAST_MS) return undefined;
  try {
    return `${new Intl.DateTimeFormat(LOCALES[language], { ...SHAPES.day, ...SHAPES.second, timeZone: zone }).format(value)} ${zone}`;
  } catch {
    return undefined;
  }
}

export const number = (value: number, language: Language) => value.toLocaleString(LOCALES[language]);
export const percent = (part: number, whole: number) => `${Math.round((100 * part) / Math.max(1, whole))}%`;

/** For `<input type="datetime-local">`, with seconds. */
export function toInput(ms: number): string {
  const at = new Date(ms);
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}
/** @returns undefined when it is no date */
export function fromInput(text: string): number | undefined {
  const ms = new Date(text).getTime();
  return Number.isFinite(ms) ? ms : undefined;
}

/** The same by the clock of a zone; undefined when there is no such zone. */
export function toInputIn(zone: string, ms: number): string | undefined {
  try {
    return new Date(ms + zoneOffsetMs(ms, zone)).toISOString().slice(0, 19);
  } catch {
    return undefined;
  }
}
/** @returns undefined when it is no date, or there is no such zone */
export function fromInputIn(zone: string, text: string): number | undefined {
  const shownMs = new Date(`${text}Z`).getTime();
  if (!Number.isFinite(shownMs)) return undefined;
  try {
    const guessMs = shownMs - zoneOffsetMs(shownMs, zone);
    return shownMs - zoneOffsetMs(guessMs, zone);
  } catch {
    return undefined;
  }
}

/** `1:30` min:s, `0:01:30`, `90` s, with or without a minus, also as Chinese input writes them, to ms; else undefined. */
export function parseOffset(text: string): number | undefined {
  const match = /^\s*([-−－+＋]?)(?:(?:(\d+)[:：])?(\d+)[:：])?(\d+)\s*$/.exec(text);
  if (!match) return undefined;
  const [, sign = "", hours = "0", minutes = "0", seconds = "0"] = match;
  const ms = (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000;
  return /[-−－]/.test(sign) ? -ms : ms;
}
export function formatOffset(ms: number): string {
  const seconds = Math.round(Math.abs(ms) / 1000);
  const sign = ms < 0 ? "-" : "";
  return seconds >= 3600
    ? `${sign}${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
    : `${sign}${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}
