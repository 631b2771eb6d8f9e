/**
 * What one channel shows over a horizon: every cue that appears and is open somewhere in it, ready to be cut into
 * the windows that boxes get. `channel-cues.ts` goes by moments; here a cue counts as long as it may begin.
 */
import type { Cue } from "../protocol/schedule.ts";
import { type ChannelCues, compileCues } from "./channel-cues.ts";
import { compareCues } from "./cue.ts";
import { APPEARS, firstRowAt } from "./cue-rows.ts";
import type { PlannedPlacement, Planner } from "./planner.ts";
import type { ProgrammeIndex } from "./programme-index.ts";
import { momentsIn, type ProgrammeTimes } from "./programme-rule.ts";
import { REASONS, type Reason } from "./reason.ts";
import type { TextRoom } from "./text-room.ts";
import { nearSpanOf, type Span } from "./window.ts";

export interface ChannelHorizon {
  readonly fromMs: number;
  readonly untilMs: number;
  /** Those with `untilMs` >= `fromMs` and `atMs` < `untilMs`, in the order of a schedule; within the horizon. */
  cues(fromMs: number, untilMs: number): Cue[];
  /** Writes the same as JSON, separated by commas. */
  writeCues(room: TextRoom, fromMs: number, untilMs: number): void;
  /**
   * When boxes must ask more often, in order, those that touch made one.
   *
   * @param durationMs how long an interaction stays on the screen
   */
  near(durationMs: (interaction: string, version: number) => number): Span[];
  /** How many do not appear, by reason, with moments in a span within the horizon. */
  suppressed(fromMs: number, untilMs: number): Partial<Record<Reason, number>>;
}

const DAY_MS = 86_400_000;
/** Windows up to this need no looking back, ms: the horizon is compiled from so long before it. */
const BACK_MS = DAY_MS;
/** Most days that are looked back to for cues whose windows are longer than that. */
const LOOK_BACK_DAYS_MAX = 400;

export function compileHorizon(
  planner: Planner,
  channel: string,
  programmes: ProgrammeIndex,
  fromMs: number,
  untilMs: number,
): ChannelHorizon {
  const main = compileCues(planner, channel, programmes, fromMs - BACK_MS, untilMs);
  const pieces = [...lookBack(planner, channel, programmes, fromMs), main];
  const longestMs = planner
    .on(channel)
    .reduce((most, { placement }) => Math.max(most, placement.windowMs), 0);

  /** Those that appear. */
  function eachRow(fromRowMs: number, untilRowMs: number, visit: (piece: ChannelCues, row: number) => void) {
    for (const piece of pieces) {
      const end = firstRowAt(piece.rows, untilRowMs);
      for (let row = firstRowAt(piece.rows, fromRowMs); row < end; row++)
        if (piece.rows.fate[row] === APPEARS) visit(piece, row);
    }
  }

  const cues = (windowFromMs: number, windowUntilMs: number): Cue[] => {
    const found: Cue[] = [];
    eachRow(windowFromMs - longestMs, windowUntilMs, (piece, row) => {
      if (piece.untilMs(row) >= windowFromMs) found.push(piece.cue(row));
    });
    return pieces.length > 1 ? found.sort(compareCues) : found;
  };

  return {
    fromMs,
    untilMs,
    cues,
    writeCues(room, windowFromMs, windowUntilMs) {
      // Long windows are rare: cues of several pieces are put in order as objects.
      if (pieces.length > 1) {
        const all = cues(windowFromMs, windowUntilMs);
        return room.text(all.map((cue) => JSON.stringify(cue)).join(","));
      }
      const first = firstRowAt(main.rows, windowFromMs - longestMs);
      main.write(room, first, firstRowAt(main.rows, windowUntilMs), windowFromMs);
    },
    near(durationMs) {
      const spans: Span[] = [];
      eachRow(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, (piece, row) => {
        const { placement } = piece.planned(row);
        const stayMs = durationMs(placement.interaction, placement.version);
        spans.push(nearSpanOf(placement, piece.rows.atMs[row] as number, piece.untilMs(row), stayMs));
      });
      return mergeSpans(spans);
    },
    suppressed(spanFromMs, spanUntilMs) {
      const counts: Partial<Record<Reason, number>> = {};
      const end = firstRowAt(main.rows, spanUntilMs);
      for (let row = firstRowAt(main.rows, spanFromMs); row < end; row++) {
        const fate = main.rows.fate[row] as number;
        const reason = REASONS[fate - 1];
        if (reason) counts[reason] = (counts[reason] ?? 0) + 1;
      }
      return counts;
    },
  };
}

/** Cues from before the main piece whose windows reach into the horizon: the days on which such ones begin. */
function lookBack(
  planner: Planner,
  channel: string,
  programmes: ProgrammeIndex,
  fromMs: number,
): ChannelCues[] {
  const beforeMs = fromMs - BACK_MS;
  const days = new Set<number>();
  for (const planned of planner.on(channel)) {
    const { windowMs } = planned.placement;
    if (windowMs <= BACK_MS) continue;
    const earliestMs = Math.max(0, fromMs - windowMs);
    for (const atMs of momentsOf(planner, planned, programmes, earliestMs, beforeMs)) {
      days.add(Math.floor(atMs / DAY_MS));
    }
  }
  const pieces: ChannelCues[] = [];
  for (const day of [...days]
    .sort((a, b) => b - a)
    .slice(0, LOOK_BACK_DAYS_MAX)
    .reverse()) {
    const untilMs = Math.min(beforeMs, (day + 1) * DAY_MS);
    pieces.push(compileCues(planner, channel, programmes, day * DAY_MS, untilMs));
  }
  return pieces;
}

function momentsOf(
  planner: Planner,
  { placement }: PlannedPlacement,
  { programmes, matching }: ProgrammeIndex,
  fromMs: number,
  untilMs: number,
): number[] {
  const { when } = placement;
  if (when.kind === "programme") {
    return matching(when.match)
      .flatMap((place) => momentsIn(when, programmes[place] as ProgrammeTimes))
      .map(({ atMs }) => atMs)
      .filter((atMs) => atMs >= fromMs && atMs < untilMs);
  }
  const found = planner.guarded(placement, () => planner.timed.of(placement, fromMs, untilMs));
  return found ? found.list.firings.slice(found.first, found.end).map(({ atMs }) => atMs) : [];
}

function mergeSpans(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.sort((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last && span.fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, span.untilMs);
    else merged.push(span);
  }
  return merged;
}
