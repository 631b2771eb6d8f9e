/**
 * The cues of one channel over a span, settled: which appear, and which are suppressed and why.
 *
 * The span is by moments, and may be cut anywhere: blackouts and shortened programmes are matters of one cue
 * alone, and the contest (contest.ts) is settled with as much around the span as its reasons can reach, so
 * whoever compiles a span that holds a moment finds the same fate for its cue.
 */
import type { Cue } from "../protocol/schedule.ts";
import type { Blackouts } from "./blackouts.ts";
import type { ChannelLimits } from "./channel-rule.ts";
import { LEVELS_MAX, lookAround, settle } from "./contest.ts";
import type { Firing } from "./cron.ts";
import { makeCue, occurrenceOf } from "./cue.ts";
import { APPEARS, arranged, type CueRows, firstRowAt, NOBODY, orderRows, type RowDraft } from "./cue-rows.ts";
import { type CueText, createCueText } from "./cue-text.ts";
import type { Placement } from "./placement.ts";
import type { PlannedPlacement, Planner } from "./planner.ts";
import type { ProgrammeIndex } from "./programme-index.ts";
import { momentsIn, type ProgrammeTimes, takesAiring } from "./programme-rule.ts";
import { REASONS, type Reason, type Suppression } from "./reason.ts";
import type { TextRoom } from "./text-room.ts";
import type { FiringList } from "./timed-firings.ts";
import type { Span } from "./window.ts";

const FATE = Object.fromEntries(REASONS.map((reason, place) => [reason, place + 1])) as Record<
  Reason,
  number
>;

export interface ChannelCues {
  /** `lostTo` names rows that may stand beside the span: ask `suppression()`. */
  readonly rows: CueRows;
  id(row: number): string;
  /** As boxes get it, if it appears. */
  cue(row: number): Cue;
  /**
   * Writes cues as `cue()` gives them as JSON, those that appear and may still begin at an instant, separated by commas.
   *
   * @param first of rows; `end` is not among them
   */
  write(room: TextRoom, first: number, end: number, openAtMs: number): void;
  /** Last instant at which it may begin: its window's, or just before the next blackout. */
  untilMs(row: number): number;
  planned(row: number): PlannedPlacement;
  /** Why it does not appear; undefined when it does. */
  suppression(row: number): Suppression | undefined;
}

/** @param fromMs `fromMs` <= `atMs` < `untilMs` of all rows */
export function compileCues(
  planner: Planner,
  channel: string,
  programmes: ProgrammeIndex,
  fromMs: number,
  untilMs: number,
): ChannelCues {
  const limits = planner.limits(channel);
  const blackouts = planner.blackouts(channel, programmes);
  const contested = limits.gapMs > 0 || limits.perHourMost !== Number.POSITIVE_INFINITY;
  const draft = planner.draft;
  draft.clear();
  const lists = new Map<number, FiringList>();
  const own = planner.on(channel);
  const span = contested ? contestedSpan(own, limits, { fromMs, untilMs }) : { fromMs, untilMs };
  for (const place of own.keys()) {
    gather(planner, own, place, programmes, Math.max(0, span.fromMs), span.untilMs, draft, lists);
  }
  const view = viewOf(own, programmes, lists, blackouts, limits);
  const order = orderRows(
    draft,
    (place) => (own[place] as PlannedPlacement).placement.priority,
    (a, b) => view.compareIds(draft, a, b),
  );
  const rows = arranged(draft, order);
  if (blackouts.spans.length > 0) blackOut(rows, blackouts);
  if (contested) contest(own, rows, limits);
  return view.of(rows, fromMs, untilMs);
}

/** As much around a span as decides it: the more priorities may have a say in it, the more. */
function contestedSpan(own: readonly PlannedPlacement[], limits: ChannelLimits, span: Span): Span {
  let levels = 1;
  for (;;) {
    const around = lookAround(span, limits, levels);
    const found = new Set<number>();
    for (const { placement } of own) if (mayFire(placement, around)) found.add(placement.priority);
    if (found.size <= levels || levels >= LEVELS_MAX) return around;
    levels = found.size;
  }
}

/** False for what is over, or comes later: years of single instants may be kept. */
function mayFire({ when }: Placement, { fromMs, untilMs }: Span): boolean {
  if (when.kind === "instant") return when.atMs >= fromMs && when.atMs < untilMs;
  if (when.kind === "cron") return (when.fromMs ?? fromMs) < untilMs && (when.untilMs ?? untilMs) > fromMs;
  return true;
}

/** Adds the rows of one placement whose moments lie within a span. */
function gather(
  planner: Planner,
  own: readonly PlannedPlacement[],
  place: number,
  { programmes, matching }: ProgrammeIndex,
  fromMs: number,
  untilMs: number,
  draft: RowDraft,
  lists: Map<number, FiringList>,
): void {
  const { placement, except } = own[place] as PlannedPlacement;
  const { when } = placement;
  const someWithdrawn = except.size > 0;
  if (when.kind === "programme") {
    for (const source of matching(when.match)) {
      const programme = programmes[source] as ProgrammeTimes;
      if (!takesAiring(when, programme)) continue;
      for (const { index, atMs, stands } of momentsIn(when, programme)) {
        if (atMs < fromMs || atMs >= untilMs) continue;
        const withdrawn = someWithdrawn && except.has(occurrenceOf(programme.id, index));
        const fate = stands ? APPEARS : FATE["outside-programme"];
        draft.add(atMs, place, source, index, withdrawn ? FATE.withdrawn : fate);
      }
    }
    return;
  }
  const found = planner.guarded(placement, () => planner.timed.of(placement, fromMs, untilMs));
  if (!found) return;
  const { list, first, end } = found;
  lists.set(place, list);
  for (let source = first; source < end; source++) {
    const { nominal, atMs } = list.firings[source] as Firing;
    draft.add(atMs, place, source, 0, someWithdrawn && except.has(nominal) ? FATE.withdrawn : APPEARS);
  }
}

