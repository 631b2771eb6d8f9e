/** Draws the timeline onto a canvas: rows, marks, programmes, the now-line, and cues where they are too many. */
import { widthOf } from "./place-cues.ts";
import type { PlacedCue } from "./placed-cue.ts";
import type { RowData } from "./tiles.ts";
import { marksOf, ROW_PX, type Viewport, xOf } from "./viewport.ts";

/** Narrower than this a programme has no room for words. */
const TITLE_LEAST_PX = 26;
const PAD_PX = 6;
/** Words stand in the upper part of a row: cues lie in the lower one. */
const WORDS_PX = 14;

export interface Colours {
  line: string;
  mark: string;
  programme: string;
  programmeLine: string;
  text: string;
  now: string;
  odd: string;
  cue: string;
  drafted: string;
  overlapping: string;
  suppressed: string;
}

export function readColours(element: HTMLElement): Colours {
  const style = getComputedStyle(element);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    line: read("--timeline-line"),
    mark: read("--timeline-mark"),
    programme: read("--timeline-programme"),
    programmeLine: read("--timeline-programme-line"),
    text: read("--timeline-text"),
    now: read("--timeline-now"),
    odd: read("--timeline-odd"),
    cue: read("--accent"),
    drafted: read("--accent-soft"),
    overlapping: read("--bad"),
    suppressed: read("--line-strong"),
  };
}

/** Titles cut to a width, remembered: measuring text is the dearest thing here. */
function createCut(context: CanvasRenderingContext2D) {
  const widths = new Map<string, number>();
  const widthOf = (text: string) => {
    let width = widths.get(text);
    if (width === undefined) {
      if (widths.size > 20_000) widths.clear();
      width = context.measureText(text).width;
      widths.set(text, width);
    }
    return width;
  };
  return (text: string, room: number): string => {
    const whole = widthOf(text);
    if (whole <= room) return text;
    const kept = Math.floor((text.length * (room - 8)) / whole);
    return kept < 1 ? "" : `${text.slice(0, kept)}…`;
  };
}
const cuts = new WeakMap<CanvasRenderingContext2D, ReturnType<typeof createCut>>();

/** A piece of the font came: widths are others now. */
export const forgetWidths = (context: CanvasRenderingContext2D) => void cuts.delete(context);

export interface Scene {
  view: Viewport;
  heightPx: number;
  /** Of the first row, px above the upper edge. */
  offsetPx: number;
  firstRow: number;
  rows: readonly (RowData | undefined)[];
  nowMs: number;
  zoneOffsetMs: number;
  font: string;
  /** Cues that are no elements of the page: there are too many. */
  cues: readonly PlacedCue[];
}

/** Where a cue lies in its row, as the style has it. */
const CUE_TOP_PX = 25;
const CUE_HEIGHT_PX = 13;

function drawCues(context: CanvasRenderingContext2D, scene: Scene, colours: Colours): void {
  const { view, offsetPx, firstRow, cues } = scene;
  for (const placed of cues) {
    const { cue, row, overlaps } = placed;
    const x = xOf(view, cue.atMs);
    const y = (row - firstRow) * ROW_PX - offsetPx + CUE_TOP_PX;
    const width = widthOf(placed, view);
    const outline = overlaps !== undefined ? colours.overlapping : colours.cue;
    if (cue.suppressed) {
      context.fillStyle = colours.suppressed;
      context.fillRect(x, y, width, CUE_HEIGHT_PX);
      context.clearRect(x + 1, y + 1, Math.max(0, width - 2), CUE_HEIGHT_PX - 2);
    } else if (cue.onAir) {
      context.fillStyle = outline;
      context.fillRect(x, y, width, CUE_HEIGHT_PX);
    } else {
      context.fillStyle = outline;
      context.fillRect(x, y, width, CUE_HEIGHT_PX);
      context.fillStyle = colours.drafted;
      context.fillRect(x + 2, y + 2, Math.max(0, width - 4), CUE_HEIGHT_PX - 4);
    }
  }
}

export function drawScene(context: CanvasRenderingContext2D, scene: Scene, colours: Colours): void {
  const { view, heightPx, rows, offsetPx } = scene;
  context.clearRect(0, 0, view.widthPx, heightPx);
  context.font = scene.font;
  context.textBaseline = "middle";
  let cut = cuts.get(context);
  if (!cut) {
    cut = createCut(context);
    cuts.set(context, cut);
  }
  const words: [title: string, x: number, y: number][] = [];
  for (const [index, row] of rows.entries()) {
    const y = index * ROW_PX - offsetPx;
    if ((scene.firstRow + index) % 2 === 1) {
      context.fillStyle = colours.odd;
      context.fillRect(0, y, view.widthPx, ROW_PX);
    }
    context.fillStyle = colours.line;
    context.fillRect(0, y + ROW_PX - 1, view.widthPx, 1);
    for (const { startMs, endMs, title } of row?.programmes ?? []) {
      const x = xOf(view, startMs);
      const right = xOf(view, endMs);
      if (right < 0 || x > view.widthPx) continue;
      const left = Math.max(0, x);
      const width = Math.min(view.widthPx, right) - left - 1;
      if (width < 0.5) continue;
      context.fillStyle = colours.programme;
      context.fillRect(left, y + 3, width, ROW_PX - 7);
      context.fillStyle = colours.programmeLine;
      if (x >= 0) context.fillRect(left, y + 3, 1, ROW_PX - 7);
      if (width < TITLE_LEAST_PX) continue;
      words.push([cut(title, width - 2 * PAD_PX), left + PAD_PX, y + WORDS_PX]);
    }
  }
  for (const { atMs, day } of marksOf(view, scene.zoneOffsetMs)) {
    context.fillStyle = day ? colours.mark : colours.line;
    context.fillRect(Math.round(xOf(view, atMs)), 0, day ? 2 : 1, heightPx);
  }
  // Above the marks: no line goes through a title.
  context.fillStyle = colours.text;
  for (const [title, x, y] of words) context.fillText(title, x, y);
  drawCues(context, scene, colours);
  const now = xOf(view, scene.nowMs);
  if (now >= 0 && now <= view.widthPx) {
    context.fillStyle = colours.now;
    context.fillRect(Math.round(now) - 1, 0, 2, heightPx);
  }
}
