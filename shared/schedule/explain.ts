/**
 * Why a cue appears, or why one that an editor expected does not: the chain of reasons from the rule to the box.
 * It asks the same code that decides, so it cannot say anything else.
 */
import { occurrenceOf } from "./cue.ts";
import { formatCueId } from "./cue-id.ts";
import { type ExplainContext, programmeOf } from "./explain-context.ts";
import { tellFate } from "./explain-fate.ts";
import { standingAt, tellNothing } from "./explain-instant.ts";
import { tellMoment } from "./explain-rule.ts";
import { type Chain, createChain, type Explanation } from "./explanation.ts";
import type { Placement, ProgrammeWhen } from "./placement.ts";
import type { ProgrammeIndex } from "./programme-index.ts";
import { momentsIn } from "./programme-rule.ts";

/** What an editor expected: an occurrence by its name, something in a programme, or what stands in the minute of an instant. */
export type Expectation =
  | { occurrence: string; generation?: number }
  | { programme: string }
  | { atMs: number };

/** Most occurrences of one programme that are explained at once. */
const OCCURRENCES_MAX = 20;

/** @returns one for each occurrence that the expectation comes to; at least one */
export function explain(context: ExplainContext, expected: Expectation): Explanation[] {
  const chain = createChain(context);
  const { placement } = context;
  if (!whether(context, expected, chain) || !placement) return [chain.end("never")];
  const all = (occurrences: string[]) =>
    occurrences.map((occurrence) => follow(context, placement, occurrence, chain.fork()));
  if ("occurrence" in expected) return all([expected.occurrence]);
  const { when } = placement;
  if ("programme" in expected) {
    if (when.kind === "programme") return all(inProgramme(when, context.programmes, expected.programme));
    chain.say("programme", false, "not-by-programme", "Its rule goes by the clock, not by programmes");
    return [chain.end("never")];
  }
  const standing = standingAt(context, placement, expected.atMs);
  return standing.length > 0 ? all(standing) : [tellNothing(context, placement, expected.atMs, chain)];
}

/** Whether the placement is there for this channel at all. */
function whether(context: ExplainContext, expected: Expectation, chain: Chain): boolean {
  const { placement, id, withdrawn, groups, channel, region, inLineUp } = context;
  if (withdrawn) {
    return chain.say("placement", false, "withdrawn-placement", `Placement ${id} was withdrawn`);
  }
  if (!placement) return chain.say("placement", false, "unknown-placement", `There is no placement ${id}`);
  const { generation = placement.generation } = expected as { generation?: number };
  if (generation !== placement.generation) {
    return chain.say(
      "placement",
      false,
      "other-generation",
      `Placement ${id} is in generation ${placement.generation}: it was aired again, and its cues have new ids`,
      { generation: placement.generation },
    );
  }
  chain.say("placement", true, "placement", `Placement ${id} shows ${placement.interaction}`, {
    interaction: placement.interaction,
    version: placement.version,
    priority: placement.priority,
  });
  const group = placement.groups?.find((name) => groups.get(name)?.channels.includes(channel));
  if (placement.channels.includes(channel)) {
    chain.say("channel", true, "channel", `It names channel ${channel}`);
  } else if (group !== undefined) {
    chain.say("channel", true, "group", `Channel ${channel} is in its group ${group}`, { group });
  } else {
    return chain.say("channel", false, "not-on-channel", `It is not placed on channel ${channel}`);
  }
  if (placement.regions) {
    if (region === undefined || !placement.regions.includes(region)) {
      return chain.say(
        "region",
        false,
        "not-in-region",
        `It is limited to ${placement.regions.join(", ")}${region === undefined ? "" : `, and this is ${region}`}`,
        { regions: placement.regions },
      );
    }
    chain.say("region", true, "region", `It is placed in region ${region}`);
  }
  if (inLineUp === false) {
    return chain.say(
      "region",
      false,
      "not-in-line-up",
      `No line-up of ${region ?? "any region"} has ${channel}`,
    );
  }
  return true;
}

function inProgramme(when: ProgrammeWhen, programmes: ProgrammeIndex, id: string): string[] {
  const programme = programmeOf(programmes, id);
  const moments = programme ? momentsIn(when, programme).slice(0, OCCURRENCES_MAX) : [];
  return moments.length === 0 ? [occurrenceOf(id, 0)] : moments.map(({ index }) => occurrenceOf(id, index));
}

/** From the rule on. */
function follow(
  context: ExplainContext,
  placement: Placement,
  occurrence: string,
  chain: Chain,
): Explanation {
  chain.id = formatCueId({ placement: placement.id, generation: placement.generation, occurrence });
  const atMs = tellMoment(context, placement.when, occurrence, chain);
  if (atMs === undefined) return chain.end("never");
  chain.atMs = atMs;
  return tellFate(context, placement, atMs, chain);
}
