/**
 * What is wrong with a cron rule, told so that whoever wrote it can put it right: which field, what stands there, what
 * may. cron-parser reads the rules that pass here; its own words name neither a field nor what to write. Pure.
 */

export const CRON_FIELDS = ["minute", "hour", "day of month", "month", "day of week"] as const;
export type CronField = (typeof CRON_FIELDS)[number];

export type CronFault =
  /** Not five of them. */
  | { code: "fields"; count: number }
  | { code: "shorthand"; part: string }
  | { code: "random" }
  /** Nothing that the field takes. */
  | { code: "value"; field: CronField; part: string }
  /** A comma with nothing before or after it. */
  | { code: "empty"; field: CronField }
  | { code: "backwards"; field: CronField; part: string; instead: string }
  | { code: "step"; field: CronField; part: string }
  /** Beyond all that it steps through: `*\/90` minutes are no hour and a half, but every hour. */
  | { code: "wide-step"; field: CronField; part: string; size: number }
  | { code: "twice"; field: CronField; part: string }
  /** None of its months has such a day; the longest of them has so many. */
  | { code: "no-day"; days: number };

interface FieldRange {
  least: number;
  most: number;
  /** From `least` on, three letters each. */
  names?: readonly string[];
  /** What may stand alone besides. */
  last?: RegExp;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/** Of January, …; February as it is in leap years. */
const DAYS_OF = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const RANGES: Readonly<Record<CronField, FieldRange>> = {
  minute: { least: 0, most: 59 },
  hour: { least: 0, most: 23 },
  "day of month": { least: 1, most: 31, last: /^L$/ },
  month: { least: 1, most: 12, names: MONTHS },
  "day of week": { least: 0, most: 7, names: DAYS, last: /^[0-7]L$/ },
};
/** Longer parts are cut when they are told. */
const PART_SHOWN = 40;

export const cronFields = (rule: string): string[] => rule.trim().split(/\s+/).filter(Boolean);

/** @returns undefined when nothing is wrong with what is written; it may still name no day of any year */
export function cronFault(rule: string): CronFault | undefined {
  const fields = cronFields(rule);
  if (fields.length === 1 && fields[0]?.startsWith("@")) return { code: "shorthand", part: cut(fields[0]) };
  // `H` draws at random: central and every edge would each fire at another time.
  if (/(?<![A-Za-z])H(?![A-Za-z])/.test(rule)) return { code: "random" };
  if (fields.length !== CRON_FIELDS.length) return { code: "fields", count: fields.length };
  const values: string[][] = [];
  for (const [place, field] of CRON_FIELDS.entries()) {
    const read = readField(field, fields[place] as string);
    if (!Array.isArray(read)) return read;
    values.push(read);
  }
  const [, , days = [], months = []] = values;
  // If both kinds of day are restricted, either will do.
  if (!/^[*?]$/.test(fields[4] as string) || days.includes("L")) return undefined;
  const longest = Math.max(...months.map((month) => DAYS_OF[Number(month) - 1] as number));
  return Math.min(...days.map(Number)) > longest ? { code: "no-day", days: longest } : undefined;
}

const cut = (text: string) => (text.length > PART_SHOWN ? `${text.slice(0, PART_SHOWN)}…` : text);

/** Its values, as cron-parser counts them. */
function readField(field: CronField, text: string): string[] | CronFault {
  const { names, least } = RANGES[field];
  // As numbers: a name is three letters, with an L behind it at most.
  const numbered = (part: string) =>
    part.replace(/(?<![A-Za-z])[A-Za-z]{3}(?=L?(?![A-Za-z]))/g, (name) => {
      const place = names?.indexOf(name.toUpperCase()) ?? -1;
      return place < 0 ? name : String(least + place);
    });
  if (field === "day of week" && text.includes("#")) {
    return /^[0-7]#[1-5]$/.test(numbered(text))
      ? [numbered(text)]
      : { code: "value", field, part: cut(text) };
  }
  const named = new Set<string>();
  for (const part of text.split(",")) {
    if (part === "") return { code: "empty", field };
    const values = valuesOf(field, part, numbered(part));
    if (!Array.isArray(values)) return values;
    const again = values.find((value) => named.has(value));
    if (again !== undefined) return { code: "twice", field, part: again };
    for (const value of values) named.add(value);
  }
  return [...named];
}

/** Those of one part of a list. */
function valuesOf(field: CronField, part: string, numbered: string): string[] | CronFault {
  const { least, most, last } = RANGES[field];
  const wrong = (code: "value" | "step"): CronFault => ({ code, field, part: cut(part) });
  if (last?.test(numbered)) return [numbered];
  const [base = "", step, ...more] = numbered.split("/");
  if (more.length > 0) return wrong("value");
  const [, first, second] = /^(\d+)(?:-(\d+))?$/.exec(base) ?? [];
  const everything = base === "*" || base === "?";
  if (first === undefined && !everything) return wrong("value");
  if (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0)) return wrong("step");
  const from = everything ? least : Number(first);
  const alone = second === undefined && step === undefined && !everything;
  const until = alone ? from : second === undefined ? most : Number(second);
  if (from < least || from > most || until > most || until < least) return wrong("value");
  if (from > until) {
    return { code: "backwards", field, part: cut(part), instead: inTwo(field, part) };
  }
  // A range that is written counts by itself; `50/15` steps through the whole field.
  const range = second === undefined ? most - least + 1 : until - from + 1;
  const size = field === "day of week" ? Math.min(range, DAYS.length) : range;
  if (step !== undefined && Number(step) > size) return { code: "wide-step", field, part: cut(part), size };
  if (field === "day of week" && alone) return [String(from % 7)];
  const values: string[] = [];
  for (let value = from; value <= until; value += Number(step ?? 1)) values.push(String(value));
  // Sunday is 0 as well where a range ends in 7.
  const sunday = field === "day of week" && until === 7 && (until - from) % Number(step ?? 1) === 0;
  return sunday && !values.includes("0") ? ["0", ...values] : values;
}

