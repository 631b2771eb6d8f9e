/**
 * One channel's schedule, ready to send. The body depends on the channel's inputs, the hour, and whether a
 * cue is near (then boxes ask more often); each is made when it is first asked for, and kept while it holds.
 */
import type { Cue, ScheduleProgramme } from "../../../shared/protocol/schedule.ts";
import {
  HOUR_MS,
  makeSchedule,
  nearSpan,
  REFRESH_MS,
  REFRESH_NEAR_MS,
  windowAt,
} from "../../../shared/schedule/window.ts";
import type { CachedBody } from "./cached-body.ts";
import { type Span, spanAt } from "./moments.ts";

export interface ChannelSource {
  channel: string;
  epoch: number;
  revision: number;
  programmes: readonly ScheduleProgramme[];
  /** Cues over the span of an instant. */
  cuesAt(nowMs: number): readonly Cue[];
  /** How long a cue's interaction stays on the screen, ms. */
  durationMs(cue: Cue): number;
}

export interface ChannelView {
  /** The schedule at an instant of the edge's clock. */
  scheduleAt(nowMs: number): CachedBody;
  /** When the box that got the last one is to ask again, ms. */
  refreshMs(): number;
}

/** The spans in order, those that touch made one. */
function mergeSpans(spans: Span[]): Span[] {
  const merged: Span[] = [];
  for (const span of spans.sort((a, b) => a.fromMs - b.fromMs)) {
    const last = merged.at(-1);
    if (last && span.fromMs <= last.untilMs) last.untilMs = Math.max(last.untilMs, span.untilMs);
    else merged.push({ ...span });
  }
  return merged;
}

/** Whether a cue is near at an instant, and until when that stays so. Both ends of a span belong to it. */
function nearAt(spans: readonly Span[], nowMs: number): { near: boolean; untilMs: number } {
  for (const span of spans) {
    if (nowMs < span.fromMs) return { near: false, untilMs: span.fromMs };
    if (nowMs <= span.untilMs) return { near: true, untilMs: span.untilMs + 1 };
  }
  return { near: false, untilMs: Number.POSITIVE_INFINITY };
}

/** @param makeBody gives a schedule's JSON its headers */
export function createChannelView(
  source: ChannelSource,
  makeBody: (json: string) => CachedBody,
): ChannelView {
  let cues: { spanFromMs: number; list: readonly Cue[]; near: Span[] } | undefined;
  /** What is sent now: from `fromMs`, before `untilMs`. */
  let current: { fromMs: number; untilMs: number; body: CachedBody; near: boolean } | undefined;
  /** This hour's bodies: near and not. */
  let hour: { fromMs: number; bodies: Map<boolean, CachedBody> } | undefined;

  const cuesAt = (nowMs: number) => {
    const span = spanAt(nowMs);
    if (cues?.spanFromMs !== span.fromMs) {
      const list = source.cuesAt(nowMs);
      const near = mergeSpans(list.map((cue) => nearSpan(cue, source.durationMs(cue))));
      cues = { spanFromMs: span.fromMs, list, near };
    }
    return cues;
  };

  const renew = (nowMs: number): CachedBody => {
    const { list, near: spans } = cuesAt(nowMs);
    const window = windowAt(nowMs);
    const { near, untilMs } = nearAt(spans, nowMs);
    if (hour?.fromMs !== window.fromMs) hour = { fromMs: window.fromMs, bodies: new Map() };
    let body = hour.bodies.get(near);
    if (!body) {
      const { channel, epoch, revision, programmes } = source;
      const inputs = { channel, epoch, revision, programmes, cues: list };
      body = makeBody(JSON.stringify(makeSchedule(inputs, window, near ? REFRESH_NEAR_MS : REFRESH_MS)));
      hour.bodies.set(near, body);
    }
    current = { fromMs: nowMs, untilMs: Math.min(untilMs, window.fromMs + HOUR_MS), body, near };
    return body;
  };

  return {
    scheduleAt(nowMs) {
      // A clock that was set back falls below `fromMs` and is answered anew.
      if (current && nowMs >= current.fromMs && nowMs < current.untilMs) return current.body;
      return renew(nowMs);
    },
    refreshMs: () => (current?.near ? REFRESH_NEAR_MS : REFRESH_MS),
  };
}
