/** Airings as counts: per cue, by outcome, and a histogram of how far off its moment it was shown. Pure. */
import type { Airing } from "../../../shared/protocol/airings.ts";
import { type AiringCount, FIRING_ERROR_BOUNDS_MS } from "../../../shared/uplink/batch.ts";

/** Most outcomes told apart for one cue: reasons are the boxes' words. Others are counted as `<outcome>:other`. */
export const OUTCOMES_MAX = 50;

export function emptyCount(airing: { cue: string; interaction: string; version: number }): AiringCount {
  const { cue, interaction, version } = airing;
  return {
    cue,
    interaction,
    version,
    outcomes: {},
    firingErrors: new Array(FIRING_ERROR_BOUNDS_MS.length + 1).fill(0),
  };
}

/** The count with one airing more; the given one stays as it is. */
export function withAiring(count: AiringCount, airing: Airing): AiringCount {
  const outcomes = new Map(Object.entries(count.outcomes));
  let name = airing.reason ? `${airing.outcome}:${airing.reason}` : airing.outcome;
  if (!outcomes.has(name) && outcomes.size >= OUTCOMES_MAX) name = `${airing.outcome}:other`;
  outcomes.set(name, (outcomes.get(name) ?? 0) + 1);
  const firingErrors = [...count.firingErrors];
  if (airing.firedMs !== undefined && (airing.outcome === "shown" || airing.outcome === "late")) {
    const errorMs = Math.abs(airing.firedMs - airing.dueMs);
    const found = FIRING_ERROR_BOUNDS_MS.findIndex((bound) => errorMs <= bound);
    const bucket = found < 0 ? FIRING_ERROR_BOUNDS_MS.length : found;
    firingErrors[bucket] = (firingErrors[bucket] ?? 0) + 1;
  }
  return { ...count, outcomes: Object.fromEntries(outcomes), firingErrors };
}
