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

type Row = [keys: string[], does: string];

function Keys(props: { title: string; rows: readonly Row[]; wide?: boolean }) {
  return (
    <section>
      <h3>{props.title}</h3>
      <dl class={props.wide ? "keys wide-keys" : "keys"}>
        {props.rows.map(([keys, does]) => (
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
    </section>
  );
}

export function Help({ onClose }: { onClose(): void }) {
  const say = useSay(appTexts);
  const everywhere: Row[] = [
    [["Ctrl", "K"], say("keyPalette")],
    [["?"], say("keyHelp")],
    [["Ctrl", "S"], say("keySave")],
    [["Esc"], say("keyEscape")],
  ];
  const timeline: Row[] = [
    [["←", "→"], say("keyCue")],
    [["↑", "↓"], say("keyChannel")],
    [["Alt", "← →"], say("keyDrag")],
    [["Alt", "Shift", "← →"], say("keySnap")],
    [["Enter"], say("keyOpen")],
    [["N"], say("keyPlace")],
    [["+", "−"], say("keyZoom")],
    [["0"], say("keyNow")],
    [["Home", "End"], say("keyPage")],
  ];
  return (
    <Dialog title={say("help")} onClose={onClose} wide>
      <div class="keys-groups">
        <div class="stack">
          <Keys title={say("keysEverywhere")} rows={everywhere} wide />
          <Keys title={say("timeline")} rows={timeline} wide />
        </div>
        <Keys
          title={say("goTo")}
          rows={Object.entries(VIEW_KEYS).map(([key, view]): Row => [["g", key], say(view)])}
        />
      </div>
    </Dialog>
  );
}
