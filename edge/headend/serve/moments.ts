/**
 * The cues of a publication's placements around an instant, as this region has them.
 *
 * They are settled for whole days: the span of a day reaches from the day before it to three days after, which
 * covers every window that begins within the day and a day of the past. What lies outside is found by a cue's
 * id, at a limited pace.
 */
import { INSTANT_MAX_MS } from "../../../shared/protocol/primitives.ts";
import type { Cue } from "../../../shared/protocol/schedule.ts";
import { interactionKey } from "../../../shared/publication/entries.ts";
import { channelsOf } from "../../../shared/schedule/channel-group.ts";
import { type ChannelHorizon, compileHorizon } from "../../../shared/schedule/channel-horizon.ts";
import { parseCueId } from "../../../shared/schedule/cue-id.ts";
import { expandProgrammes, expandTimed, locateCue } from "../../../shared/schedule/expand.ts";
import { parseLocalTime } from "../../../shared/schedule/local-time.ts";
import type { Placement } from "../../../shared/schedule/placement.ts";
import { createPlanner, type Planner } from "../../../shared/schedule/planner.ts";
import type { ProgrammeTimes } from "../../../shared/schedule/programme-rule.ts";
import type { Span } from "../../../shared/schedule/window.ts";
import type { GuideIndexes } from "./guide-index.ts";
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
  /** A channel's, by start. */
  programmes(channel: string): readonly ProgrammeTimes[];
  /** Cues of one channel over the span of an instant. */
  horizon(channel: string, nowMs: number): ChannelHorizon;
  /** A cue by its id: of any channel, near or long past; undefined when this publication has none. */
  cueOf(id: string, nowMs: number): Cue | undefined;
  /** Cues of a placement on every channel that matter to an embargo: over the span, and the next ones after it. */
  around(placement: Placement, nowMs: number): readonly Cue[];
  /** Placements whose rule cannot be expanded, in words. */
  troubles(): readonly string[];
}

/** Placements by programmes of versions that some placement withholds until its moment. */
function embargoedPlacements({ placements }: PublicationView): Map<Placement, Map<string, readonly Cue[]>> {
  const keyOf = ({ interaction, version }: Placement) => interactionKey(interaction, version);
  const all = [...placements.values()];
  const keys = new Set(all.filter(({ embargo }) => embargo).map(keyOf));
  const found = all.filter((each) => each.when.kind === "programme" && keys.has(keyOf(each)));
  return new Map(found.map((placement) => [placement, new Map()]));
}

export function createMoments(view: PublicationView, region: string, indexes: GuideIndexes): Moments {
  const planner = createPlanner({
    placements: view.placements.values(),
    groups: view.groups,
    rules: view.rules.values(),
    region,
  });
  const indexOf = (channel: string) => indexes(view.guides.get(channel));
  /** Programme rules whose cues decide an embargo, and those cues on each channel, once they were looked for. */
  const withheld = embargoedPlacements(view);
  const located = new Map<string, Cue | undefined>();
  let searches = { second: 0, left: 0 };

  const cuesOn = (placement: Placement, channel: string): readonly Cue[] => {
    const known = withheld.get(placement)?.get(channel);
    if (known) return known;
    const cues = expandProgrammes(placement, meantBy(placement, channel), 0, INSTANT_MAX_MS);
    withheld.get(placement)?.set(channel, cues);
    return cues;
  };

  const meantBy = ({ when }: Placement, channel: string): readonly ProgrammeTimes[] => {
    if (when.kind !== "programme") return [];
    if ("programme" in when.match) {
      const programme = view.guides.get(channel)?.get(when.match.programme);
      return programme ? [programme] : [];
    }
    const { programmes, matching } = indexOf(channel);
    return matching(when.match).map((place) => programmes[place] as ProgrammeTimes);
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
    programmes: (channel) => indexOf(channel).programmes,
    horizon(channel, nowMs) {
      const { fromMs, untilMs } = spanAt(nowMs);
      const horizon = compileHorizon(planner, channel, indexOf(channel), fromMs, untilMs);
      // While its guide is at hand: whoever asks about an embargo must not wait for all guides to be read.
      for (const { placement } of planner.on(channel))
        if (withheld.has(placement)) cuesOn(placement, channel);
      return horizon;
    },
    cueOf(id, nowMs) {
      const known = located.get(id);
      if (known) return known;
      const parts = parseCueId(id);
      const placement = parts && view.placements.get(parts.placement);
      // "Air again" withdraws the cues of the generation before it: they leave every screen, and with it whoever
      // might ask for their results. Answers to them are stored unjudged; central has the past publications.
      if (!placement || placement.generation !== parts.generation) return undefined;
      if (placement.except?.includes(parts.occurrence)) return undefined;
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
        return channelsOf(placement, view.groups).flatMap((channel) => cuesOn(placement, channel));
      }
      const span = spanAt(nowMs);
      const near = timed(placement, Math.max(0, span.fromMs), span.untilMs);
      if (near.some((cue) => cue.atMs >= span.fromMs + 2 * DAY_MS)) return near;
      return near.concat(nextAhead(placement, span));
    },
    troubles: planner.troubles,
  };
}
