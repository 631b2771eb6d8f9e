/** Questions of editors about single cues, answered for every channel and region that they concern. Pure. */
import * as v from "valibot";
import { idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import { channelsOf } from "../../shared/schedule/channel-group.ts";
import { parseCueId } from "../../shared/schedule/cue-id.ts";
import { parseProgrammeOccurrence } from "../../shared/schedule/expand.ts";
import { type Expectation, explain } from "../../shared/schedule/explain.ts";
import { type Explanation, explanationSchema } from "../../shared/schedule/explanation.ts";
import { createNearest } from "../../shared/schedule/nearest-moment.ts";
import type { Plan } from "./plan.ts";

/** Most explanations of one answer. */
export const EXPLANATIONS_MAX = 50;

export const answerSchema = v.object({
  of: v.picklist(["air", "drafts"]),
  nowMs: instantSchema,
  explanations: v.array(explanationSchema),
  /** There are more channels and regions: name one. */
  more: v.boolean(),
});
export type ExplainAnswer = v.InferOutput<typeof answerSchema>;

export const questionSchema = v.object({
  placement: idSchema,
  channel: v.optional(idSchema),
  region: v.optional(idSchema),
});
export type Question = v.InferOutput<typeof questionSchema> & { expected: Expectation };

/** A question about a cue's id; undefined when it is none. */
export function questionAbout(cue: string, channel?: string, region?: string): Question | undefined {
  const parts = parseCueId(cue);
  if (!parts) return undefined;
  const { placement, generation, occurrence } = parts;
  return {
    placement,
    ...(channel !== undefined && { channel }),
    ...(region !== undefined && { region }),
    expected: { occurrence, generation },
  };
}

/** @param withdrawn placements that were taken off the air, which the plan does not have */
export function answerQuestion(
  plan: Plan,
  withdrawn: ReadonlySet<string>,
  question: Question,
): { explanations: Explanation[]; more: boolean } {
  const placement = plan.placements.get(question.placement);
  const explanations: Explanation[] = [];
  const findNearest = createNearest();
  for (const channel of channelsFor(plan, question)) {
    const variants = plan.variants(channel);
    const asked = question.region !== undefined && variants[0] !== undefined;
    for (const region of asked ? [question.region] : variants) {
      if (explanations.length >= EXPLANATIONS_MAX) return { explanations, more: true };
      explanations.push(
        ...explain(
          {
            placement,
            id: question.placement,
            withdrawn: withdrawn.has(question.placement),
            groups: plan.groups,
            planner: plan.planner(region),
            programmes: plan.programmes(channel),
            findNearest,
            channel,
            region,
            inLineUp: isCarried(plan, channel, region),
          },
          question.expected,
        ),
      );
    }
  }
  return { explanations, more: false };
}

/** Whether a region's line-up has a channel; any region's, when none is asked about. A line-up left out has all. */
function isCarried({ regions }: Plan, channel: string, region: string | undefined): boolean | undefined {
  if (regions.size === 0) return undefined;
  const asked = region === undefined ? [...regions.values()] : [regions.get(region)];
  return asked.some((each) => each !== undefined && (each.channels?.includes(channel) ?? true));
}

/** The channels that a question concerns: the one it names, or those where the programme is, or all of the placement. */
function channelsFor(plan: Plan, { channel, placement: id, expected }: Question): string[] {
  if (channel !== undefined) return [channel];
  const placement = plan.placements.get(id);
  if (!placement) return [""];
  const all = channelsOf(placement, plan.groups);
  const occurrence = "occurrence" in expected ? parseProgrammeOccurrence(expected.occurrence) : undefined;
  const programme = "programme" in expected ? expected.programme : occurrence?.programme;
  if (programme === undefined || placement.when.kind !== "programme") return all;
  const having = all.filter((each) => plan.programmes(each).matching({ programme }).length > 0);
  return having.length > 0 ? having : all.slice(0, 1);
}
