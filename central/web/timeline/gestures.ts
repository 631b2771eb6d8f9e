/** The mouse on the timeline: the wheel zooms and pans, a drag on the background pans. */
import type { RefObject } from "preact";
import { useEffect } from "preact/hooks";
import { panned, type Viewport, zoomed } from "./viewport.ts";

/** Zoom for one px of the wheel. */
const WHEEL_ZOOM = 1.0015;

type SetView = (change: (before: Viewport) => Viewport) => void;

/** @param stage where x counts from */
export function useWheel(
  scroller: RefObject<HTMLElement | null>,
  stage: RefObject<HTMLElement | null>,
  setView: SetView,
): void {
  useEffect(() => {
    const onWheel = (event: WheelEvent) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const left = stage.current?.getBoundingClientRect().left ?? 0;
        setView((before) => zoomed(before, WHEEL_ZOOM ** -event.deltaY, event.clientX - left));
      } else if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY)) {
        event.preventDefault();
        setView((before) => panned(before, event.deltaX || event.deltaY));
      }
    };
    const target = scroller.current;
    // A passive listener, as frameworks add them, could not keep the page from scrolling.
    target?.addEventListener("wheel", onWheel, { passive: false });
    return () => target?.removeEventListener("wheel", onWheel);
  }, [scroller, stage, setView]);
}

/** Before a press becomes a drag, px. */
const DRAG_PX = 4;

/** A press on something that can be dragged, until the button is let go; `click` when it was not dragged. */
export function press(event: PointerEvent, on: { drag(byPx: number): void; click?(): void }): void {
  const startX = event.clientX;
  let dragged = false;
  const onMove = (moved: PointerEvent) => {
    const byPx = moved.clientX - startX;
    if (!dragged && Math.abs(byPx) < DRAG_PX) return;
    dragged = true;
    on.drag(byPx);
  };
  const onUp = () => {
    removeEventListener("pointermove", onMove);
    removeEventListener("pointerup", onUp);
    if (!dragged) on.click?.();
  };
  addEventListener("pointermove", onMove);
  addEventListener("pointerup", onUp);
}

/** Pans until the button is let go. */
export function grab(event: PointerEvent, view: Viewport, setView: SetView): void {
  if (event.button !== 0 || (event.target as HTMLElement).closest("button")) return;
  const startX = event.clientX;
  const { fromMs } = view;
  const onMove = (moved: PointerEvent) =>
    setView((before) => panned({ ...before, fromMs }, startX - moved.clientX));
  const onUp = () => {
    removeEventListener("pointermove", onMove);
    removeEventListener("pointerup", onUp);
  };
  addEventListener("pointermove", onMove);
  addEventListener("pointerup", onUp);
}
