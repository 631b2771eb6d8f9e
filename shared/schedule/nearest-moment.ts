/** The moment of a placement that lies nearest to an instant on one channel. */
import type { Firing } from "./cron.ts";
import { occurrenceOf } from "./cue.ts";
import { firingsOf } from "./expand.ts";
import type { Placement, ProgrammeWhen } from "./placement.ts";
import type { ProgrammeIndex } from "./programme-index.ts";
import { momentsIn, type ProgrammeMoment, type ProgrammeTimes, takesAiring } from "./programme-rule.ts";

const DAY_MS = 86_400_000;
/** How far recurrences are looked for, to either side: what comes once a year is found. */
const REACH_DAYS = 400;
/** Looked at together, at first a day, as most rules fire daily; in the most a rule of every minute gives 11,520. */
const PART_DAYS = { first: 1, most: 8 };

export interface NamedMoment {
  occurrence: string;
  atMs: number;
}

/** Moments of a programme rule on a channel, by programme. */
export function* momentsOn(
  when: ProgrammeWhen,
  { programmes, matching }: ProgrammeIndex,
): Generator<NamedMoment & Pick<ProgrammeMoment, "stands">> {
  for (const place of matching(when.match)) {
    const programme = programmes[place] as ProgrammeTimes;
    if (!takesAiring(when, programme)) continue;
    for (const { index, atMs, stands } of momentsIn(when, programme)) {
      yield { occurrence: occurrenceOf(programme.id, index), atMs, stands };
    }
  }
}

/** @throws {CuecastError} as `firingsOf` */
export function nearestMoment(
  placement: Placement,
  programmes: ProgrammeIndex,
  instantMs: number,
): NamedMoment | undefined {
  const { when } = placement;
  if (when.kind === "instant") return { occurrence: "once", atMs: when.atMs };
  let nearest: NamedMoment | undefined;
  const consider = (moment: NamedMoment) => {
    const closer = nearest && Math.abs(nearest.atMs - instantMs) <= Math.abs(moment.atMs - instantMs);
    if (moment.atMs >= 0 && !closer) nearest = moment;
  };
  if (when.kind === "programme") {
    for (const { occurrence, atMs, stands } of momentsOn(when, programmes)) {
      if (stands) consider({ occurrence, atMs });
    }
    return nearest;
  }
  const considerOne = (firing: Firing | undefined) => {
    if (firing) consider({ occurrence: firing.nominal, atMs: firing.atMs });
  };
  let part = PART_DAYS.first;
  for (let days = 0; days < REACH_DAYS && !nearest; days += part) {
    part = Math.min(Math.max(part, days), PART_DAYS.most);
    const [closeMs, farMs] = [days * DAY_MS, (days + part) * DAY_MS];
    considerOne(firingsOf(placement, Math.max(0, instantMs - farMs), instantMs - closeMs).at(-1));
    considerOne(firingsOf(placement, instantMs + closeMs, instantMs + farMs)[0]);
  }
  return nearest;
}

export type FindNearest = typeof nearestMoment;

/** Remembers what is the same on every channel. @returns for one placement and one instant */
export function createNearest(): FindNearest {
  let known: { found: NamedMoment | undefined } | undefined;
  return (placement, programmes, instantMs) => {
    if (placement.when.kind === "programme") return nearestMoment(placement, programmes, instantMs);
    known ??= { found: nearestMoment(placement, programmes, instantMs) };
    return known.found;
  };
}
