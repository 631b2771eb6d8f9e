/** Times and durations as DVB-I and TV-Anytime write them (ISO 8601), checked field by field. */
import type { WrittenTime } from "./xmltv-time.ts";
import { parseXmltvTime } from "./xmltv-time.ts";

const TIME = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?$/;
/** A word in capitals where the date should be: a template that a server was to fill in. */
const PLACEHOLDER = /^[A-Z][A-Z_]{3,39}(?=T\d\d:\d\d)/;
const DURATION = /^P(?:(\d{1,3})D)?(?:T(?=\d)(?:(\d{1,4})H)?(?:(\d{1,5})M)?(?:(\d{1,6})(?:\.\d+)?S)?)?$/;

/** @returns null when the text is no such time */
export function parseDvbTime(text: string): WrittenTime | null {
  const fields = TIME.exec(text.trim());
  if (fields === null) return null;
  const [, year, month, day, hour, minute, second = "00", zone = ""] = fields;
  return parseXmltvTime(`${year}${month}${day}${hour}${minute}${second} ${zone}`.trim());
}

/** The time with the day put in for a placeholder; undefined when it has none. */
export function fillPlaceholder(text: string, dayMs: number): string | undefined {
  const trimmed = text.trim();
  if (!PLACEHOLDER.test(trimmed)) return undefined;
  return trimmed.replace(PLACEHOLDER, new Date(dayMs).toISOString().slice(0, 10));
}

/** @returns ms; null when the text is no duration of days, hours, minutes and seconds */
export function parseDuration(text: string): number | null {
  const fields = DURATION.exec(text.trim());
  if (fields === null || text.trim() === "P") return null;
  const [days, hours, minutes, seconds] = fields.slice(1).map((field) => Number(field ?? 0));
  return (((days ?? 0) * 24 + (hours ?? 0)) * 60 + (minutes ?? 0)) * 60_000 + (seconds ?? 0) * 1000;
}
