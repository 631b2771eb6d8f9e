/**
 * Nominal local date-times and their instants in an IANA zone.
 *
 * A nominal date-time is written `YYYYMMDDThhmm`. One that occurs twice (clocks go back) means the first; one that does not
 * occur (clocks go forward) means the same distance after the gap's beginning as it lies past it, that is,
 * the offset before the change applies: 02:30 in a gap from 02:00 to 03:00 is 03:30 by the new clock.
 * The rule is the same for gaps of half an hour.
 */

export interface LocalTime {
  year: number;
  /** 1 to 12. */
  month: number;
  day: number;
  hour: number;
  minute: number;
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Formatters are slow to make; zones are few. */
const FORMATTERS_MAX = 600;
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatter(zone: string): Intl.DateTimeFormat {
  let found = formatters.get(zone);
  if (!found) {
    if (formatters.size >= FORMATTERS_MAX) formatters.clear();
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formatters.set(zone, found);
  }
  return found;
}

/** Local minus UTC at an instant, ms. */
export function zoneOffsetMs(instantMs: number, zone: string): number {
  const parts: Record<string, number> = {};
  for (const part of formatter(zone).formatToParts(instantMs)) {
    if (part.type !== "literal") parts[part.type] = Number(part.value);
  }
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  const wholeSecondMs = Math.floor(instantMs / 1000) * 1000;
  return Date.UTC(year, month - 1, day, hour, minute, second) - wholeSecondMs;
}

/** The local date-time that a clock in the zone shows at an instant. */
export function localTimeAt(instantMs: number, zone: string): LocalTime {
  const shifted = new Date(instantMs + zoneOffsetMs(instantMs, zone));
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    hour: shifted.getUTCHours(),
    minute: shifted.getUTCMinutes(),
  };
}

/**
 * Instants of the nominal times of one local day, by the rule at the top of this file.
 *
 * A clock that shows the same before and after the day, and the days beside it, does not change in it: then
 * every time of the day has one offset, and none needs to be looked for.
 *
 * @param dayMs the day's midnight, as if it were UTC
 * @returns minute of the day → ms since the Unix epoch
 */
export function instantsOnDay(dayMs: number, zone: string): (minute: number) => number {
  const before = zoneOffsetMs(dayMs - DAY_MS, zone);
  const after = zoneOffsetMs(dayMs + 2 * DAY_MS, zone);
  if (before === after) return (minute) => dayMs + minute * MINUTE_MS - before;
  return (minute) => {
    const nominal = dayMs + minute * MINUTE_MS;
    const early = nominal - before;
    // Where both offsets give an instant that shows this time, it occurs twice, and the first one is meant.
    const holds = [early, nominal - after].filter((at) => at + zoneOffsetMs(at, zone) === nominal);
    return holds.length > 0 ? Math.min(...holds) : early;
  };
}

/** The instant of a nominal local date-time, ms since the Unix epoch, by the rule at the top of this file. */
export function instantOf(local: LocalTime, zone: string): number {
  const dayMs = Date.UTC(local.year, local.month - 1, local.day);
  return instantsOnDay(dayMs, zone)(local.hour * 60 + local.minute);
}

const two = (value: number) => String(value).padStart(2, "0");

export function formatLocalTime(local: LocalTime): string {
  return `${String(local.year).padStart(4, "0")}${two(local.month)}${two(local.day)}T${two(local.hour)}${two(local.minute)}`;
}

/** Undefined when the text is no day `YYYYMMDD` of the calendar. Its time is 00:00. */
export function parseLocalDay(text: string): LocalTime | undefined {
  return text.length === 8 ? parseLocalTime(`${text}T0000`) : undefined;
}

/** Undefined when the text is no `YYYYMMDDThhmm` of the calendar. */
export function parseLocalTime(text: string): LocalTime | undefined {
  const match = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})$/.exec(text);
  if (!match) return undefined;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = match.slice(1).map(Number);
  const local = { year, month, day, hour, minute };
  const instant = Date.UTC(year, month - 1, day, hour, minute);
  return formatLocalTime(localTimeAt(instant, "UTC")) === text ? local : undefined;
}
