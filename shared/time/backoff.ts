/** Waiting before a try is made again: exponential, with full jitter, so that no herd forms. */
import type { Random } from "./random.ts";

export interface BackoffSettings {
  /** Upper bound of the first wait, ms. */
  baseMs: number;
  /** Upper bound of every wait, ms. */
  maxMs: number;
}

/**
 * How long to wait before the next try: anything from 0 to the bound, which doubles with each failure.
 *
 * @param failures tries that failed in a row, 1 or more
 * @param retryAfterMs what the other side asked for; the wait is never shorter, and is spread beyond it
 * @returns ms, 0 or more
 */
export function backoffMs(
  failures: number,
  settings: BackoffSettings,
  random: Random,
  retryAfterMs = 0,
): number {
  const bound = Math.min(settings.maxMs, settings.baseMs * 2 ** Math.min(30, Math.max(0, failures - 1)));
  return Math.floor(retryAfterMs + random() * bound);
}