function blackOut(rows: CueRows, blackouts: Blackouts): void {
  for (let row = 0; row < rows.count; row++) {
    if (rows.fate[row] === APPEARS && blackouts.at(rows.atMs[row] as number)) {
      rows.fate[row] = FATE.blackout;
    }
  }
}

function contest(own: readonly PlannedPlacement[], rows: CueRows, limits: ChannelLimits): void {
  const { atMs, placement, fate, lostTo } = rows;
  settle(
    {
      count: rows.count,
      atMs: (row) => atMs[row] as number,
      priority: (row) => (own[placement[row] as number] as PlannedPlacement).placement.priority,
      takesPart: (row) => fate[row] === APPEARS,
    },
    limits,
    (row, to, why) => {
      fate[row] = FATE[why];
      lostTo[row] = to;
    },
  );
}

/**
 * How rows become words and cues again. Holds nothing of the planner, which it may outlive, and of programmes
 * only the index, which may forget and read them again.
 */
function viewOf(
  own: readonly PlannedPlacement[],
  index: ProgrammeIndex,
  lists: ReadonlyMap<number, FiringList>,
  blackouts: Blackouts,
  limits: ChannelLimits,
) {
  const plannedAt = (rows: CueRows, row: number) => own[rows.placement[row] as number] as PlannedPlacement;
  const programmeAt = (rows: CueRows, row: number) => index.programmes[rows.source[row] as number];
  const occurrence = (rows: CueRows, row: number) => {
    if (plannedAt(rows, row).placement.when.kind === "programme") {
      return occurrenceOf(programmeAt(rows, row)?.id ?? "", rows.index[row] as number);
    }
    const list = lists.get(rows.placement[row] as number);
    return list?.firings[rows.source[row] as number]?.nominal ?? "";
  };

  return {
    compareIds(rows: CueRows, a: number, b: number): number {
      const ranks = plannedAt(rows, a).rank - plannedAt(rows, b).rank;
      if (ranks !== 0) return ranks;
      const [one, other] = [occurrence(rows, a), occurrence(rows, b)];
      return one < other ? -1 : one > other ? 1 : 0;
    },

    /** @param all with the days beside the span */
    of(all: CueRows, fromMs: number, untilMs: number): ChannelCues {
      const first = firstRowAt(all, fromMs);
      const end = firstRowAt(all, untilMs);
      const inside = first > 0 || end < all.count;
      const rows = inside ? slice(all, first, end) : all;
      const at = (row: number) => rows.atMs[row] as number;
      const untilOf = (row: number) => {
        const endMs = at(row) + plannedAt(rows, row).placement.windowMs;
        return Math.min(endMs, blackouts.nextMs(at(row)) - 1);
      };
      const cue = (row: number): Cue => {
        const { placement } = plannedAt(rows, row);
        const inProgramme = placement.when.kind === "programme";
        const programme = inProgramme ? programmeAt(rows, row)?.id : undefined;
        const made = makeCue(placement, occurrence(rows, row), at(row), programme);
        if (rows.fate[row] === APPEARS) made.untilMs = untilOf(row);
        return made;
      };
      const write = (room: TextRoom, from: number, to: number, openAtMs: number) => {
        const writers = new Map<number, CueText>();
        let written = false;
        for (let row = from; row < to; row++) {
          if (rows.fate[row] !== APPEARS) continue;
          const lastMs = untilOf(row);
          if (lastMs < openAtMs) continue;
          const place = rows.placement[row] as number;
          const { placement } = plannedAt(rows, row);
          let writeOne = writers.get(place);
          if (!writeOne) {
            writeOne = createCueText(placement);
            writers.set(place, writeOne);
          }
          const programme = placement.when.kind === "programme" ? programmeAt(rows, row)?.id : undefined;
          if (written) room.ascii(",");
          writeOne(room, occurrence(rows, row), at(row), lastMs, programme);
          written = true;
        }
      };
      return {
        rows,
        cue,
        write,
        id: (row) => cue(row).id,
        untilMs: untilOf,
        planned: (row) => plannedAt(rows, row),
        suppression(row) {
          const fate = rows.fate[row] as number;
          if (fate === APPEARS) return undefined;
          const reason = REASONS[fate - 1] as Reason;
          const suppression: Suppression = { reason };
          if (reason === "blackout") {
            const span = blackouts.at(at(row));
            if (span) Object.assign(suppression, span);
          }
          if (reason === "gap" || reason === "hour-limit") {
            const rule = reason === "gap" ? limits.gapRule : limits.perHourRule;
            if (rule !== undefined) suppression.rule = rule;
            // The winner may stand beside the span: asked among all.
            const to = all.lostTo[row + (inside ? first : 0)] as number;
            if (to !== NOBODY) {
              suppression.to = winnerId(all, to);
              suppression.toAtMs = all.atMs[to] as number;
            }
          }
          return suppression;
        },
      };
    },
  };

  function winnerId(rows: CueRows, row: number): string {
    return makeCue(plannedAt(rows, row).placement, occurrence(rows, row), 0).id;
  }
}

function slice(rows: CueRows, first: number, end: number): CueRows {
  return {
    count: end - first,
    atMs: rows.atMs.subarray(first, end),
    placement: rows.placement.subarray(first, end),
    source: rows.source.subarray(first, end),
    index: rows.index.subarray(first, end),
    fate: rows.fate.subarray(first, end),
    lostTo: rows.lostTo.subarray(first, end),
  };
}
