/** XMLTV's times: `YYYYMMDDhhmm[ss] [+hhmm|-hhmm|Z|UTC|GMT]`, checked field by field. */

const TIME =
  /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:\.\d+)?(?:\s*(?:(Z|UTC|GMT)|([+-])(\d\d):?(\d\d)))?$/i;

/** A time as a file writes it. */
export interface WrittenTime {
  /** The instant; of a time that names no zone, as if it were UTC. */
  ms: number;
  /** East of UTC; undefined when it names no zone. */
  offsetMs: number | undefined;
}

/**
 * @returns null when the text is no such time: too short, a 13th month, 31 February, an offset over 14 h
 */
export function parseXmltvTime(text: string): WrittenTime | null {
  const fields = TIME.exec(text.trim());
  if (fields === null) return null;
  const [, year, month, day, hour, minute, second, utc, sign, zoneHours, zoneMinutes] = fields;
  const monthIndex = Number(month) - 1;
  const seconds = Number(second ?? 0);
  // 24:00:00 is the end of its day (ISO 8601); Date.UTC rolls it over.
  const endOfDay = Number(hour) === 24 && Number(minute) === 0 && seconds === 0;
  if (Number(year) < 1970 || monthIndex < 0 || monthIndex > 11) return null;
  if (Number(day) < 1 || Number(day) > daysInMonth(Number(year), monthIndex)) return null;
  if ((Number(hour) > 23 && !endOfDay) || Number(minute) > 59 || seconds > 59) return null;
  const localMs = Date.UTC(Number(year), monthIndex, Number(day), Number(hour), Number(minute), seconds);
  if (sign === undefined) {
    return localMs < 0 ? null : { ms: localMs, offsetMs: utc === undefined ? undefined : 0 };
  }
  const offsetMinutes = Number(zoneHours) * 60 + Number(zoneMinutes);
  if (Number(zoneMinutes) > 59 || offsetMinutes > 14 * 60) return null;
  const offsetMs = (sign === "-" ? -offsetMinutes : offsetMinutes) * 60_000;
  return localMs < offsetMs ? null : { ms: localMs - offsetMs, offsetMs };
}

function daysInMonth(year: number, monthIndex: number): number {
  return new Date(Date.UTC(year, monthIndex + 1, 0)).getUTCDate();
}