/** A range that runs over the end, as two that do not. */
function inTwo(field: CronField, part: string): string {
  const { least, most, names } = RANGES[field];
  const [first = "", second = ""] = (part.split("/")[0] ?? "").split("-");
  const end = names ? (names.at(-1) as string) : String(most);
  const beginning = names ? (names[0] as string) : String(least);
  const byName = /[A-Za-z]/.test(part);
  const range = (from: string, until: string) =>
    from.toUpperCase() === until.toUpperCase() ? from : `${from}-${until}`;
  const highest = byName ? end : field === "day of week" ? "6" : String(most);
  return `${range(first, highest)},${range(byName ? beginning : String(least), second)}`;
}

/** What a field takes, for people. */
const TAKES: Readonly<Record<CronField, string>> = {
  minute: "0 to 59, several as 0,30 or 0-10, or every so many as */15",
  hour: "0 to 23, several as 8,20 or 18-22, or every so many as */2",
  "day of month": "1 to 31, several as 1,15 or 1-7, or L for the last",
  month: "1 to 12 or JAN to DEC, several as 1,7 or MAR-OCT",
  "day of week":
    "0 to 7 (0 and 7 are Sunday) or SUN to SAT, several as 1-5 or SAT,SUN, 5L for the last Friday, or 2#1 for the first Tuesday",
};

/** The state of an error message. */
export function cronFaultText(fault: CronFault | undefined): string {
  switch (fault?.code) {
    case undefined:
      return "its fields take numbers, ranges 1-5, lists 1,3 and steps */15";
    case "fields":
      return `it needs five fields and has ${fault.count}: minute, hour, day of month, month, day of week, like 30 20 * * 1-5`;
    case "shorthand":
      return `${fault.part} is a shorthand; write its five fields, like 0 0 * * * for every midnight`;
    case "random":
      return "H stands for a random time, and every edge would draw another; write the time";
    case "value":
      return `"${fault.part}" is no ${fault.field}; write ${TAKES[fault.field]}`;
    case "empty":
      return `its ${fault.field} has a comma with nothing on one side; write ${TAKES[fault.field]}`;
    case "backwards":
      return `the range "${fault.part}" of its ${fault.field} runs backwards; write ${fault.instead}`;
    case "step":
      return `the step of "${fault.part}" in its ${fault.field} is no whole number from 1 on; write */15 for every fifteenth`;
    case "wide-step":
      return `the step of "${fault.part}" in its ${fault.field} is wider than the ${fault.size} that it steps through, and would give one time; write that time, or a step up to ${fault.size}`;
    case "twice":
      return `its ${fault.field} names ${fault.part} twice; name it once`;
    case "no-day":
      return `it never fires, as its longest month has ${fault.days} days; write a day of month up to that, or L for the last`;
  }
}
