/**
 * One channel's schedule, ready to send. The body depends on the channel's inputs, the hour, and whether a
 * cue is near (then boxes ask more often); each is made when it is first asked for, or ahead of its hour, and
 * kept while it holds.
 */
import type { ScheduleProgramme } from "../../../shared/protocol/schedule.ts";
import type { ChannelHorizon } from "../../../shared/schedule/channel-horizon.ts";
import type { Reason } from "../../../shared/schedule/reason.ts";
import type { TextRoom } from "../../../shared/schedule/text-room.ts";
import {
  HOUR_MS,
  REFRESH_MS,
  REFRESH_NEAR_MS,
  type Span,
  windowAt,
  writeSchedule,
} from "../../../shared/schedule/window.ts";
import type { CachedBody } from "./cached-body.ts";
import { spanAt } from "./moments.ts";

export interface ChannelSource {
  channel: string;
  epoch: number;
  revision: number;
  /** Asked for when a body is made. */
  programmes(): readonly ScheduleProgramme[];
  /** Everything that decides the schedule, by identity: a source with the same gives the same bytes. */
  inputs: readonly unknown[];
  /** Cues over the span of an instant. */
  horizon(nowMs: number): ChannelHorizon;
  /** How long an interaction stays on the screen, ms. */
  durationMs(interaction: string, version: number): number;
}

export interface ChannelView {
  /** The schedule at an instant of the edge's clock. */
  scheduleAt(nowMs: number): CachedBody;
  /** Whether `scheduleAt` of this instant would give it, as it gave it last. */
  isCurrent(body: CachedBody, nowMs: number): boolean;
  /** When the box that got the last one is to ask again, ms. */
  refreshMs(): number;
  /** Makes what `scheduleAt` will need at an instant ahead, in three turns; what is sent now stays. */
  readGuide(aheadMs: number): void;
  settle(aheadMs: number): void;
  prepare(aheadMs: number): void;
  /** Whether anybody asked for this channel in the hour of an instant. */
  isAsked(nowMs: number): boolean;
  /** Cues of the window at an instant that are suppressed, by reason; undefined before anything was made. */
  suppressed(nowMs: number): Partial<Record<Reason, number>> | undefined;
  /**
   * Goes on with a new source when it gives the same bytes, and so keeps all that was made.
   *
   * @returns whether it does
   */
  adopt(source: ChannelSource): boolean;
}

/** @param write puts the body's text into the room that it is given */
export type MakeBody = (write: (room: TextRoom) => void, channel: string) => CachedBody;

interface Settled {
  spanFromMs: number;
  horizon: ChannelHorizon;
  near: NearSpans;
}

/**
 * When a cue is near: from, until, from, until, … As numbers, for a channel has hundreds, and a region's as objects
 * would be most of what a collection of garbage has to walk through.
 */
type NearSpans = Float64Array;

function nearSpans(spans: readonly Span[]): NearSpans {
  const made = new Float64Array(2 * spans.length);
  for (let place = 0; place < spans.length; place++) {
    const { fromMs, untilMs } = spans[place] as Span;
    made[2 * place] = fromMs;
    made[2 * place + 1] = untilMs;
  }
  return made;
}

interface Hour {
  fromMs: number;
  /** Near and not. */
  bodies: Map<boolean, CachedBody>;
}

/** Whether a cue is near at an instant, and until when that stays so. Both ends of a span belong to it. */
function nearAt(spans: NearSpans, nowMs: number): { near: boolean; untilMs: number } {
  for (let place = 0; place < spans.length; place += 2) {
    const fromMs = spans[place] as number;
    const untilMs = spans[place + 1] as number;
    if (nowMs < fromMs) return { near: false, untilMs: fromMs };
    if (nowMs <= untilMs) return { near: true, untilMs: untilMs + 1 };
  }
  return { near: false, untilMs: Number.POSITIVE_INFINITY };
}

const same = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === b.length && a.every((each, place) => each === b[place]);

/**
 * @param makeBody makes a schedule's JSON, as it is written, ready to be sent. A view outlives the publication that it was
 *   made for: it must hold nothing of one
 */
export function createChannelView(first: ChannelSource, makeBody: MakeBody): ChannelView {
  let source = first;
  /** Today's, and around midnight tomorrow's. */
  let settled: Settled[] = [];
  /** What is sent now: from `fromMs`, before `untilMs`. */
  let current: { fromMs: number; untilMs: number; body: CachedBody; near: boolean } | undefined;
  /** This hour's and, shortly before its end, the next one's. */
  let hours: Hour[] = [];
  let askedMs = Number.NEGATIVE_INFINITY;

  const knownAt = (nowMs: number) => {
    const { fromMs } = spanAt(nowMs);
    return settled.find((each) => each.spanFromMs === fromMs);
  };

  const settledAt = (nowMs: number) => {
    let found = knownAt(nowMs);
    if (!found) {
      const horizon = source.horizon(nowMs);
      found = { spanFromMs: spanAt(nowMs).fromMs, horizon, near: nearSpans(horizon.near(source.durationMs)) };
      settled = [...settled.slice(-1), found];
    }
    return found;
  };

  const bodyAt = (nowMs: number): { body: CachedBody; near: boolean; untilMs: number } => {
    const { horizon, near: spans } = settledAt(nowMs);
    const window = windowAt(nowMs);
    const { near, untilMs } = nearAt(spans, nowMs);
    let hour = hours.find((each) => each.fromMs === window.fromMs);
    if (!hour) {
      hour = { fromMs: window.fromMs, bodies: new Map() };
      hours = [...hours.slice(-1), hour];
    }
    let body = hour.bodies.get(near);
    if (!body) {
      const { channel, epoch, revision, programmes } = source;
      const inputs = { channel, epoch, revision, programmes: programmes() };
      body = makeBody((room) => {
        const writeCues = () => horizon.writeCues(room, window.fromMs, window.untilMs);
        writeSchedule(room, inputs, writeCues, window, near ? REFRESH_NEAR_MS : REFRESH_MS);
      }, channel);
      hour.bodies.set(near, body);
    }
    return { body, near, untilMs: Math.min(untilMs, window.fromMs + HOUR_MS) };
  };

  // A clock that was set back falls below `fromMs` and is answered anew.
  const currentAt = (nowMs: number) =>
    current && nowMs >= current.fromMs && nowMs < current.untilMs ? current.body : undefined;

  return {
    isCurrent: (body, nowMs) => currentAt(nowMs) === body,
    scheduleAt(nowMs) {
      const kept = currentAt(nowMs);
      if (kept) return kept;
      const { body, near, untilMs } = bodyAt(nowMs);
      current = { fromMs: nowMs, untilMs, body, near };
      askedMs = nowMs;
      return body;
    },
    readGuide(aheadMs) {
      // It is at hand for the next turn, unless another channel's is needed in between: then it is read again.
      if (!knownAt(aheadMs)) source.programmes();
    },
    settle(aheadMs) {
      settledAt(aheadMs);
    },
    prepare(aheadMs) {
      bodyAt(aheadMs);
    },
    isAsked: (nowMs) => windowAt(askedMs).fromMs === windowAt(nowMs).fromMs,
    suppressed(nowMs) {
      const window = windowAt(nowMs);
      return knownAt(nowMs)?.horizon.suppressed(window.fromMs, window.untilMs);
    },
    adopt(next) {
      const adopted =
        next.epoch === source.epoch && next.revision === source.revision && same(next.inputs, source.inputs);
      if (adopted) source = next;
      return adopted;
    },
    refreshMs: () => (current?.near ? REFRESH_NEAR_MS : REFRESH_MS),
  };
}
