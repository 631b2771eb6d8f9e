/**
 * What of a placement stands at an instant on one channel; and where nothing does, why not, and what is nearest.
 * A cue stands at its moment, wherever that lies: also before or after its programme, or where clocks changed.
 */

import { expandRule } from "./cron.ts";
import { formatCueId } from "./cue-id.ts";
import { firingsOf, isExceptDate } from "./expand.ts";
import type { ExplainContext } from "./explain-context.ts";
import { tellCron, tellMeant } from "./explain-rule.ts";
import { type Chain, type Explanation, textOf } from "./explanation.ts";
import { formatLocalTime, localTimeAt } from "./local-time.ts";
import { momentsOn, nearestMoment } from "./nearest-moment.ts";
import type { CronWhen, Placement, When } from "./placement.ts";
import { momentsIn } from "./programme-rule.ts";

/** Instants are asked about to the minute: pages and local times know no seconds. */
const MINUTE_MS = 60_000;
/** Most cues of one placement that are told at one instant. */
const STANDING_MAX = 20;

/** Occurrences whose moments lie within the minute of an instant, in their order. */
export function standingAt(
  { programmes, planner }: ExplainContext,
  placement: Placement,
  instantMs: number,
): string[] {
  const fromMs = Math.floor(instantMs / MINUTE_MS) * MINUTE_MS;
  const untilMs = fromMs + MINUTE_MS;
  const { when } = placement;
  if (when.kind !== "programme") {
    const found = planner.guarded(placement, () => firingsOf(placement, fromMs, untilMs)) ?? [];
    return found.slice(0, STANDING_MAX).map(({ nominal }) => nominal);
  }
  return [...momentsOn(when, programmes)]
    .filter(({ atMs }) => atMs >= fromMs && atMs < untilMs)
    .slice(0, STANDING_MAX)
    .map(({ occurrence }) => occurrence);
}

/** @param chain the placement is there for the channel; it is told to its end */
export function tellNothing(
  context: ExplainContext,
  placement: Placement,
  instantMs: number,
  chain: Chain,
): Explanation {
  tellWhyNot(context, placement.when, instantMs, chain);
  const { findNearest = nearestMoment, planner, programmes } = context;
  const found = planner.guarded(placement, () => findNearest(placement, programmes, instantMs));
  const then = `Nothing of it stands at ${textOf(instantMs)}`;
  const last = chain.steps.at(-1);
  chain.askedMs = instantMs;
  if (found) {
    const { id, generation } = placement;
    chain.nearest = {
      id: formatCueId({ placement: id, generation, occurrence: found.occurrence }),
      atMs: found.atMs,
    };
  }
  const nearest = chain.nearest
    ? `; the nearest is ${chain.nearest.id} at ${textOf(chain.nearest.atMs)}`
    : ", nor at any other time that is known";
  if (last) last.text += `. ${then}${nearest}`;
  return chain.end("never");
}

/** The link that does not hold. */
function tellWhyNot(context: ExplainContext, when: When, instantMs: number, chain: Chain): void {
  if (when.kind === "instant") {
    chain.say("rule", false, "other-moment", `Its rule is the instant ${textOf(when.atMs)}`);
    return;
  }
  if (when.kind === "cron") {
    tellUnnamed(context, when, instantMs, chain);
    return;
  }
  const on = context.programmes.programmes.find(
    ({ startMs, endMs }) => startMs <= instantMs && endMs > instantMs,
  );
  if (!on) {
    chain.say("programme", false, "nothing-on", `The guide has nothing on ${context.channel} then`);
  } else if (tellMeant(context, when, on, chain)) {
    const count = momentsIn(when, on).length;
    const what = count === 1 ? "a cue" : `${count} cues`;
    const words = `The rule gives ${what} in this programme, at ${count > 1 ? "other moments" : "another moment"}`;
    if (count === 0) chain.say("rule", false, "no-such-index", "The rule gives no cue in this programme");
    else chain.say("rule", false, "other-moment", words, { at: when.at });
  }
}

function tellUnnamed(
  { planner, placement }: ExplainContext,
  when: CronWhen,
  instantMs: number,
  chain: Chain,
) {
  const shown = formatLocalTime(localTimeAt(instantMs, when.zone));
  const fromMs = Math.floor(instantMs / MINUTE_MS) * MINUTE_MS;
  // Exceptions included: the nominal time may be another than what the clock shows then.
  const named = placement
    ? planner.guarded(placement, () => expandRule(when.rule, when.zone, fromMs, fromMs + MINUTE_MS))
    : undefined;
  const nominal = named?.find((firing) => isExceptDate(when, firing.nominal)) ?? named?.[0];
  const firstMs = tellCron(when, nominal?.nominal ?? shown, chain);
  if (firstMs === undefined) return;
  chain.steps.pop();
  chain.say(
    "rule",
    false,
    "second-time",
    `Clocks show ${shown} twice, and the rule means the first, at ${textOf(firstMs)}`,
  );
}
