/** Time left: seconds in a figure, and a bar that the engine itself lets run out. */
import type { Timers } from "../../../shared/time/timers.ts";
import { element, isLaidOut, setClasses, setText } from "./element.ts";

export interface Countdown {
  figure: HTMLElement;
  bar: HTMLElement;
  set(leftMs: number): void;
  stop(): void;
}

/** From here on it is shown in a colour that hurries. */
const HURRY_S = 5;

/** @param type of the interaction, whose colour the bar has */
export function createCountdown(timers: Timers, type: string): Countdown {
  const figure = element("seconds");
  const run = element(`run ${type}`);
  const bar = element("bar", [run]);
  let disarm: (() => void) | null = null;
  /** What the whole bar stands for: the most that was ever left. */
  let wholeMs = 0;

  function tick(leftMs: number): void {
    const seconds = Math.ceil(leftMs / 1000);
    setText(
      figure,
      seconds >= 60 ? `${Math.floor(seconds / 60)}:${`0${seconds % 60}`.slice(-2)}` : String(seconds),
    );
    setClasses(figure, seconds <= HURRY_S ? "seconds hurry" : "seconds");
    if (leftMs <= 0) return;
    // To the next whole second, so that the figure changes when it should.
    const stepMs = leftMs - (seconds - 1) * 1000;
    disarm = timers.after(stepMs, () => tick(leftMs - stepMs));
  }

  return {
    figure,
    bar,
    set(leftMs) {
      if (disarm) disarm();
      tick(leftMs);
      const style = run.style;
      style.transition = "none";
      wholeMs = Math.max(wholeMs, leftMs);
      style.transform = `scaleX(${leftMs / (wholeMs || 1)})`;
      if (isLaidOut(run)) style.transition = `transform ${leftMs}ms linear`;
      style.transform = "scaleX(0)";
    },
    stop() {
      if (disarm) disarm();
    },
  };
}
