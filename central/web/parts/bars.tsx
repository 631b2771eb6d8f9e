/** Shares of a whole as bars, and counts over time. Provisional ones look it: hatched, and said in words. */
import { useApp } from "../app/context.tsx";
import { number, percent } from "../app/format.ts";

export interface BarsProps {
  total: number;
  bars: { id: string; label: string; count: number; right?: boolean }[];
  provisional?: boolean;
}

export function Bars({ total, bars, provisional = false }: BarsProps) {
  const { language } = useApp();
  return (
    <ul class={provisional ? "bars provisional" : "bars"}>
      {bars.map(({ id, label, count, right }) => (
        <li key={id}>
          <progress max={Math.max(1, total)} value={count} aria-label={label} />
          <span class="bar-words">
            <span class="cut">
              {label}
              {right && " ✓"}
            </span>
            <span class="figures">
              {number(count, language)} · {percent(count, total)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}

export interface Point {
  atMs: number;
  value: number;
}
const WIDTH = 600;
const HEIGHT = 120;

/** Columns over time; drawn in its own coordinates, stretched by the style. */
export function Columns({ points, bucketMs, label }: { points: Point[]; bucketMs: number; label: string }) {
  const first = points[0]?.atMs ?? 0;
  const last = points.at(-1)?.atMs ?? 0;
  const count = Math.max(1, Math.round((last - first) / Math.max(1, bucketMs)) + 1);
  const most = Math.max(1, ...points.map(({ value }) => value));
  const width = WIDTH / Math.max(count, 40);
  return (
    <svg
      class="columns"
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      {points.map(({ atMs, value }) => {
        const height = (value / most) * (HEIGHT - 4);
        return (
          <rect
            key={atMs}
            x={((atMs - first) / Math.max(1, bucketMs)) * width}
            y={HEIGHT - height}
            width={Math.max(1, width - 1)}
            height={height}
          />
        );
      })}
    </svg>
  );
}
