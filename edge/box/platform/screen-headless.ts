/** A screen that nobody looks at, and, if asked to, a viewer who answers a little after seeing something. */

import type { Interaction } from "../../../shared/protocol/interaction.ts";
import type { Random } from "../../../shared/time/random.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { AnswerChoice } from "../core/state.ts";
import type { Screen, ScreenEvents } from "../ports.ts";

/** A viewer takes from the first to the sum of both to choose, ms. */
const THINKING_MS = { least: 300, spread: 1_500 };

function choose(interaction: Interaction, random: Random): AnswerChoice | null {
  switch (interaction.type) {
    case "poll":
    case "quiz": {
      const { least, most } = interaction.choices;
      const count = Math.min(interaction.options.length, least + Math.floor(random() * (most - least + 1)));
      const left = interaction.options.slice();
      const options: string[] = [];
      while (options.length < count) options.push(...left.splice(Math.floor(random() * left.length), 1));
      return { options };
    }
    case "rating":
      return { rating: 1 + Math.floor(random() * interaction.scale) };
    case "coupon":
      return { options: ["kept"] };
    case "link":
      return { options: ["opened"] };
    default:
      return null;
  }
}

/** @param random of the viewer's; null for one who only watches */
export function createHeadlessScreen(timers: Timers, random: Random | null): Screen {
  let events: ScreenEvents | null = null;
  let standing: string | null = null;
  let disarm: (() => void) | null = null;
  return {
    attach(given) {
      events = given;
    },
    show(view) {
      const fresh = standing !== view.cue;
      standing = view.cue;
      if (!fresh) return;
      if (disarm) disarm();
      disarm = null;
      events?.shown(view.cue);
      const choice = random && view.answerable ? choose(view.interaction, random) : null;
      if (!random || !choice) return;
      const thinkingMs = THINKING_MS.least + THINKING_MS.spread * random();
      disarm = timers.after(thinkingMs, () => events?.answer(view.cue, choice));
    },
    hide() {
      standing = null;
      if (disarm) disarm();
      disarm = null;
    },
    preload() {},
  };
}
