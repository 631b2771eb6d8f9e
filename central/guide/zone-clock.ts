/**
 * Which instant a written time means, where the zone of its channel is known.
 *
 * An offset that is not the zone's at that moment is a contradiction (UTC apart, in which any moment may be
 * written). Which side is wrong cannot be seen from one time: grabbers write right moments in the zone of their
 * own machine, and local times under whatever offset they like. So the moment is kept as it is written, and an
 * operator who knows the feed says which clock shows the channel's local time. The hours that titles name
 * ("Journal 20h00") are told as evidence.
 */
import { zoneOffsetMs } from "../../shared/schedule/local-time.ts";
import type { WrittenTime } from "./xmltv-time.ts";

/** What shows the channel's local time: the time with its offset, the digits alone, or the time in UTC. */
export const FEED_CLOCKS = ["offset", "digits", "utc"] as const;
export type FeedClock = (typeof FEED_CLOCKS)[number];

export interface ResolvedTime {
  ms: number;
  /** The offset is not the zone's, or the clock says that it means nothing. */
  contradicts: boolean;
}

/** Offsets change at quarters of an hour at the finest. */
const QUARTER_MS = 900_000;
const REMEMBERED_MAX = 200_000;
const DAY_MS = 86_400_000;

/** @param notBeforeMs where a local time occurs twice, the second is meant when the first is not after this */
export type ZoneClock = (time: WrittenTime, zone: string | undefined, notBeforeMs: number) => ResolvedTime;

export function createZoneClock(clock: FeedClock): ZoneClock {
  const offsets = new Map<string, number>();
  const offsetAt = (ms: number, zone: string) => {
    const key = `${zone}${Math.floor(ms / QUARTER_MS)}`;
    let found = offsets.get(key);
    if (found === undefined) {
      if (offsets.size >= REMEMBERED_MAX) offsets.clear();
      found = zoneOffsetMs(Math.floor(ms / QUARTER_MS) * QUARTER_MS, zone);
      offsets.set(key, found);
    }
    return found;
  };

  function local(nominalMs: number, zone: string, notBeforeMs: number): number {
    const before = offsetAt(nominalMs - DAY_MS, zone);
    const after = offsetAt(nominalMs + DAY_MS, zone);
    if (before === after) return nominalMs - before;
    const holds = [nominalMs - before, nominalMs - after].filter(
      (ms) => ms + offsetAt(ms, zone) === nominalMs,
    );
    // In a gap: as far behind its beginning as it is written.
    if (holds.length === 0) return nominalMs - before;
    holds.sort((one, other) => one - other);
    return holds.find((ms) => ms > notBeforeMs) ?? (holds[0] as number);
  }

  return ({ ms, offsetMs }, zone, notBeforeMs) => {
    if (zone === undefined) return { ms, contradicts: false };
    if (offsetMs === undefined) return { ms: local(ms, zone, notBeforeMs), contradicts: false };
    if (clock === "offset") return { ms, contradicts: offsetMs !== 0 && offsetMs !== offsetAt(ms, zone) };
    const meant = local(clock === "digits" ? ms + offsetMs : ms, zone, notBeforeMs);
    return { ms: meant, contradicts: meant !== ms };
  };
}

/** `20h00`, `20:00`, `6h info`: an hour that a title names. */
const HOUR = /(?:^|[\s(])([01]?\d|2[0-3])\s?(?:[hH]\s?([0-5]\d)?|[:：]([0-5]\d))(?![\d])/;

/** How many titles that name their hour agree with each clock. */
export type ClockEvidence = Record<FeedClock, number>;

/** Counts what a title that names an hour says; nothing when it names none. */
export function weighTitle(evidence: ClockEvidence, title: string, time: WrittenTime, zone: string): void {
  const named = HOUR.exec(title);
  if (named === null) return;
  const minutes = Number(named[1]) * 60 + Number(named[2] ?? named[3] ?? 0);
  const shown: Record<FeedClock, number> = {
    offset: time.ms + zoneOffsetMs(time.ms, zone),
    digits: time.ms + (time.offsetMs ?? 0),
    utc: time.ms,
  };
  for (const clock of FEED_CLOCKS) {
    if (Math.floor((shown[clock] % DAY_MS) / 60_000) === minutes) evidence[clock]++;
  }
}
