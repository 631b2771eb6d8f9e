/** Where things are on the timeline, and which moments the eye and the hand are drawn to. Pure. */

export const ROW_PX = 44;
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;
/** Shown across the whole width at the deepest and at the widest zoom. */
export const SPAN_LEAST_MS = MINUTE_MS;
export const SPAN_MOST_MS = 8 * DAY_MS;
/** A dragged cue jumps to a programme's start or end within this, px. */
const SNAP_PX = 9;

export interface Viewport {
  /** At the left edge. */
  fromMs: number;
  /** Across the width. */
  spanMs: number;
  widthPx: number;
}

export const xOf = ({ fromMs, spanMs, widthPx }: Viewport, ms: number) => ((ms - fromMs) / spanMs) * widthPx;
export const msAt = ({ fromMs, spanMs, widthPx }: Viewport, x: number) => fromMs + (x / widthPx) * spanMs;

/** @param factor above 1: deeper */
export function zoomed(view: Viewport, factor: number, aroundPx: number): Viewport {
  const spanMs = Math.min(SPAN_MOST_MS, Math.max(SPAN_LEAST_MS, view.spanMs / factor));
  const fixedMs = msAt(view, aroundPx);
  return { ...view, spanMs, fromMs: fixedMs - (aroundPx / view.widthPx) * spanMs };
}
export const panned = (view: Viewport, px: number): Viewport => ({
  ...view,
  fromMs: view.fromMs + (px / view.widthPx) * view.spanMs,
});
export const centred = (view: Viewport, ms: number): Viewport => ({ ...view, fromMs: ms - view.spanMs / 2 });

const STEPS_MS = [
  ...[1, 5, 15, 30].map((seconds) => seconds * 1000),
  ...[1, 5, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 3, 6, 12].map((hours) => hours * HOUR_MS),
  DAY_MS,
];
/** Between two marks of the axis there is at least so much room for a time, px. */
const MARK_PX = 72;

/** Between marks, ms. */
export function stepOf({ spanMs, widthPx }: Viewport): number {
  return STEPS_MS.find((step) => (step / spanMs) * widthPx >= MARK_PX) ?? DAY_MS;
}

/**
 * Marks of the axis, oldest first, one before the left edge included.
 *
 * @param zoneOffsetMs local minus UTC, so that days and hours begin where clocks say
 */
export function marksOf(view: Viewport, zoneOffsetMs: number): { atMs: number; day: boolean }[] {
  const step = stepOf(view);
  const marks: { atMs: number; day: boolean }[] = [];
  const first = Math.floor((view.fromMs + zoneOffsetMs) / step) * step;
  for (let local = first; local - zoneOffsetMs <= view.fromMs + view.spanMs; local += step) {
    marks.push({ atMs: local - zoneOffsetMs, day: local % DAY_MS === 0 });
  }
  return marks;
}

/** What a hand can hit at this zoom: a whole second, five, a minute …, ms. */
export function grainOf({ spanMs, widthPx }: Viewport): number {
  const perPx = spanMs / widthPx;
  return STEPS_MS.find((step) => step >= perPx * 4) ?? MINUTE_MS;
}

/**
 * The moment that a dragged cue comes to: a programme's start or end when one is near, else a round one.
 *
 * @returns `edge`: it sits on a programme's start or end
 */
export function snapped(
  view: Viewport,
  atMs: number,
  programmes: readonly { startMs: number; endMs: number }[],
): { atMs: number; edge: boolean } {
  const reachMs = (SNAP_PX / view.widthPx) * view.spanMs;
  let best: number | undefined;
  for (const { startMs, endMs } of programmes) {
    for (const edge of [startMs, endMs]) {
      if (
        Math.abs(edge - atMs) <= reachMs &&
        (best === undefined || Math.abs(edge - atMs) < Math.abs(best - atMs))
      ) {
        best = edge;
      }
    }
  }
  if (best !== undefined) return { atMs: best, edge: true };
  const grain = Math.min(grainOf(view), MINUTE_MS);
  return { atMs: Math.round(atMs / grain) * grain, edge: false };
}

/** Whether a programme starts or ends just then. */
export function isEdge(atMs: number, programmes: readonly { startMs: number; endMs: number }[]): boolean {
  return programmes.some(({ startMs, endMs }) => startMs === atMs || endMs === atMs);
}

/** The next start or end of a programme in a direction; undefined when none is known. */
export function nextEdge(
  atMs: number,
  direction: 1 | -1,
  programmes: readonly { startMs: number; endMs: number }[],
): number | undefined {
  const edges = programmes.flatMap(({ startMs, endMs }) => [startMs, endMs]);
  const ahead = edges.filter((edge) => (edge - atMs) * direction > 0);
  return ahead.length === 0 ? undefined : direction > 0 ? Math.min(...ahead) : Math.max(...ahead);
}

/** Rows that are seen, with a few around them. */
export function rowsSeen(scrollPx: number, heightPx: number, count: number): { first: number; end: number } {
  const first = Math.max(0, Math.floor(scrollPx / ROW_PX));
  return { first, end: Math.min(count, Math.ceil((scrollPx + heightPx) / ROW_PX) + 1) };
}
