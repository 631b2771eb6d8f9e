/**
 * From a placement's rule to its moments, each for itself: what a channel's rules and other cues make of them
 * is `channel-cues.ts`. Pure; central previews with it, edges compile with it.
 * A moment carries everything of a cue but its channel: a rule without programmes is the same on every one.
 */
import type { Cue } from "../protocol/schedule.ts";
import { expandRule, type Firing, ruleNames } from "./cron.ts";
import { compareCues, makeCue, occurrenceOf } from "./cue.ts";
import { parseCueId } from "./cue-id.ts";
import { instantOf, parseLocalTime } from "./local-time.ts";
import type { CronWhen, Placement } from "./placement.ts";
import { createProgrammeMatch, momentsIn, type ProgrammeTimes, takesAiring } from "./programme-rule.ts";

/** Whether a recurrence leaves a nominal time `YYYYMMDDThhmm` out: the time itself, or its local day. */
export const isExceptDate = ({ exceptDates }: CronWhen, nominal: string) =>
  exceptDates !== undefined && (exceptDates.includes(nominal) || exceptDates.includes(nominal.slice(0, 8)));

/**
 * Firings of a rule that needs no programme, withdrawn ones included; an instant is a firing called `once`.
 *
 * @returns those with `fromMs` <= `atMs` < `untilMs`, by instant; empty for programme rules
 * @throws {CuecastError} as `expandRule`
 */
export function firingsOf({ when }: Placement, fromMs: number, untilMs: number): Firing[] {
  if (when.kind === "instant") {
    return when.atMs >= fromMs && when.atMs < untilMs ? [{ nominal: "once", atMs: when.atMs }] : [];
  }
  if (when.kind === "programme") return [];
  const first = Math.max(fromMs, when.fromMs ?? 0);
  const end = Math.min(untilMs, when.untilMs ?? untilMs);
  if (first >= end) return [];
  const firings = expandRule(when.rule, when.zone, first, end);
  return when.exceptDates ? firings.filter(({ nominal }) => !isExceptDate(when, nominal)) : firings;
}

const inside = (cue: Cue, fromMs: number, untilMs: number) => cue.untilMs >= fromMs && cue.atMs < untilMs;

/**
 * Cues of a rule that needs no programme (`instant`, `cron`), the same on every channel of the placement.
 *
 * @returns those with `untilMs` >= `fromMs` and `atMs` < `untilMs`, by `atMs`; empty for programme rules
 * @throws {CuecastError} as `expandRule`
 */
export function expandTimed(placement: Placement, fromMs: number, untilMs: number): Cue[] {
  const except = new Set(placement.except);
  return firingsOf(placement, fromMs - placement.windowMs, untilMs)
    .filter(({ nominal }) => !except.has(nominal))
    .map(({ nominal, atMs }) => makeCue(placement, nominal, atMs));
}

/**
 * Cues of a programme rule on one channel; none whose programme was shortened to before them.
 *
 * @param programmes of that channel, in any order
 * @returns as `expandTimed`, in the order of a schedule; empty for rules that need no programme
 */
export function expandProgrammes(
  placement: Placement,
  programmes: readonly ProgrammeTimes[],
  fromMs: number,
  untilMs: number,
): Cue[] {
  const { when } = placement;
  if (when.kind !== "programme") return [];
  const except = new Set(placement.except);
  const matches = createProgrammeMatch(when.match);
  const cues: Cue[] = [];
  for (const programme of programmes) {
    if (!matches(programme) || !takesAiring(when, programme)) continue;
    for (const { index, atMs, stands } of momentsIn(when, programme)) {
      const occurrence = occurrenceOf(programme.id, index);
      if (!stands || atMs < 0 || except.has(occurrence)) continue;
      const cue = makeCue(placement, occurrence, atMs, programme.id);
      if (inside(cue, fromMs, untilMs)) cues.push(cue);
    }
  }
  return cues.sort(compareCues);
}

/** The programme and the index that an occurrence `<programme>.<index>` names; undefined when it names none. */
export function parseProgrammeOccurrence(
  occurrence: string,
): { programme: string; index: number } | undefined {
  const found = /^(.+)\.(0|[1-9][0-9]{0,3})$/.exec(occurrence);
  return found ? { programme: found[1] as string, index: Number(found[2]) } : undefined;
}

/**
 * The cue of an id, found through its placement and not through a window: for answers that arrive long after.
 * Also one that was withdrawn or suppressed: boxes may have shown it before.
 *
 * @param placementOf a placement by id, published now or before
 * @param programmeOf a programme by id, in the guide now or before
 * @returns undefined when the id does not belong to them
 */
export function locateCue(
  id: string,
  placementOf: (id: string) => Placement | undefined,
  programmeOf: (id: string) => ProgrammeTimes | undefined,
): Cue | undefined {
  const parts = parseCueId(id);
  const placement = parts && placementOf(parts.placement);
  if (!parts || !placement || placement.generation !== parts.generation) return undefined;
  const { when } = placement;
  const { occurrence } = parts;
  if (when.kind === "instant")
    return occurrence === "once" ? makeCue(placement, "once", when.atMs) : undefined;
  if (when.kind === "programme") {
    const named = parseProgrammeOccurrence(occurrence);
    const programme = named && programmeOf(named.programme);
    if (!programme || !createProgrammeMatch(when.match)(programme)) return undefined;
    const moment = momentsIn(when, programme).find(({ index }) => index === named.index);
    return moment && makeCue(placement, occurrence, moment.atMs, programme.id);
  }
  const local = parseLocalTime(occurrence);
  if (!local) return undefined;
  if (!ruleNames(when.rule, local)) return undefined;
  return makeCue(placement, occurrence, instantOf(local, when.zone));
}
