/** The keys that hold in every view: Ctrl-K, `?`, and `g` with a view's letter. */
import { useEffect } from "preact/hooks";
import type { Timers } from "../../../shared/time/timers.ts";
import { VIEW_KEYS } from "./help.tsx";
import type { ViewName } from "./router.ts";

/** After `g`, the letter must come within this. */
const CHORD_MS = 1_500;

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

export function usePageKeys(options: {
  /** Nobody is here, nothing is heard. */
  heard: boolean;
  open(what: "palette" | "help"): void;
  go(view: ViewName): void;
  timers: Timers;
}): void {
  const { heard, open, go, timers } = options;
  useEffect(() => {
    if (!heard) return undefined;
    let chord = false;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
        event.preventDefault();
        open("palette");
        return;
      }
      if (isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      if (document.querySelector("dialog[open]")) return;
      if (chord) {
        const view = VIEW_KEYS[event.key];
        chord = false;
        if (view) go(view);
      } else if (event.key === "g") {
        chord = true;
        timers.after(CHORD_MS, () => {
          chord = false;
        });
      } else if (event.key === "?") open("help");
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [heard, open, go, timers]);
}
