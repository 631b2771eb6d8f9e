/** `?`: what the keyboard does. */
import { Dialog } from "../parts/dialog.tsx";
import { useSay } from "./context.tsx";
import type { VIEWS } from "./router.ts";
import { appTexts } from "./texts.ts";

/** After `g`. */
export const VIEW_KEYS: Record<string, (typeof VIEWS)[number]> = {
  o: "on-air",
  t: "timeline",
  i: "interactions",
  p: "placements",
  c: "channels",
  w: "explain",
  u: "publish",
  r: "results",
  e: "edges",
  d: "guide",
  s: "system",
  v: "privacy",
  m: "people",
  a: "audit",
};

export function Help({ onClose }: { onClose(): void }) {
  const say = useSay(appTexts);
  const rows: [string[], string][] = [
    [["Ctrl", "K"], say("keyPalette")],
    [["?"], say("keyHelp")],
    [["Ctrl", "S"], say("keySave")],
    [["← → ↑ ↓"], say("keyTimeline")],
    [["Alt", "← →"], say("keyDrag")],
    [["Alt", "Shift", "← →"], say("keySnap")],
    [["Enter"], say("keyOpen")],
    [["N"], say("keyPlace")],
    [["+", "−"], say("keyZoom")],
    [["0"], say("keyNow")],
    [["Home", "End"], say("keyPage")],
    [["Esc"], say("keyEscape")],
    ...Object.entries(VIEW_KEYS).map(([key, view]): [string[], string] => [["g", key], say(view)]),
  ];
  return (
    <Dialog title={say("help")} onClose={onClose}>
      <dl class="keys">
        {rows.map(([keys, does]) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
