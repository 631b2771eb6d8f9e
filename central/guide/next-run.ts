/** When a source is asked next. Pure. */
import { checkRule, expandRule } from "../../shared/schedule/cron.ts";
import { type BackoffSettings, backoffMs } from "../../shared/time/backoff.ts";
import type { Random } from "../../shared/time/random.ts";
import type { GuideSource } from "./source.ts";

/** A failed try is made again after up to a minute, then longer, at most an hour. */
const BACKOFF: BackoffSettings = { baseMs: 60_000, maxMs: 3_600_000 };
const RETRY_LEAST_MS = 5_000;
const HOUR_MS = 3_600_000;
/** How far a rule's next firing is looked for: a frequent rule is found at once, a rare one takes longer. */
const SPANS_MS = [HOUR_MS, 26 * HOUR_MS, 32 * 24 * HOUR_MS, 400 * 24 * HOUR_MS];

/** @throws {CuecastError} `bad-rule` */
export function checkEvery(every: GuideSource["every"]): void {
  if ("rule" in every) checkRule(every.rule);
}

/** @returns ms since the Unix epoch, after `nowMs` */
export function nextRegularMs(every: GuideSource["every"], nowMs: number): number {
  if ("ms" in every) return nowMs + every.ms;
  for (const spanMs of SPANS_MS) {
    const [first] = expandRule(every.rule, every.zone, nowMs + 1, nowMs + spanMs);
    if (first !== undefined) return first.atMs;
  }
  return nowMs + (SPANS_MS.at(-1) ?? HOUR_MS);
}

/** @param failures in a row; 0 after a success */
export function nextRunMs(
  every: GuideSource["every"],
  nowMs: number,
  failures: number,
  random: Random,
  retryAfterMs = 0,
): number {
  const regularMs = nextRegularMs(every, nowMs);
  if (failures === 0) return regularMs;
  const againMs = nowMs + Math.max(RETRY_LEAST_MS, backoffMs(failures, BACKOFF, random, retryAfterMs));
  return retryAfterMs > 0 ? Math.max(againMs, nowMs + retryAfterMs) : Math.min(regularMs, againMs);
}
