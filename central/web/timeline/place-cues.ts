/** Which cues of the rows seen are drawn, and with how much room: what no eye can tell apart is drawn once. Pure. */
import { overlapsOf } from "./overlaps.ts";
import type { PlacedCue } from "./placed-cue.ts";
import type { RowData } from "./tiles.ts";
import { type Viewport, xOf } from "./viewport.ts";

/** Cues drawn at once; at that many a closer look is needed anyway. */
export const CUES_MAX = 8_000;
/** Up to so many are elements of the page; more are drawn on the canvas, for which each costs next to nothing. */
export const ELEMENTS_MAX = 120;
const WIDTH_LEAST_PX = 10;
const WIDTH_CROWDED_PX = 3;
/** A hand is no needle, px. */
const REACH_PX = 3;
/** Cues closer than this are drawn as one, px. */
const CROWDED_PX = 4;
/** A cue that begins further left than this shows nothing, px. */
const LEFT_PX = -200;
const RIGHT_PX = 20;

/** A cue on a channel. */
export interface CuePlace {
  channel: string;
  cue?: string | undefined;
}

/** As wide as it stays on the screen, as far as the next one leaves room, px. */
export function widthOf({ cue, roomPx }: PlacedCue, view: Viewport): number {
  const lengthPx = (cue.durationMs / view.spanMs) * view.widthPx;
  return Math.min(Math.max(WIDTH_LEAST_PX, lengthPx), Math.max(WIDTH_CROWDED_PX, roomPx - 2));
}

/** The cue under a point of a row; the later one where two are. */
export function cueAt(
  placed: readonly PlacedCue[],
  view: Viewport,
  row: number,
  x: number,
): PlacedCue | undefined {
  return placed.findLast((each) => {
    const left = xOf(view, each.cue.atMs);
    return each.row === row && x >= left - REACH_PX && x <= left + widthOf(each, view) + REACH_PX;
  });
}

/**
 * @param rows channels by row, from row `first` on
 * @param chosen drawn by itself however crowded it is
 * @param moving likewise, and where the hand holds it
 * @returns row by row, by instant
 */
export function placeCues(
  view: Viewport,
  rows: readonly string[],
  first: number,
  dataOf: (channel: string) => RowData | undefined,
  chosen: CuePlace,
  moving?: CuePlace & { toMs: number },
): PlacedCue[] {
  const placed: PlacedCue[] = [];
  for (const [index, channel] of rows.entries()) {
    const own = dataOf(channel);
    if (!own) continue;
    const overlaps = overlapsOf(own.cues);
    let last: { placed: PlacedCue; x: number } | undefined;
    for (const cue of own.cues) {
      if (placed.length >= CUES_MAX) return placed;
      const held = moving?.cue === cue.id && moving.channel === channel ? moving : undefined;
      const x = xOf(view, held ? held.toMs : cue.atMs);
      if (x < LEFT_PX || x > view.widthPx + RIGHT_PX) continue;
      const special = held !== undefined || (chosen.cue === cue.id && chosen.channel === channel);
      if (last && x - last.x < CROWDED_PX && !special) {
        last.placed.crowd++;
        // What appears stands for what does not.
        if (last.placed.cue.suppressed && !cue.suppressed) last.placed.cue = cue;
        continue;
      }
      if (last) last.placed.roomPx = Math.max(0, x - last.x);
      const next: PlacedCue = {
        ...{ cue, channel, row: first + index, overlaps: overlaps.get(cue.id) },
        ...{ crowd: 0, roomPx: Number.POSITIVE_INFINITY },
      };
      last = { placed: next, x };
      placed.push(next);
    }
  }
  return placed;
}
