/**
 * The cues of a publication's placements around an instant, as this region has them.
 *
 * They are settled for whole days: the span of a day reaches from the day before it to three days after, which
 * covers every window that begins within the day and a day of the past. What lies outside is found by a cue's
 * id, at a limited pace.
 */
import { INSTANT_MAX_MS } from "../../../shared/protocol/primitives.ts";
import type { Cue } from "../../../shared/protocol/schedule.ts";
import { channelsOf } from "../../../shared/schedule/channel-group.ts";
import { type ChannelHorizon, compileHorizon } from "../../../shared/schedule/channel-horizon.ts";
import { parseCueId } from "../../../shared/schedule/cue-id.ts";
import { expandProgrammes, expandTimed, locateCue } from "../../../shared/schedule/expand.ts";
import { parseLocalTime } from "../../../shared/schedule/local-time.ts";
import type { Placement } from "../../../shared/schedule/placement.ts";
import { createPlanner, type Planner } from "../../../shared/schedule/planner.ts";
import type { ProgrammeIndex } from "../../../shared/schedule/programme-index.ts";
import type { ProgrammeTimes } from "../../../shared/schedule/programme-rule.ts";
import type { Span } from "../../../shared/schedule/window.ts";
import type { PublicationView } from "./publication-view.ts";

const DAY_MS = 86_400_000;
const NO_CUES: readonly Cue[] = [];
/** Cue ids remembered, found or not; ids come from outside. */
const LOCATED_MAX = 20_000;
/** Far recurrences searched for an unknown id, a second: each takes 20 µs, and ids come from outside. */
const SEARCHES_PER_SECOND = 1000;
/** Recurrences this near are always searched. */
const NEAR_MS = 3 * DAY_MS;
/** How far ahead a rare recurrence is searched for its next moment, days: a leap day comes within eight years. */
const AHEAD_DAYS = [40, 400, 3000];

/** The span that is settled for an instant. */
export function spanAt(nowMs: number): Span {
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return { fromMs: dayMs - DAY_MS, untilMs: dayMs + 4 * DAY_MS };
}

export interface Moments {
  readonly planner: Planner;
  /** Cues of one channel over the span of an instant. */
  horizon(channel: string, nowMs: number): ChannelHorizon;
  /** A cue by its id: of any channel, near or long past; undefined when this publication has none. */
  cueOf(id: string, nowMs: number): Cue | undefined;
  /** Cues of a placement on every channel that matter to an embargo: over the span, and the next ones after it. */
  around(placement: Placement, nowMs: number): readonly Cue[];
  /** Placements whose rule cannot be expanded, in words. */
  troubles(): readonly string[];
}

/** An index that is made again when memory was wanted for other things: see guide.ts. */
function forgetful(make: () => ProgrammeIndex): ProgrammeIndex {
  let held: WeakRef<ProgrammeIndex> | undefined;
  const index = () => {
    let known = held?.deref();
    if (!known) {
      known = make();
      held = new WeakRef(known);
    }
    return known;
  };
  return {
    get programmes() {
      return index().programmes;
    },
    matching: (match) => index().matching(match),
  };
}

export function createMoments(view: PublicationView, region: string): Moments {
  const planner = createPlanner({
    placements: view.placements.values(),
    groups: view.groups,
    rules: view.rules.values(),
    region,
  });
  const indexes = new Map<string, ProgrammeIndex>();
  const located = new Map<string, Cue | undefined>();
  let searches = { second: 0, left: 0 };

  const indexOf = (channel: string) => {
    let index = indexes.get(channel);
    if (!index) {
      index = forgetful(() => planner.index(view.guides.get(channel)?.programmes() ?? []));
      indexes.set(channel, index);
    }
    return index;
  };

  /** Whether another search is within the pace. */
  const maySearch = (nowMs: number) => {
    const second = Math.floor(nowMs / 1000);
    if (searches.second !== second) searches = { second, left: SEARCHES_PER_SECOND };
    return searches.left-- > 0;
  };

  const isNear = (occurrence: string, nowMs: number) => {
    const local = parseLocalTime(occurrence);
    if (!local) return false;
    return Math.abs(Date.UTC(local.year, local.month - 1, local.day) - nowMs) < NEAR_MS;
  };

  const programmeOf = (placement: Placement) => (id: string) => {
    for (const channel of channelsOf(placement, view.groups)) {
      const programme = view.guides.get(channel)?.get(id);
      if (programme) return programme;
    }
    return undefined;
  };

  const timed = (placement: Placement, fromMs: number, untilMs: number) =>
    planner.guarded(placement, () => expandTimed(placement, fromMs, untilMs)) ?? [];

  const nextAhead = (placement: Placement, span: Span): readonly Cue[] => {
    const { when } = placement;
    if (when.kind === "instant") return expandTimed(placement, 0, INSTANT_MAX_MS);
    const fromMs = Math.max(span.untilMs, (when.kind === "cron" && when.fromMs) || 0);
    for (const days of AHEAD_DAYS) {
      const cues = timed(placement, fromMs, fromMs + days * DAY_MS);
      if (cues.length > 0) return cues;
    }
    return NO_CUES;
  };

  return {
    planner,
    horizon(channel, nowMs) {
      const { fromMs, untilMs } = spanAt(nowMs);
      return compileHorizon(planner, channel, indexOf(channel), fromMs, untilMs);
    },
    cueOf(id, nowMs) {
      const parts = parseCueId(id);
      const placement = parts && view.placements.get(parts.placement);
      // "Air again" withdraws the cues of the generation before it: they leave every screen, and with it whoever
      // might ask for their results. Answers to them are stored unjudged; central has the past publications.
      if (!placement || placement.generation !== parts.generation) return undefined;
      if (located.has(id)) return located.get(id);
      if (placement.when.kind === "cron" && !isNear(parts.occurrence, nowMs) && !maySearch(nowMs)) {
        return undefined;
      }
      const cue = locateCue(id, () => placement, programmeOf(placement));
      if (located.size >= LOCATED_MAX) located.clear();
      located.set(id, cue);
      return cue;
    },
    around(placement, nowMs) {
      const { when } = placement;
      if (when.kind === "programme") {
        return channelsOf(placement, view.groups).flatMap((channel) => {
          const { programmes, matching } = indexOf(channel);
          const meant = matching(when.match).map((place) => programmes[place] as ProgrammeTimes);
          return expandProgrammes(placement, meant, 0, INSTANT_MAX_MS);
        });
      }
      const span = spanAt(nowMs);
      const near = timed(placement, Math.max(0, span.fromMs), span.untilMs);
      if (near.some((cue) => cue.atMs >= span.fromMs + 2 * DAY_MS)) return near;
      return near.concat(nextAhead(placement, span));
    },
    troubles: planner.troubles,
  };
}
