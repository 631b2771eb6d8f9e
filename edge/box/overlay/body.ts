/** What each interaction type puts into the panel. */
import type { Texts } from "../../../shared/protocol/interaction.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { View } from "../core/messages.ts";
import type { AnswerChoice } from "../core/state.ts";
import type { KeyName } from "../platform/keys.ts";
import type { Words } from "./words.ts";

/** The sign on a key and what it does, for the line of hints. */
export type Hint = [sign: string, does: string];

export interface Body {
  /** `lower`: along the lower edge; `side`: along the right one. */
  place: "lower" | "side";
  /** Below title and text. */
  element: HTMLElement;
  /** Beside them. */
  aside?: HTMLElement | null;
  update(view: View): void;
  /** Asked while an answer can be given. @returns whether the key was used */
  key(name: KeyName): boolean;
  /** Likewise, and after every key. */
  hints(): Hint[];
}

export interface BodyContext {
  texts: Texts;
  words: Words;
  rightToLeft: boolean;
  timers: Timers;
  answer(choice: AnswerChoice): void;
}
