/** The part of an explanation that a placement's rule decides: whether it names an occurrence, and its moment. */
import { ruleNames } from "./cron.ts";
import { isExceptDate, parseProgrammeOccurrence } from "./expand.ts";
import { type ExplainContext, programmeOf } from "./explain-context.ts";
import { type Chain, textOf } from "./explanation.ts";
import { formatLocalTime, instantOf, localTimeAt, parseLocalTime } from "./local-time.ts";
import type { CronWhen, InstantWhen, ProgrammeWhen, When } from "./placement.ts";
import { momentsIn, type ProgrammeTimes, takesAiring } from "./programme-rule.ts";

/** The instant of an occurrence; undefined when the rule has none of that name, which is told. */
export function tellMoment(
  context: ExplainContext,
  when: When,
  occurrence: string,
  chain: Chain,
): number | undefined {
  if (when.kind === "instant") return onceMoment(when, occurrence, chain);
  if (when.kind === "cron") return tellCron(when, occurrence, chain);
  return programmeMoment(context, when, occurrence, chain);
}

function onceMoment({ atMs }: InstantWhen, occurrence: string, chain: Chain): number | undefined {
  if (occurrence === "once") {
    chain.say("rule", true, "instant", `Its rule is the instant ${textOf(atMs)}`);
    return atMs;
  }
  chain.say("rule", false, "not-named", "Its rule is a single instant, and its only cue is called `once`");
  return undefined;
}

/** The instant of a recurrence's nominal time; undefined when the rule has it not, which is told. */
export function tellCron(when: CronWhen, occurrence: string, chain: Chain): number | undefined {
  const local = parseLocalTime(occurrence);
  const fail = (code: string, words: string, facts?: Record<string, unknown>) => {
    chain.say("rule", false, code, words, facts);
    return undefined;
  };
  const rule = `${when.rule} in ${when.zone}`;
  if (!local) return fail("not-named", `${occurrence} is no local time YYYYMMDDThhmm; the rule is ${rule}`);
  if (!ruleNames(when.rule, local)) {
    return fail("not-named", `The rule ${rule} does not name ${occurrence}`, {
      rule: when.rule,
      zone: when.zone,
    });
  }
  const atMs = instantOf(local, when.zone);
  if (isExceptDate(when, occurrence)) {
    return fail("except-date", `The rule ${rule} names ${occurrence}, and it is among the exception dates`);
  }
  if (when.fromMs !== undefined && atMs < when.fromMs) {
    return fail("before-from", `The rule begins at ${textOf(when.fromMs)}, after ${textOf(atMs)}`);
  }
  if (when.untilMs !== undefined && atMs >= when.untilMs) {
    return fail("after-until", `The rule ends at ${textOf(when.untilMs)}, and this is ${textOf(atMs)}`);
  }
  const shown = formatLocalTime(localTimeAt(atMs, when.zone));
  const twice = [1_800_000, 3_600_000, 7_200_000].some(
    (laterMs) => formatLocalTime(localTimeAt(atMs + laterMs, when.zone)) === occurrence,
  );
  if (shown !== occurrence) {
    chain.say(
      "rule",
      true,
      "missing-time",
      `The rule ${rule} names ${occurrence}; clocks skip that time, so it is as far after the change: ${shown}`,
      { shown },
    );
  } else if (twice) {
    chain.say(
      "rule",
      true,
      "double-time",
      `The rule ${rule} names ${occurrence}; of two such times the first`,
    );
  } else chain.say("rule", true, "named", `The rule ${rule} names ${occurrence}`);
  return atMs;
}

/** The instant within a programme; undefined when the rule has none there, which is told. */
function programmeMoment(
  context: ExplainContext,
  when: ProgrammeWhen,
  occurrence: string,
  chain: Chain,
): number | undefined {
  const { programmes, channel } = context;
  const named = parseProgrammeOccurrence(occurrence);
  const programme = named && programmeOf(programmes, named.programme);
  if (!programme) {
    chain.say(
      "programme",
      false,
      "programme-gone",
      `The guide has no programme ${named?.programme ?? occurrence} on ${channel}: with it its cues are withdrawn`,
    );
    return undefined;
  }
  if (!tellMeant(context, when, programme, chain)) return undefined;
  const moments = momentsIn(when, programme);
  const moment = moments.find(({ index }) => index === named.index);
  if (!moment) {
    chain.say(
      "rule",
      false,
      "no-such-index",
      `The rule gives ${moments.length} cues in this programme, numbered from 0; ${named.index} is none of them`,
      { match: when.match },
    );
    return undefined;
  }
  chain.say("rule", true, "in-programme", `The rule puts it at ${textOf(moment.atMs)}`, { at: when.at });
  return moment.atMs;
}

/** Whether the rule means a programme and takes this airing of it; both are told. */
export function tellMeant(
  { programmes }: ExplainContext,
  when: ProgrammeWhen,
  programme: ProgrammeTimes,
  chain: Chain,
): boolean {
  const { id, title, startMs, endMs } = programme;
  chain.say(
    "programme",
    true,
    "programme",
    `The programme is ${title}, ${textOf(startMs)} to ${textOf(endMs)}`,
    {
      id,
      title,
      startMs,
      endMs,
    },
  );
  const fail = (code: string, words: string) => chain.say("rule", false, code, words, { match: when.match });
  const meant = programmes.matching(when.match).some((place) => programmes.programmes[place] === programme);
  if (!meant) return fail("no-match", `The rule means ${JSON.stringify(when.match)}, and this is not it`);
  if (!takesAiring(when, programme)) {
    const known =
      programme.isNew === undefined ? "does not say that this is one" : "says that this is a repeat";
    return fail("repeat", `The rule takes first runs only, and the guide ${known}`);
  }
  return true;
}
