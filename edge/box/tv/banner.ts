/** What a television says when it is tuned: number, name, what is on and what follows. */
import type { LineUpChannel } from "../../../shared/protocol/line-up.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Summary } from "../core/summary.ts";
import { clockText, make, replaceChildren } from "./dom.ts";
import type { TvTexts } from "./texts.ts";

const SHOWN_MS = 6_000;

export interface Banner {
  show(): void;
  hide(): void;
  draw(summary: Summary, channel: LineUpChannel | null): void;
}

export function createBanner(host: HTMLElement, texts: TvTexts, timers: Timers): Banner {
  let disarm: (() => void) | null = null;
  const hide = () => {
    host.className = "away";
  };
  return {
    show() {
      if (disarm) disarm();
      host.className = "";
      disarm = timers.after(SHOWN_MS, hide);
    },
    hide,
    draw(summary, channel) {
      if (host.className === "away") return;
      const name = make("div", "name", channel ? channel.name : summary.channel);
      name.dir = "auto";
      const about = make("div", "about", name);
      const { programme, nextProgramme, edgeMs } = summary;
      about.append(make("div", "now", programme ? programme.title : texts.noProgramme));
      if (programme && edgeMs !== null) {
        const done = make("div", "done");
        const part = (edgeMs - programme.startMs) / (programme.endMs - programme.startMs);
        done.style.width = `${Math.round(Math.min(1, Math.max(0, part)) * 1000) / 10}%`;
        about.append(
          make(
            "div",
            "track",
            clockText(programme.startMs),
            make("div", "rail", done),
            clockText(programme.endMs),
          ),
        );
      }
      if (nextProgramme) {
        const text = `${texts.next}  ${clockText(nextProgramme.startMs)}  ${nextProgramme.title}`;
        about.append(make("div", "next", text));
      }
      replaceChildren(host, [make("div", "number", channel ? String(channel.number) : "–"), about]);
    },
  };
}
