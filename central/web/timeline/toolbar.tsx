/** Above the timeline: the day, the filter, how much is seen at once, a day back and forth. */
import { useApp, useSay } from "../app/context.tsx";
import { dayName } from "../app/format.ts";
import { Button } from "../parts/button.tsx";
import { timelineTexts } from "./texts.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS, type Viewport } from "./viewport.ts";

const SPANS = [
  ["minutes", 10 * MINUTE_MS],
  ["hour", HOUR_MS],
  ["hours", 6 * HOUR_MS],
  ["day", DAY_MS],
  ["week", 8 * DAY_MS],
] as const;

export function Toolbar(props: {
  view: Viewport;
  filter: string;
  onFilter(filter: string): void;
  onSpan(spanMs: number): void;
  /** Later by that much; earlier when negative. */
  onShift(byMs: number): void;
  onNow(): void;
}) {
  const { view, filter, onFilter, onSpan, onShift, onNow } = props;
  const { language } = useApp();
  const say = useSay(timelineTexts);
  return (
    <div class="view-head">
      <div class="inline">
        <h1>{say("title")}</h1>
        <span class="quiet">{dayName(view.fromMs + view.spanMs / 2, language)}</span>
      </div>
      <div class="actions">
        <input
          type="search"
          class="small"
          aria-label={say("filter")}
          placeholder={say("filter")}
          value={filter}
          onInput={(event) => onFilter(event.currentTarget.value)}
        />
        <div class="tabs flat" role="group" aria-label={say("in")}>
          {SPANS.map(([name, spanMs]) => (
            <button
              type="button"
              key={name}
              aria-pressed={Math.abs(view.spanMs / spanMs - 1) < 0.02}
              onClick={() => onSpan(spanMs)}
              data-span={name}
            >
              {say(name)}
            </button>
          ))}
        </div>
        <Button small label={say("earlier")} onClick={() => onShift(-DAY_MS)}>
          ‹
        </Button>
        <Button small onClick={onNow}>
          {say("now")}
        </Button>
        <Button small label={say("later")} onClick={() => onShift(DAY_MS)}>
          ›
        </Button>
      </div>
    </div>
  );
}
