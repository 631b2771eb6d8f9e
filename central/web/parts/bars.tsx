/** Shares of a whole as bars. Provisional ones look it: hatched, and said in words. */
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
