/** Who sits before a box: hops, zaps, goes to bed, pulls the plug, answers, changes the mind. */
import type { View } from "../../edge/box/core/messages.ts";
import type { AnswerChoice } from "../../edge/box/core/state.ts";
import type { Interaction } from "../../shared/protocol/interaction.ts";
import type { Coverage } from "./coverage.ts";
import { type Dice, nextAfterMs } from "./dice.ts";
import type { EventQueue } from "./event-queue.ts";
import type { Machine } from "./watcher.ts";

const HOUR_MS = 3_600_000;
/** A channel that no edge knows. */
const UNKNOWN = "c0";

function choose(interaction: Interaction, dice: Dice): AnswerChoice | null {
  switch (interaction.type) {
    case "poll":
    case "quiz":
      return { options: [dice.pick(interaction.options)] };
    case "rating":
      return { rating: dice.whole(1, interaction.scale) };
    case "coupon":
      return { options: ["kept"] };
    case "link":
      return { options: ["opened"] };
    default:
      return null;
  }
}

export interface Viewer {
  /** Something new is on the screen. */
  sees(view: View): void;
}

/** @param lively deeds a day */
export function createViewer(
  machine: Machine,
  channels: readonly string[],
  queue: EventQueue,
  dice: Dice,
  lively: number,
  { hit }: Coverage,
): Viewer {
  const answers = dice.pick([0, 0.5, 0.9]);

  function hop(): void {
    hit("hop");
    if (dice.chance(0.02)) {
      hit("unknown channel");
      machine.tune(UNKNOWN);
    } else machine.tune(dice.pick(channels));
  }

  function act(): void {
    const deed = dice.random();
    if (deed < 0.62) hop();
    else if (deed < 0.82) {
      hit("zap");
      const switches = dice.whole(5, 30);
      for (let count = 0; count < switches; count++) queue.after(count * dice.between(80, 300), hop);
    } else if (deed < 0.9) {
      hit("standby");
      machine.tune("");
      queue.after(dice.between(0.01, 8) * HOUR_MS, hop);
    } else {
      hit("plug pulled");
      machine.powerCut();
      queue.after(dice.between(5_000, dice.chance(0.8) ? 120_000 : 10 * HOUR_MS), () => machine.boot());
    }
    queue.after(nextAfterMs(dice, lively), act);
  }
  queue.after(nextAfterMs(dice, lively), act);

  return {
    sees(view) {
      if (dice.chance(0.08)) {
        hit("dismissal");
        queue.after(dice.between(300, 8_000), () => machine.dismiss(view.cue));
      }
      if (!view.answerable || !dice.chance(answers)) return;
      const times = dice.chance(0.3) ? 3 : 1;
      for (let count = 0; count < times; count++) {
        const choice = choose(view.interaction, dice);
        if (!choice) continue;
        hit(count === 0 ? "answer" : "another answer");
        queue.after(dice.between(300, 15_000), () => machine.answer(view.cue, choice));
      }
      // The plug is pulled just then.
      if (dice.chance(0.03)) {
        hit("plug pulled while answering");
        queue.after(dice.between(0, 6_000), () => {
          machine.powerCut();
          queue.after(dice.between(5_000, 60_000), () => machine.boot());
        });
      }
    },
  };
}
