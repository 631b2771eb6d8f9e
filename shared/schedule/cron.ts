/**
 * Recurrences: the one door to cron-parser.
 *
 * cron-parser reads a rule and says whether a calendar day belongs to it; it is asked in UTC, where no local
 * time is missing or double. Hours and minutes are the same on each of those days, and `local-time.ts` gives
 * each nominal local date-time its instant in the rule's zone. So the library's own treatment of clock changes,
 * which differs between gaps of an hour and of half an hour, never comes in, and neither does its iteration,
 * which costs 130 µs or more a firing: a rule costs 10 µs a day, and next to nothing a firing.
 */
import { type CronExpression, CronExpressionParser } from "cron-parser";
import { CuecastError } from "../errors.ts";
import { cronFault, cronFaultText } from "./cron-fault.ts";
import { instantsOnDay, type LocalTime } from "./local-time.ts";

/** Most firings of one rule in one expansion: every minute for 69 days, and no span that is compiled is as long. */
export const FIRINGS_MAX = 100_000;
/** Rules kept read. */
const RULES_MAX = 5_000;

export interface Firing {
  /** `YYYYMMDDThhmm`, local; `once` for a single instant. */
  nominal: string;
  /** ms since the Unix epoch. */
  atMs: number;
}

interface ReadRule {
  expression: CronExpression;
  /** Minutes of a day, ascending. */
  minutes: readonly number[];
}

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Fewer days than it takes to meet a leap day on a given weekday. */
const SEARCH_DAYS = 29 * 366;

const read = new Map<string, ReadRule>();

/** @throws {CuecastError} `bad-rule` */
function readRule(rule: string): ReadRule {
  const known = read.get(rule);
  if (known) return known;
  const refuse = (state: string, cause?: unknown) =>
    new CuecastError(`Cannot read the rule "${rule}": ${state}`, { code: "bad-rule", status: 400, cause });
  const fault = cronFault(rule);
  if (fault) throw refuse(cronFaultText(fault));
  let expression: CronExpression;
  try {
    expression = CronExpressionParser.parse(rule, { tz: "UTC", currentDate: new Date(0) });
  } catch (cause) {
    // Beyond what is looked at above: a test draws rules, and finds none such.
    throw refuse(cronFaultText(undefined), cause);
  }
  const { hour, minute } = expression.fields;
  const minutes = hour.values.flatMap((h) => minute.values.map((m) => Number(h) * 60 + Number(m)));
  const made = { expression, minutes: [...new Set(minutes)].sort((a, b) => a - b) };
  if (read.size >= RULES_MAX) read.clear();
  read.set(rule, made);
  return made;
}

/** @param dayMs midnight of the day, as if it were UTC */
function hasDay({ expression, minutes }: ReadRule, dayMs: number): boolean {
  return expression.includesDate(new Date(dayMs + (minutes[0] ?? 0) * MINUTE_MS));
}

/** @throws {CuecastError} `bad-rule`: with the field that is wrong and what it takes, or that no day ever belongs to it */
export function checkRule(rule: string): void {
  const known = readRule(rule);
  for (let day = 0; day < SEARCH_DAYS; day++) if (hasDay(known, day * DAY_MS)) return;
  throw new CuecastError(`Cannot use the rule "${rule}": it never fires`, { code: "bad-rule", status: 400 });
}

/**
 * Whether a rule names a local date-time.
 *
 * @throws {CuecastError} `bad-rule`
 */
export function ruleNames(rule: string, local: LocalTime): boolean {
  const known = readRule(rule);
  return (
    known.minutes.includes(local.hour * 60 + local.minute) &&
    hasDay(known, Date.UTC(local.year, local.month - 1, local.day))
  );
}

const two = (value: number) => String(value).padStart(2, "0");

/**
 * Firings with `fromMs` <= `atMs` < `untilMs`, by instant. Nominal times that share an instant (beside a
 * gap) each fire: they are different occurrences.
 *
 * @throws {CuecastError} `bad-rule`; `too-many-firings` beyond FIRINGS_MAX
 */
export function expandRule(rule: string, zone: string, fromMs: number, untilMs: number): Firing[] {
  const known = readRule(rule);
  const firings: Firing[] = [];
  // Local clocks are at most 15 h off UTC, and a gap moves by less than the rest of the day.
  const firstDayMs = Math.floor(fromMs / DAY_MS - 1) * DAY_MS;
  for (let dayMs = firstDayMs; dayMs < untilMs + DAY_MS; dayMs += DAY_MS) {
    if (!hasDay(known, dayMs)) continue;
    const instantOf = instantsOnDay(dayMs, zone);
    const day = new Date(dayMs).toISOString().slice(0, 10).replaceAll("-", "");
    for (const minute of known.minutes) {
      const atMs = instantOf(minute);
      if (atMs < fromMs || atMs >= untilMs) continue;
      if (firings.length >= FIRINGS_MAX) {
        throw new CuecastError(`Cannot expand the rule "${rule}": more than ${FIRINGS_MAX} firings`, {
          code: "too-many-firings",
          status: 400,
        });
      }
      firings.push({ nominal: `${day}T${two(Math.floor(minute / 60))}${two(minute % 60)}`, atMs });
    }
  }
  return firings.sort((a, b) => a.atMs - b.atMs || (a.nominal < b.nominal ? -1 : 1));
}
