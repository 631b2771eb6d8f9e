/** The channels as a list on the picture: opened by ◀, walked through by ▲ and ▼, tuned by OK or a click. */
import type { LineUpChannel } from "../../../shared/protocol/line-up.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { KeyName } from "../platform/keys.ts";
import { make, replaceChildren } from "./dom.ts";

const SHOWN_MS = 10_000;
/** As many as stand between the margins. */
const ROWS_MAX = 11;

export interface LineUpList {
  /** @param tuned id of the channel that has the focus at first */
  show(channels: readonly LineUpChannel[], tuned: string): void;
  hide(): void;
  /** @returns whether the list used it; none does while it is away */
  key(name: KeyName): boolean;
}

/** The first of the rows to show, so that the one at `focus` stands in the middle where it can. */
export function firstRow(count: number, focus: number, rowsMax: number): number {
  return Math.max(0, Math.min(focus - Math.floor(rowsMax / 2), count - rowsMax));
}

export function createLineUpList(host: HTMLElement, timers: Timers, tune: (id: string) => void): LineUpList {
  let channels: readonly LineUpChannel[] = [];
  let focus = 0;
  let disarm: (() => void) | null = null;

  function hide(): void {
    if (disarm) disarm();
    disarm = null;
    host.className = "away";
  }

  function take(at: number): void {
    const channel = channels[at];
    hide();
    if (channel) tune(channel.id);
  }

  function draw(): void {
    const first = firstRow(channels.length, focus, ROWS_MAX);
    const rows = channels.slice(first, first + ROWS_MAX).map((channel, row) => {
      const at = first + row;
      const name = make("div", "name", channel.name);
      name.dir = "auto";
      const made = make(
        "div",
        at === focus ? "row focus" : "row",
        make("div", "number", String(channel.number)),
        name,
      );
      made.addEventListener("click", () => take(at));
      return made;
    });
    replaceChildren(host, rows);
    host.className = "";
    if (disarm) disarm();
    disarm = timers.after(SHOWN_MS, hide);
  }

  return {
    show(given, tuned) {
      channels = given;
      focus = Math.max(0, channels.map(({ id }) => id).indexOf(tuned));
      if (channels.length > 0) draw();
    },
    hide,
    key(name) {
      if (host.className === "away") return false;
      if (name === "ok") take(focus);
      else if (name === "back" || name === "left" || name === "right") hide();
      else if (name === "up" || name === "down") {
        focus = (focus + (name === "up" ? -1 : 1) + channels.length) % channels.length;
        draw();
      } else {
        // Digits, channel keys and colours do what they always do.
        hide();
        return false;
      }
      return true;
    },
  };
}
