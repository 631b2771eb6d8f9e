/**
 * Judging whole groups, one box and one cue each: it writes the difference to what was counted before, so an earlier
 * answer that arrives later takes the vote back.
 */
import type { Statement } from "../../shared/runtime/database.ts";
import type { KeptAnswer } from "./answer-table.ts";
import type { Answers } from "./answers.ts";
import { createCounting } from "./counting.ts";
import { type GivenAnswer, judgeAlone, judgeAnswers, type Verdict } from "./judge.ts";
import type { MetKind } from "./met-kinds.ts";

export interface Judged {
  answer: GivenAnswer;
  kind: MetKind;
  /** Undefined: not judged yet. */
  verdict: Verdict | undefined;
  /** Undefined: it is new. */
  kept: KeptAnswer | undefined;
}

function judgeTogether(group: readonly Judged[]): (each: Judged) => Verdict {
  const kinds = new Map(group.map(({ answer, kind }) => [answer, kind]));
  const verdicts = judgeAnswers([...kinds.keys()], (answer) => kinds.get(answer)?.facts);
  return ({ answer }) => verdicts.get(answer.key) ?? "unknown";
}

/**
 * Gives each its verdict.
 *
 * @param groups none twice, all kinds learned
 * @returns what it changes in what is kept
 */
export function judgeGroups(groups: Iterable<readonly Judged[]>, answers: Answers): Statement[] {
  const counting = createCounting();
  const changed: [KeptAnswer, Verdict][] = [];
  const settle = (each: Judged, found: Verdict) => {
    const { kind, verdict: before, kept } = each;
    // Once counted, an answer stays known even if its cue can no longer be found.
    const verdict = found === "unknown" && before ? before : found;
    if (verdict === before) return;
    if (before) counting.add(kind.cue, kind, before, -1);
    counting.add(kind.cue, kind, verdict, 1);
    if (kept) changed.push([kept, verdict]);
    each.verdict = verdict;
  };
  for (const group of groups) {
    const [alone] = group;
    if (alone && group.length === 1) settle(alone, judgeAlone(alone.answer, alone.kind.facts));
    else {
      const verdictOf = judgeTogether(group);
      for (const each of group) settle(each, verdictOf(each));
    }
  }
  return [...answers.setVerdicts(changed), ...counting.statements()];
}
