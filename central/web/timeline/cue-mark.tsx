/** One cue on the timeline: chosen by a click, moved by a drag. */
import { useRef } from "preact/hooks";
import { press } from "./gestures.ts";
import { widthOf } from "./place-cues.ts";
import type { PlacedCue } from "./placed-cue.ts";
import { msAt, ROW_PX, type Viewport, xOf } from "./viewport.ts";

/** Less than this to the next one, and there is no place for words. */
const ROOM_PX = 70;
/** Wide enough for words. */
const WORDS_PX = 90;

export function CueMark(props: {
  placed: PlacedCue;
  view: Viewport;
  scrollPx: number;
  title: string;
  /** All that it is, for who cannot see where it stands. */
  name: string;
  chosen: boolean;
  movedTo: number | undefined;
  onChoose(): void;
  onDrag(atMs: number): void;
}) {
  const { placed, view, scrollPx, title } = props;
  const { cue, row } = placed;
  const dragged = useRef(false);
  const x = xOf(view, props.movedTo ?? cue.atMs);
  const width = widthOf(placed, view);
  const worded = placed.roomPx >= ROOM_PX || props.chosen || props.movedTo !== undefined;

  function onPointerDown(event: PointerEvent) {
    if (event.button !== 0) return;
    const from = { ...view };
    dragged.current = false;
    press(event, {
      drag(byPx) {
        dragged.current = true;
        props.onDrag(msAt(from, x + byPx));
      },
    });
  }

  const classes = [
    "cue",
    cue.onAir ? "aired" : "drafted",
    placed.overlaps !== undefined && "overlapping",
    cue.suppressed && "suppressed",
    props.chosen && "chosen",
    props.movedTo !== undefined && "moving",
  ].filter(Boolean);
  return (
    <button
      type="button"
      class={classes.join(" ")}
      tabIndex={-1}
      aria-label={props.name}
      title={props.name}
      data-cue={cue.id}
      style={{ left: `${x}px`, top: `${row * ROW_PX - scrollPx}px`, height: `${ROW_PX - 1}px` }}
      onPointerDown={onPointerDown}
      onClick={() => {
        if (!dragged.current) props.onChoose();
      }}
    >
      <span class="cue-body" style={{ width: `${width}px` }} />
      {worded && (
        <span
          data-crowd={placed.crowd > 0 ? ` +${placed.crowd}` : undefined}
          class={width >= WORDS_PX ? "cue-words inside" : "cue-words"}
          style={{ maxWidth: `${Math.min(placed.roomPx - 14, Math.max(WORDS_PX * 2, width - 8))}px` }}
        >
          {title}
        </span>
      )}
    </button>
  );
}
