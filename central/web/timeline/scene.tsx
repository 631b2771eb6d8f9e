/** The timeline's background on a canvas, drawn once a frame at most. */
import { useEffect, useRef, useState } from "preact/hooks";
import { onFrame } from "../platform/browser.ts";
import { drawScene, forgetWidths, readColours } from "./draw.ts";
import type { PlacedCue } from "./placed-cue.ts";
import type { RowData } from "./tiles.ts";
import { MINUTE_MS, ROW_PX, type Viewport } from "./viewport.ts";

const FONT = '12.5px "Noto Sans SC", "PingFang SC", system-ui, sans-serif';

export interface Size {
  widthPx: number;
  heightPx: number;
}

/** Minutes east of UTC change with the season: of the left edge. */
export const zoneOffsetMs = (view: Viewport) => -new Date(view.fromMs).getTimezoneOffset() * MINUTE_MS;

export function Scene(props: {
  view: Viewport;
  size: Size;
  scrollPx: number;
  first: number;
  /** Channels of the rows seen, from row `first` on. */
  rows: readonly string[];
  data: ReadonlyMap<string, RowData>;
  nowMs: number;
  cues: readonly PlacedCue[];
}) {
  const { view, size, scrollPx, first, rows, data, nowMs, cues } = props;
  const canvas = useRef<HTMLCanvasElement>(null);
  const theme = document.documentElement.dataset.theme;
  const [pieces, setPieces] = useState(0);
  useEffect(() => {
    // Canvas text asks for the pieces of the font that it needs, and is not drawn again by itself.
    const loaded = () => {
      const context = canvas.current?.getContext("2d");
      if (context) forgetWidths(context);
      setPieces((before) => before + 1);
    };
    document.fonts.addEventListener("loadingdone", loaded);
    return () => document.fonts.removeEventListener("loadingdone", loaded);
  }, []);
  useEffect(
    () =>
      onFrame(() => {
        const target = canvas.current;
        const context = target?.getContext("2d");
        if (!target || !context || size.widthPx === 0) return;
        const scale = devicePixelRatio || 1;
        if (target.width !== size.widthPx * scale || target.height !== size.heightPx * scale) {
          target.width = size.widthPx * scale;
          target.height = size.heightPx * scale;
        }
        context.setTransform(scale, 0, 0, scale, 0, 0);
        const scene = {
          ...{ view, nowMs, heightPx: size.heightPx, firstRow: first, font: FONT },
          offsetPx: scrollPx - first * ROW_PX,
          rows: rows.map((id) => data.get(id)),
          zoneOffsetMs: zoneOffsetMs(view),
          cues,
        };
        drawScene(context, scene, readColours(target));
      }),
    [view, size, scrollPx, first, rows, data, nowMs, theme, pieces, cues],
  );
  return <canvas ref={canvas} style={{ width: `${size.widthPx}px`, height: `${size.heightPx}px` }} />;
}
