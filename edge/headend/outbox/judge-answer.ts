/**
 * What an answer is worth, from the answer and the snapshot alone. WIRE.md, "Answers and airings". Whether
 * another answer of the box counts already is `ledger.ts`'s affair.
 */
import { answerTimes } from "../../../shared/protocol/answer-times.ts";
import { AHEAD_MAX_MS, type Answer } from "../../../shared/protocol/answers.ts";
import type { AnswerRule, Interaction } from "../../../shared/protocol/interaction.ts";
import type { NowSpan } from "./now-span.ts";

/** How long the key of an answer is remembered whose cue or version is unknown: no close is known for it. */
export const UNKNOWN_KEPT_MS = 7 * 86_400_000;

export type Judgement =
  /** Judged here: counts by `rule`. */
  | {
      status: "accepted";
      answeredAtMs: number;
      receivedAtMs: number;
      rule: AnswerRule;
      /** Option ids, or the rating as text. */
      choice: readonly string[];
      forgetMs: number;
    }
  /** This edge cannot judge it; central will. */
  | { status: "accepted"; answeredAtMs: number; receivedAtMs: number; rule: undefined; forgetMs: number }
  | { status: "late" | "rejected"; reason: string; forgetMs: number };

/** Found before it is known whether there is such a cue. */
export const AHEAD = "answered ahead of the edge's clock";
const NO_ANSWER = "this interaction takes no answer";

/** Why the answer contradicts its interaction; undefined when it does not. */
function contradiction(answer: Answer, interaction: Interaction): string | undefined {
  const { options, rating } = answer;
  switch (interaction.type) {
    case "notice":
      return NO_ANSWER;
    case "rating":
      if (options) return "a rating has no options";
      if (rating === undefined) return "the rating is missing";
      return rating > interaction.scale ? `the rating is above ${interaction.scale}` : undefined;
    case "coupon":
    case "link": {
      const only = interaction.type === "coupon" ? "kept" : "opened";
      return rating === undefined && options?.length === 1 && options[0] === only
        ? undefined
        : `the only answer is ${only}`;
    }
    case "poll":
    case "quiz": {
      if (rating !== undefined) return `a ${interaction.type} has no rating`;
      if (!options) return "the options are missing";
      const unknown = options.find((option) => !interaction.options.includes(option));
      if (unknown !== undefined) return `there is no option ${unknown}`;
      if (options.length > 1 && new Set(options).size !== options.length) return "an option is named twice";
      const { least, most } = interaction.choices;
      if (options.length < least) return `fewer than ${least} options`;
      return options.length > most ? `more than ${most} options` : undefined;
    }
  }
}

/**
 * @param cue undefined when this edge does not know it
 * @param interaction the version that the answer names; undefined when this edge does not know it
 * @param now an instant, or the span of two clocks: what is in time by one of them is
 * @returns `receivedAtMs` lies within that span, as near to the answer as may be: central judges by it again
 */
export function judgeAnswer(
  answer: Answer,
  cue: { atMs: number } | undefined,
  interaction: Interaction | undefined,
  now: NowSpan,
): Judgement {
  const rule = interaction && "answer" in interaction ? interaction.answer : undefined;
  const times = cue && interaction && answerTimes(answer, cue.atMs, interaction);
  const forgetMs = times?.acceptsUntilMs ?? now.toMs + UNKNOWN_KEPT_MS;
  const rejected = (reason: string): Judgement => ({ status: "rejected", reason, forgetMs });

  if (answer.answeredAtMs - now.toMs > AHEAD_MAX_MS) return rejected(AHEAD);
  const answeredAtMs = Math.min(answer.answeredAtMs, now.toMs);
  const receivedAtMs = Math.max(now.fromMs, answeredAtMs);
  if (!cue || !interaction) {
    return { status: "accepted", answeredAtMs, receivedAtMs, rule: undefined, forgetMs };
  }
  const why = contradiction(answer, interaction);
  if (why !== undefined) return rejected(why);
  if (!rule || !times) return rejected(NO_ANSWER);
  if (answeredAtMs < times.opensMs) return rejected("answered before its moment");
  if (answeredAtMs > times.closesMs) return { status: "late", reason: "answered after the close", forgetMs };
  if (now.fromMs > forgetMs) return { status: "late", reason: "arrived after the acceptance", forgetMs };
  const choice = answer.options ?? [String(answer.rating)];
  return { status: "accepted", answeredAtMs, receivedAtMs, rule, choice, forgetMs };
}
