/** Figures over time, drawn by uPlot: bars stacked on each other, or areas. Colours follow the theme. */
import { useEffect, useRef, useState } from "preact/hooks";
import type uPlot from "uplot";
import { useApp, useSay } from "../app/context.tsx";
import { clockTime, dateTime, number } from "../app/format.ts";
import { layoutTexts } from "./texts.ts";

export interface ChartSeries {
  label: string;
  values: readonly number[];
}

/**
 * Apart from the page: as it loads it formats numbers in the browser's language, and throws where that is none
 * (`en-US@posix`). Undefined then.
 */
const drawing: Promise<typeof uPlot | undefined> = import("uplot").then(
  ({ default: loaded }) => loaded,
  () => undefined,
);

interface Props {
  /** Said to who cannot see it. */
  label: string;
  kind: "bars" | "area";
  timesMs: readonly number[];
  series: readonly ChartSeries[];
  /** A line across, and what it is: a limit. */
  limit?: { value: number; label: string } | undefined;
  heightPx?: number;
}

/** Told apart by who sees no colours too: they differ in lightness. */
const COLOURS = ["--chart-1", "--chart-2", "--chart-3", "--chart-4", "--chart-5", "--chart-6"];
const HEIGHT_PX = 168;
/** What stands above a limit, so that its name has room there. */
const LIMIT_ROOM = 1.3;
const POINT_GAP_PX = 72;
/** Between marks of time, s. */
const INCREMENTS_S = [
  1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 86_400,
];
/** Between marks of counts: whole ones. */
const COUNTS = Array.from({ length: 10 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** power)).flat();

/** Sums from the bottom up: each series stands on those before it. */
export function stacked(series: readonly ChartSeries[]): number[][] {
  const sums: number[][] = [];
  for (const { values } of series) {
    const below = sums.at(-1);
    sums.push(values.map((value, index) => value + (below?.[index] ?? 0)));
  }
  return sums;
}

export function Chart(props: Props) {
  const { language } = useApp();
  const say = useSay(layoutTexts);
  const box = useRef<HTMLDivElement>(null);
  const [widthPx, setWidthPx] = useState(0);
  const [loaded, setLoaded] = useState<{ Plot: typeof uPlot | undefined }>();
  const theme = document.documentElement.dataset.theme;
  const { label, kind, timesMs, series, limit, heightPx = HEIGHT_PX } = props;
  const key = JSON.stringify([timesMs, series, limit]);
  useEffect(() => {
    let gone = false;
    void drawing.then((Plot) => gone || setLoaded({ Plot }));
    return () => {
      gone = true;
    };
  }, []);
  useEffect(() => {
    const target = box.current;
    if (!target) return undefined;
    const observer = new ResizeObserver(([entry]) => {
      if (entry) setWidthPx(Math.floor(entry.contentRect.width));
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    const target = box.current;
    const Plot = loaded?.Plot;
    if (!target || !Plot || widthPx === 0 || timesMs.length === 0) return undefined;
    const style = getComputedStyle(target);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const font = `12px ${style.fontFamily}`;
    const axis = {
      font,
      stroke: colour("--quiet"),
      grid: { stroke: colour("--line"), width: 1 },
      ticks: { show: false },
    };
    const stepS = ((timesMs[1] ?? (timesMs[0] ?? 0) + 1_000) - (timesMs[0] ?? 0)) / 1_000;
    const bars = Plot.paths.bars?.({ size: [0.8, 40], align: 1 });
    const sums = stacked(series);
    // The highest stack is drawn first, so that those below it stay in sight.
    const order = series.map((_, index) => series.length - 1 - index);
    const options: uPlot.Options = {
      width: widthPx,
      height: heightPx,
      // Half of the last mark of time stands beyond it.
      padding: [8, 30, 0, 0],
      legend: { show: true },
      cursor: { y: false, points: { show: false } },
      tzDate: (seconds) => new Date(seconds * 1_000),
      scales: {
        x: {
          time: true,
          range: (_, least, most) => [least, Math.max(most, least + 1) + (kind === "bars" ? stepS : 0)],
        },
        y: { range: (_, __, most) => [0, Math.max(1e-9, most * 1.08, (limit?.value ?? 0) * LIMIT_ROOM)] },
      },
      axes: [
        {
          ...axis,
          space: POINT_GAP_PX,
          incrs: INCREMENTS_S,
          values: (_, marks) => {
            const seconds = (marks[1] ?? 0) - (marks[0] ?? 0) < 60;
            return marks.map((mark) => clockTime(mark * 1_000, language, seconds));
          },
        },
        {
          ...axis,
          size: 56,
          space: 28,
          incrs: COUNTS,
          values: (_, marks) => marks.map((mark) => number(mark, language)),
        },
      ],
      series: [
        { label: say("time"), value: (_, at) => (at === null ? "–" : dateTime(at * 1_000, language)) },
        ...order.map((index) => {
          const fill = colour(COLOURS[index % COLOURS.length] as string);
          return {
            label: series[index]?.label ?? "",
            stroke: fill,
            fill: kind === "bars" ? fill : `${fill}33`,
            width: kind === "bars" ? 0 : 1.5,
            ...(kind === "bars" && bars ? { paths: bars } : {}),
            points: { show: false },
            value: (_: uPlot, __: number, ___: number, at: number | null) =>
              at === null ? "–" : number(Math.round((series[index]?.values[at] ?? 0) * 100) / 100, language),
          };
        }),
      ],
      hooks: {
        setLegend: [({ root, legend }) => root.classList.toggle("idle", legend.idx == null)],
        draw: [
          (chart) => {
            if (!limit) return;
            const y = Math.round(chart.valToPos(limit.value, "y", true));
            const { ctx, bbox } = chart;
            ctx.save();
            ctx.strokeStyle = colour("--bad");
            ctx.setLineDash([6, 5]);
            ctx.lineWidth = Math.max(1, devicePixelRatio);
            ctx.beginPath();
            ctx.moveTo(bbox.left, y);
            ctx.lineTo(bbox.left + bbox.width, y);
            ctx.stroke();
            ctx.fillStyle = colour("--bad");
            ctx.font = `${12 * devicePixelRatio}px ${style.fontFamily}`;
            ctx.textAlign = "right";
            ctx.textBaseline = "bottom";
            ctx.fillText(limit.label, bbox.left + bbox.width - 4, y - 2 * devicePixelRatio);
            ctx.restore();
          },
        ],
      },
    };
    const data = [timesMs.map((ms) => ms / 1_000), ...order.map((index) => sums[index] ?? [])];
    const chart = new Plot(options, data as uPlot.AlignedData, target);
    chart.root.classList.add("idle");
    return () => chart.destroy();
  }, [loaded, key, kind, widthPx, heightPx, language, theme]);
  return (
    <div class="chart" ref={box} role="img" aria-label={label} data-kind={kind}>
      {loaded && !loaded.Plot && <p class="quiet">{say("noChart")}</p>}
    </div>
  );
}
