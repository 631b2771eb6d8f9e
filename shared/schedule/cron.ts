/**
 * Recurrences: the one door to cron-parser.
 *
 * cron-parser is asked in UTC, where no local time is missing or double, for the nominal local date-times of
 * a rule; `local-time.ts` then gives each its instant in the rule's zone. So the library's own treatment of
 * clock changes, which differs between gaps of an hour and of half an hour, never comes in.
 */
import { CronExpressionParser } from "cron-parser";
import { CuecastError, errorMessage } from "../errors.ts";
import { formatLocalTime, instantOf, type LocalTime, localTimeAt } from "./local-time.ts";

/** Most firings of one rule in one expansion; a rule that runs every minute for a week has 10,080. */
export const FIRINGS_MAX = 20_000;

export interface Firing {
  /** `YYYYMMDDThhmm`, local. */
  nominal: string;
  /** ms since the Unix epoch. */
  atMs: number;
}

const DAY_MS = 86_400_000;

/** @throws {CuecastError} `bad-rule` with cron-parser's own words */
export function checkRule(rule: string): void {
  try {
    CronExpressionParser.parse(rule, { tz: "UTC", currentDate: new Date(0) }).next();
  } catch (cause) {
    throw new CuecastError(`Cannot read the rule "${rule}": ${errorMessage(cause)}`, {
      code: "bad-rule",
      status: 400,
      cause,
    });
  }
}

/**
 * Whether a rule names a local date-time. Costs one step of the rule, where expanding around an instant costs
 * two days of them: ids that hold such a time come from outside.
 */
export function ruleNames(rule: string, local: LocalTime): boolean {
  checkRule(rule);
  const nominalMs = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute);
  const dates = CronExpressionParser.parse(rule, {
    tz: "UTC",
    currentDate: new Date(nominalMs - 1000),
    endDate: new Date(nominalMs + 1000),
  });
  return dates.hasNext() && dates.next().getTime() === nominalMs;
}

/**
 * Firings with `fromMs` <= `atMs` < `untilMs`, by instant. Nominal times that share an instant (beside a
 * gap) each fire: they are different occurrences.
 *
 * @throws {CuecastError} `bad-rule`; `too-many-firings` beyond FIRINGS_MAX
 */
export function expandRule(rule: string, zone: string, fromMs: number, untilMs: number): Firing[] {
  checkRule(rule);
  const firings: Firing[] = [];
  // Local clocks are at most 14 h off UTC, so a day to each side holds every nominal time that can matter.
  const dates = CronExpressionParser.parse(rule, {
    tz: "UTC",
    currentDate: new Date(fromMs - DAY_MS),
    endDate: new Date(untilMs + DAY_MS),
  });
  while (dates.hasNext()) {
    const local = localTimeAt(dates.next().getTime(), "UTC");
    const atMs = instantOf(local, zone);
    if (atMs < fromMs || atMs >= untilMs) continue;
    if (firings.length >= FIRINGS_MAX) {
      throw new CuecastError(`Cannot expand the rule "${rule}": more than ${FIRINGS_MAX} firings`, {
        code: "too-many-firings",
        status: 400,
      });
    }
    firings.push({ nominal: formatLocalTime(local), atMs });
  }
  return firings.sort((a, b) => a.atMs - b.atMs || (a.nominal < b.nominal ? -1 : 1));
}
