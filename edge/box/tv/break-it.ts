/** The buttons that break the box's network, storage and clock, by mouse and by the remote's colour keys. */
import type { KeyName } from "../platform/keys.ts";
import { make, replaceChildren } from "./dom.ts";
import type { Faults } from "./faults.ts";
import type { TvTexts } from "./texts.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const YEARS_MS = 10 * 365 * 24 * HOUR_MS;

/** What the wall clock is set off by, in the order in which the yellow key goes through them. */
const SKEWS: [count: string, unit: keyof TvTexts["units"], skewMs: number][] = [
  ["−10", "y", -YEARS_MS],
  ["−1", "h", -HOUR_MS],
  ["−1", "min", -MINUTE_MS],
  ["−2", "s", -2 * SECOND_MS],
  ["+2", "s", 2 * SECOND_MS],
  ["+1", "min", MINUTE_MS],
  ["+1", "h", HOUR_MS],
  ["+10", "y", YEARS_MS],
];

export interface BreakIt {
  /** @returns whether the key was one of its own: red, green, yellow, blue */
  key(name: KeyName): boolean;
}

/** @param reboot stops the box and starts it from its store */
export function createBreakIt(
  host: HTMLElement,
  faults: Faults,
  texts: TvTexts,
  reboot: () => void,
): BreakIt {
  function button(name: string, label: string, pressed: boolean, act: () => void): HTMLElement {
    const made = make("button", pressed ? "fault on" : "fault", label) as HTMLButtonElement;
    made.type = "button";
    made.tabIndex = -1;
    made.setAttribute("data-fault", name);
    made.setAttribute("aria-pressed", String(pressed));
    made.addEventListener("click", () => {
      act();
      draw();
    });
    // The keyboard stays with the television.
    made.addEventListener("mousedown", (event) => event.preventDefault());
    return made;
  }
  const marked = (colour: string, made: HTMLElement) => {
    made.insertBefore(make("span", `dot ${colour}`), made.firstChild);
    return made;
  };
  const cut = () => {
    faults.networkCut = !faults.networkCut;
  };
  const kill = () => {
    faults.storageKilled = !faults.storageKilled;
  };
  const mend = () => {
    faults.networkCut = false;
    faults.storageKilled = false;
    faults.skewMs = 0;
  };
  const isWhole = () => !faults.networkCut && !faults.storageKilled && faults.skewMs === 0;

  function skewOn(): void {
    const at = SKEWS.map(([, , skewMs]) => skewMs).indexOf(faults.skewMs);
    const next = SKEWS[at + 1];
    faults.skewMs = next ? next[2] : 0;
  }

  function draw(): void {
    const skews = SKEWS.map(([count, unit, skewMs]) =>
      button(`skew${skewMs}`, `${count} ${texts.units[unit]}`, faults.skewMs === skewMs, () => {
        faults.skewMs = faults.skewMs === skewMs ? 0 : skewMs;
      }),
    );
    replaceChildren(host, [
      make("h2", "", texts.breakIt),
      make(
        "div",
        "row",
        marked("red", button("network", texts.cutNetwork, faults.networkCut, cut)),
        marked("green", button("storage", texts.killStorage, faults.storageKilled, kill)),
      ),
      make("div", "label", make("span", "dot yellow"), texts.setClock),
      make("div", "row", ...skews.slice(0, 4)),
      make("div", "row", ...skews.slice(4)),
      make(
        "div",
        "row",
        button("reboot", texts.reboot, false, reboot),
        marked("blue", button("mend", texts.mend, isWhole(), mend)),
      ),
    ]);
  }

  const actions: Partial<Record<KeyName, () => void>> = { red: cut, green: kill, yellow: skewOn, blue: mend };
  draw();
  return {
    key(name) {
      const act = actions[name];
      if (!act) return false;
      act();
      draw();
      return true;
    },
  };
}
