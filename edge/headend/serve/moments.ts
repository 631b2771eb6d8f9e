/**
 * The cues of a publication's placements around an instant, each rule expanded once and not per channel.
 *
 * Expanding a recurrence is slow (cron-parser takes 130 µs or more a firing), so it is done for whole days:
 * the span of a day reaches from the day before it to three days after, which covers every window that
 * begins within the day and a day of the past. What lies outside is found by a cue's id, at a limited pace.
 */
import { errorMessage } from "../../../shared/errors.ts";
import { INSTANT_MAX_MS } from "../../../shared/protocol/primitives.ts";
import type { Cue } from "../../../shared/protocol/schedule.ts";
import { parseCueId } from "../../../shared/schedule/cue-id.ts";
import { expandProgrammes, expandTimed, locateCue } from "../../../shared/schedule/expand.ts";
import type { Placement } from "../../../shared/schedule/placement.ts";
import type { PublicationView } from "./publication-view.ts";

const DAY_MS = 86_400_000;
const NO_CUES: readonly Cue[] = [];
/** Cue ids remembered, found or not; ids come from outside. */
const LOCATED_MAX = 20_000;
/** Recurrences searched for an unknown id, a second: each may take 1 ms, and ids come from outside. */
const SEARCHES_PER_SECOND = 50;
/** How far ahead a rare recurrence is searched for its next moment, days: a leap day comes within eight years. */
const AHEAD_DAYS = [40, 400, 3000];

export interface Span {
  fromMs: number;
  untilMs: number;
}

/** The span that is expanded for an instant. */
export function spanAt(nowMs: number): Span {
  const dayMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  return { fromMs: dayMs - DAY_MS, untilMs: dayMs + 4 * DAY_MS };
}

export interface Moments {
  /** Cues of one channel over the span of an instant, in no order. */
  ofChannel(channel: string, nowMs: number): readonly Cue[];
  /** A cue by its id: of any channel, near or long past; undefined when this publication has none. */
  cueOf(id: string, nowMs: number): Cue | undefined;
  /** Cues of a placement on every channel that matter to an embargo: over the span, and the next ones after it. */
  around(placement: Placement, nowMs: number): readonly Cue[];
  /** Placements whose rule cannot be expanded, in words. */
  troubles(): readonly string[];
}

export function createMoments(view: PublicationView): Moments {
  const byChannel = new Map<string, Placement[]>();
  for (const placement of view.placements.values()) {
    for (const channel of placement.channels) {
      const list = byChannel.get(channel);
      if (list) list.push(placement);
      else byChannel.set(channel, [placement]);
    }
  }
  const programmes = new Map([...view.guides].map(([channel, guide]) => [channel, [...guide.values()]]));
  let spanFromMs = Number.NaN;
  let timed = new Map<string, ReadonlyMap<string, Cue>>();
  const located = new Map<string, Cue | undefined>();
  const troubles = new Map<string, string>();
  let searches = { second: 0, left: 0 };

  const guarded = (placement: Placement, expand: () => Cue[]): readonly Cue[] => {
    try {
      return expand();
    } catch (error) {
      troubles.set(placement.id, `placement ${placement.id}: ${errorMessage(error)}`);
      return NO_CUES;
    }
  };

  const timedOf = (placement: Placement, span: Span): ReadonlyMap<string, Cue> => {
    if (span.fromMs !== spanFromMs) {
      spanFromMs = span.fromMs;
      timed = new Map();
      located.clear();
    }
    let cues = timed.get(placement.id);
    if (!cues) {
      const list = guarded(placement, () => expandTimed(placement, Math.max(0, span.fromMs), span.untilMs));
      cues = new Map(list.map((cue) => [cue.id, cue]));
      timed.set(placement.id, cues);
    }
    return cues;
  };

  const programmeCues = (placement: Placement, channel: string, fromMs: number, untilMs: number) => {
    const list = programmes.get(channel);
    if (!list) return NO_CUES;
    return guarded(placement, () => expandProgrammes(placement, list, fromMs, untilMs));
  };

  /** Whether another search is within the pace. */
  const maySearch = (nowMs: number) => {
    const second = Math.floor(nowMs / 1000);
    if (searches.second !== second) searches = { second, left: SEARCHES_PER_SECOND };
    return searches.left-- > 0;
  };

  const programmeOf = (placement: Placement) => (id: string) => {
    for (const channel of placement.channels) {
      const programme = view.guides.get(channel)?.get(id);
      if (programme) return programme;
    }
    return undefined;
  };

  const nextAhead = (placement: Placement, span: Span): readonly Cue[] => {
    const { when } = placement;
    if (when.kind === "instant") return expandTimed(placement, 0, INSTANT_MAX_MS);
    const fromMs = Math.max(span.untilMs, (when.kind === "cron" && when.fromMs) || 0);
    for (const days of AHEAD_DAYS) {
      const cues = guarded(placement, () => expandTimed(placement, fromMs, fromMs + days * DAY_MS));
      if (cues.length > 0) return cues;
    }
    return NO_CUES;
  };

  return {
    ofChannel(channel, nowMs) {
      const span = spanAt(nowMs);
      const cues: Cue[] = [];
      for (const placement of byChannel.get(channel) ?? []) {
        if (placement.when.kind === "programme") {
          for (const cue of programmeCues(placement, channel, span.fromMs, span.untilMs)) cues.push(cue);
        } else {
          for (const cue of timedOf(placement, span).values()) cues.push(cue);
        }
      }
      return cues;
    },
    cueOf(id, nowMs) {
      const parts = parseCueId(id);
      const placement = parts && view.placements.get(parts.placement);
      if (!placement || placement.generation !== parts.generation) return undefined;
      const near = timedOf(placement, spanAt(nowMs)).get(id);
      if (near) return near;
      if (located.has(id)) return located.get(id);
      if (placement.when.kind === "cron" && !maySearch(nowMs)) return undefined;
      const cue = locateCue(id, () => placement, programmeOf(placement));
      if (located.size >= LOCATED_MAX) located.clear();
      located.set(id, cue);
      return cue;
    },
    around(placement, nowMs) {
      if (placement.when.kind === "programme") {
        return placement.channels.flatMap((channel) => programmeCues(placement, channel, 0, INSTANT_MAX_MS));
      }
      const span = spanAt(nowMs);
      const near = [...timedOf(placement, span).values()];
      if (near.some((cue) => cue.atMs >= span.fromMs + 2 * DAY_MS)) return near;
      return near.concat(nextAhead(placement, span));
    },
    troubles: () => [...troubles.values()],
  };
}
