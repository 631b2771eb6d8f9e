/**
 * From a placement's rule to its moments. Pure; central previews with it, edges compile with it.
 * A moment carries everything of a cue but its channel: a rule without programmes is the same on every one.
 */
import type { Cue } from "../protocol/schedule.ts";
import { expandRule, ruleNames } from "./cron.ts";
import { formatCueId, parseCueId } from "./cue-id.ts";
import { instantOf, parseLocalTime } from "./local-time.ts";
import type { Placement } from "./placement.ts";

/** What matching needs to know of a programme. */
export interface ProgrammeTimes {
  id: string;
  title: string;
  /** Titles by language; any of them matches too. */
  titles?: Record<string, string> | undefined;
  series?: string | undefined;
  startMs: number;
  endMs: number;
}

type ProgrammeWhen = Extract<Placement["when"], { kind: "programme" }>;

function matches(when: ProgrammeWhen, programme: ProgrammeTimes): boolean {
  const { match } = when;
  if ("programme" in match) return programme.id === match.programme;
  if ("series" in match) return programme.series === match.series;
  return programme.title === match.title || Object.values(programme.titles ?? {}).includes(match.title);
}

/** The moment that a rule gives within a programme, ms since the Unix epoch. */
function momentIn(when: ProgrammeWhen, programme: ProgrammeTimes): number {
  const { at } = when;
  if ("fraction" in at) {
    return Math.round(programme.startMs + (programme.endMs - programme.startMs) * at.fraction);
  }
  return (at.from === "start" ? programme.startMs : programme.endMs) + at.offsetMs;
}

function makeCue(placement: Placement, occurrence: string, atMs: number, programme?: string): Cue {
  const { prefetch, embargo } = placement;
  const cue: Cue = {
    id: formatCueId({ placement: placement.id, generation: placement.generation, occurrence }),
    atMs,
    untilMs: atMs + placement.windowMs,
    lateJoin: placement.lateJoin,
    interaction: placement.interaction,
    version: placement.version,
    priority: placement.priority,
  };
  if (programme !== undefined) cue.programme = programme;
  if (embargo) {
    cue.spreadMs = embargo.spreadMs;
  } else {
    const untilMs = Math.max(0, atMs - prefetch.guardMs);
    cue.fetch = { fromMs: Math.min(untilMs, Math.max(0, atMs - prefetch.leadMs)), untilMs };
  }
  if (placement.audience) cue.audience = placement.audience;
  return cue;
}

const inside = (cue: Cue, fromMs: number, untilMs: number) => cue.untilMs >= fromMs && cue.atMs < untilMs;

/**
 * Cues of a rule that needs no programme (`instant`, `cron`), the same on every channel of the placement.
 *
 * @returns those with `untilMs` >= `fromMs` and `atMs` < `untilMs`, by `atMs`; empty for programme rules
 * @throws {CuecastError} as `expandRule`
 */
export function expandTimed(placement: Placement, fromMs: number, untilMs: number): Cue[] {
  const { when } = placement;
  const except = new Set(placement.except);
  let cues: Cue[] = [];
  if (when.kind === "instant" && !except.has("once")) {
    cues = [makeCue(placement, "once", when.atMs)];
  } else if (when.kind === "cron") {
    const first = Math.max(fromMs - placement.windowMs, when.fromMs ?? 0);
    const end = Math.min(untilMs, when.untilMs ?? untilMs);
    if (first < end) {
      cues = expandRule(when.rule, when.zone, first, end)
        .filter((firing) => !except.has(firing.nominal))
        .map((firing) => makeCue(placement, firing.nominal, firing.atMs));
    }
  }
  return cues.filter((cue) => inside(cue, fromMs, untilMs));
}

/**
 * Cues of a programme rule on one channel.
 *
 * @param programmes of that channel, in any order
 * @returns as `expandTimed`; empty for rules that need no programme
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
  const cues: Cue[] = [];
  for (const programme of programmes) {
    const occurrence = `${programme.id}.0`;
    if (!matches(when, programme) || except.has(occurrence)) continue;
    const atMs = momentIn(when, programme);
    if (atMs < 0) continue;
    const cue = makeCue(placement, occurrence, atMs, programme.id);
    if (inside(cue, fromMs, untilMs)) cues.push(cue);
  }
  return cues.sort(compareCues);
}

/** The order of a schedule: `atMs`, priority (higher first), id. */
export function compareCues(a: Cue, b: Cue): number {
  return a.atMs - b.atMs || b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}

/**
 * The cue of an id, found through its placement and not through a window: for answers that arrive long after.
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
    const dot = occurrence.lastIndexOf(".");
    const programme =
      dot > 0 && occurrence.slice(dot) === ".0" ? programmeOf(occurrence.slice(0, dot)) : undefined;
    if (!programme || !matches(when, programme)) return undefined;
    return makeCue(placement, occurrence, momentIn(when, programme), programme.id);
  }
  const local = parseLocalTime(occurrence);
  if (!local) return undefined;
  if (!ruleNames(when.rule, local)) return undefined;
  return makeCue(placement, occurrence, instantOf(local, when.zone));
}
