/**
 * When an answer counts: not before it can have been shown, by the close, and arrived within the acceptance. Edge and
 * central judge by the same rule. WIRE.md, "Answers and airings".
 *
 * Nobody answers what was not shown yet: before the cue's moment, or before the earlier one by which the box says that it
 * showed it, nothing counts, but for what a box's clock may be off and its picture may be ahead. A box that does not say it may have shown the cue
 * where any schedule of the last two days had it, and WIRE.md promises its viewer's vote.
 *
 * Problem: cues move. A box that was offline shows one where it stood before, and its viewer answers in good faith,
 * perhaps after the close that everybody else has. Idea: the answer says by which moment the cue was shown (`dueMs`),
 * and its close counts from there when that is later. A box may say what it likes, so it gains little by it: two
 * hours at most, still one vote, still within the acceptance; and nothing in a quiz, whose correct options everybody
 * may see from the close on.
 */
import { AHEAD_MAX_MS, type Answer } from "./answers.ts";
import type { Interaction } from "./interaction.ts";

/** How far after the cue's moment a box may have shown it by a schedule that was changed since. */
export const SHOWN_AFTER_MAX_MS = 7_200_000;
/** How far before the moment a box may show it for its picture's sake: the presentation delay that may be set. */
export const SHOWN_EARLY_MAX_MS = 60_000;
/** How far before it: boxes hold two days of a schedule. Earlier than that nobody can have shown it. */
export const SHOWN_BEFORE_MAX_MS = 172_800_000;

export interface AnswerTimes {
  /** Given before that it contradicts the cue. */
  opensMs: number;
  closesMs: number;
  acceptsUntilMs: number;
}

/**
 * @param atMs the cue's moment, as it is published now
 * @returns undefined when the interaction takes no answer
 */
export function answerTimes(
  answer: Pick<Answer, "dueMs">,
  atMs: number,
  interaction: Interaction,
): AnswerTimes | undefined {
  if (interaction.type === "notice") return undefined;
  const { closeAfterMs, acceptAfterCloseMs } = interaction.answer;
  const earliestMs = atMs - SHOWN_BEFORE_MAX_MS;
  const { dueMs = earliestMs } = answer;
  const shownMs = Math.max(Math.min(dueMs, atMs), earliestMs);
  // A box whose clock error may be larger does not show it; and so far ahead any answer is taken.
  const clockMs = Math.max(interaction.clockToleranceMs, AHEAD_MAX_MS);
  const isLater = dueMs > atMs && dueMs - atMs <= SHOWN_AFTER_MAX_MS && interaction.type !== "quiz";
  return {
    opensMs: shownMs - SHOWN_EARLY_MAX_MS - clockMs,
    closesMs: (isLater ? dueMs : atMs) + closeAfterMs,
    // Of the published moment: so long keys are remembered, and no answer comes after.
    acceptsUntilMs: atMs + closeAfterMs + acceptAfterCloseMs,
  };
}
