/** What each answer of a conformance run is worth: judged by the code that edges judge by, at its arrival. Pure. */
import * as v from "valibot";
import { judgeAnswer } from "../../edge/headend/outbox/judge-answer.ts";
import { nowSpan } from "../../edge/headend/outbox/now-span.ts";
import { type Answer, answersRequestSchema } from "../../shared/protocol/answers.ts";
import { interactionOf } from "./interactions.ts";
import { type Course, cueId, highestMomentsAt, interactionId, SITUATIONS, VERSION } from "./script.ts";

export interface JudgedAnswer {
  answer: Answer;
  arrivedMs: number;
  status: "accepted" | "late" | "rejected";
  reason?: string;
  /** Why its content contradicts its cue, whenever it was given. */
  contradiction?: string;
}

/** Why it does not belong to its cue; undefined when it does. */
function stray({ cue, interaction, version }: Answer): string | undefined {
  const situation = SITUATIONS.find((one) => cueId(one) === cue);
  if (!situation) return "no schedule had such a cue";
  if (interaction !== interactionId(situation)) return `the cue's interaction is ${interactionId(situation)}`;
  return version === VERSION ? undefined : `the cue's version is ${VERSION}`;
}

/** @returns nothing of a body that is malformed: another clause tells of it */
export function judged({ body, atMs }: { body: unknown; atMs: number }, course: Course): JudgedAnswer[] {
  const parsed = v.safeParse(answersRequestSchema, body);
  if (!parsed.success) return [];
  const moments = new Map(highestMomentsAt(course, atMs).map(([situation, at]) => [cueId(situation), at]));
  return parsed.output.answers.map((answer): JudgedAnswer => {
    const momentMs = moments.get(answer.cue);
    const cue = momentMs === undefined ? undefined : { atMs: momentMs };
    const strays = stray(answer);
    // What belongs to no cue is unknown to an edge, which leaves it to central.
    const interaction = strays === undefined ? interactionOf(answer.interaction) : undefined;
    const judgement = (answeredAtMs: number) =>
      judgeAnswer({ ...answer, answeredAtMs }, cue, interaction, nowSpan(atMs, undefined));
    const whole = judgement(answer.answeredAtMs);
    const inTime = judgement(atMs);
    return {
      answer,
      arrivedMs: atMs,
      status: whole.status,
      ...(whole.status === "accepted" ? {} : { reason: whole.reason }),
      ...(strays === undefined ? {} : { contradiction: strays }),
      ...(inTime.status === "rejected" ? { contradiction: inTime.reason } : {}),
    };
  });
}
