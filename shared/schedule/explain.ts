/**
 * Why a cue appears, or why one that an editor expected does not: the chain of reasons from the rule to the box,
 * as data that a page can show. It asks the same code that decides, so it cannot say anything else.
 */
import * as v from "valibot";
import { idSchema, instantSchema } from "../protocol/primitives.ts";
import { type Cue, cueSchema } from "../protocol/schedule.ts";
import { type ChannelCues, compileCues } from "./channel-cues.ts";
import type { ChannelGroups } from "./channel-group.ts";
import { ruleNames } from "./cron.ts";
import { occurrenceOf } from "./cue.ts";
import { formatCueId } from "./cue-id.ts";
import { isExceptDate, parseProgrammeOccurrence } from "./expand.ts";
import { formatLocalTime, instantOf, localTimeAt, parseLocalTime } from "./local-time.ts";
import type { CronWhen, Placement, ProgrammeWhen } from "./placement.ts";
import type { Planner } from "./planner.ts";
import type { ProgrammeIndex } from "./programme-index.ts";
import { momentsIn, type ProgrammeTimes, takesAiring } from "./programme-rule.ts";
import { type Suppression, suppressionSchema } from "./reason.ts";

/** The links of the chain, in their order; it ends at the first that does not hold. */
export const STEPS = [
  "placement",
  "channel",
  "region",
  "programme",
  "rule",
  "withdrawn",
  "bounds",
  "blackout",
  "contest",
  "window",
  "fetch",
  "audience",
] as const;

export const stepSchema = v.object({
  step: v.picklist(STEPS),
  /** False: here it ends, and this is why. */
  holds: v.boolean(),
  /** For programs; docs/schedule.md lists them. */
  code: v.string(),
  /** For people, in English. */
  text: v.string(),
  facts: v.optional(v.record(v.string(), v.unknown())),
});
export type Step = v.InferOutput<typeof stepSchema>;

export const explanationSchema = v.object({
  placement: v.string(),
  channel: v.optional(idSchema),
  /** Where regions differ. */
  region: v.optional(idSchema),
  /** `appears` on this channel; `suppressed`: its rule gives it, and something else keeps it away; `never`. */
  outcome: v.picklist(["appears", "suppressed", "never"]),
  id: v.optional(v.string()),
  atMs: v.optional(instantSchema),
  /** As boxes get it. */
  cue: v.optional(cueSchema),
  suppression: v.optional(suppressionSchema),
  steps: v.array(stepSchema),
});
export type Explanation = v.InferOutput<typeof explanationSchema>;

export interface ExplainContext {
  /** Undefined when there is none of that id. */
  placement: Placement | undefined;
  /** The placement's id, as asked. */
  id: string;
  /** An editor took the whole placement off the air. */
  withdrawn: boolean;
  groups: ChannelGroups;
  planner: Planner;
  programmes: ProgrammeIndex;
  channel: string;
  region: string | undefined;
  /** Whether the region's line-up has the channel; undefined where regions make no difference. */
  inLineUp: boolean | undefined;
}

/** What an editor expected: an occurrence by its name, something in a programme, or something at an instant. */
export type Expectation =
  | { occurrence: string; generation?: number }
  | { programme: string }
  | { atMs: number };

/** Most occurrences of one programme that are explained at once. */
const OCCURRENCES_MAX = 20;
const text = (ms: number) => `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")}Z`;

/** @returns one for each occurrence that the expectation comes to; at least one */
export function explain(context: ExplainContext, expected: Expectation): Explanation[] {
  const chain = createChain(context);
  const { placement } = context;
  if (!whether(context, expected, chain) || !placement) return [chain.end("never")];
  const occurrences = occurrencesOf(context, placement, expected);
  if ("missing" in occurrences) {
    chain.say("programme", false, occurrences.code, occurrences.missing);
    return [chain.end("never")];
  }
  return occurrences.found.map((occurrence) => follow(context, placement, occurrence, chain.fork()));
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

function occurrencesOf(
  { programmes, channel }: ExplainContext,
  { when }: Placement,
  expected: Expectation,
): { found: string[] } | { missing: string; code: string } {
  if ("occurrence" in expected) return { found: [expected.occurrence] };
  if ("programme" in expected) {
    if (when.kind !== "programme") {
      return { missing: "Its rule goes by the clock, not by programmes", code: "not-by-programme" };
    }
    return { found: inProgramme(when, programmes, expected.programme) };
  }
  if (when.kind === "instant") return { found: ["once"] };
  if (when.kind === "cron") return { found: [formatLocalTime(localTimeAt(expected.atMs, when.zone))] };
  const on = programmes.programmes.find(
    ({ startMs, endMs }) => startMs <= expected.atMs && endMs > expected.atMs,
  );
  if (!on) {
    return {
      missing: `The guide has nothing on ${channel} at ${text(expected.atMs)}`,
      code: "nothing-on",
    };
  }
  return { found: inProgramme(when, programmes, on.id) };
}

function inProgramme(when: ProgrammeWhen, programmes: ProgrammeIndex, id: string): string[] {
  const programme = programmeOf(programmes, id);
  const moments = programme ? momentsIn(when, programme).slice(0, OCCURRENCES_MAX) : [];
  return moments.length === 0 ? [occurrenceOf(id, 0)] : moments.map(({ index }) => occurrenceOf(id, index));
}

function programmeOf({ programmes, matching }: ProgrammeIndex, id: string): ProgrammeTimes | undefined {
  const [place] = matching({ programme: id });
  return place === undefined ? undefined : programmes[place];
}

/** From the rule on. */
function follow(
  context: ExplainContext,
  placement: Placement,
  occurrence: string,
  chain: Chain,
): Explanation {
  chain.id = formatCueId({ placement: placement.id, generation: placement.generation, occurrence });
  const { when } = placement;
  let atMs: number | undefined;
  if (when.kind === "instant") {
    atMs = occurrence === "once" ? when.atMs : undefined;
    if (atMs === undefined) {
      chain.say(
        "rule",
        false,
        "not-named",
        "Its rule is a single instant, and its only cue is called `once`",
      );
    } else chain.say("rule", true, "instant", `Its rule is the instant ${text(atMs)}`);
  } else if (when.kind === "cron") atMs = cronMoment(when, occurrence, chain);
  else atMs = programmeMoment(context, when, occurrence, chain);
  if (atMs === undefined) return chain.end("never");
  chain.atMs = atMs;
  return fateAt(context, placement, atMs, chain);
}

/** The instant of a recurrence's nominal time; undefined when the rule has it not, which is told. */
function cronMoment(when: CronWhen, occurrence: string, chain: Chain): number | undefined {
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
    return fail("before-from", `The rule begins at ${text(when.fromMs)}, after ${text(atMs)}`);
  }
  if (when.untilMs !== undefined && atMs >= when.untilMs) {
    return fail("after-until", `The rule ends at ${text(when.untilMs)}, and this is ${text(atMs)}`);
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
  { programmes, channel }: ExplainContext,
  when: ProgrammeWhen,
  occurrence: string,
  chain: Chain,
): number | undefined {
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
  const { id, title, startMs, endMs } = programme;
  chain.say("programme", true, "programme", `The programme is ${title}, ${text(startMs)} to ${text(endMs)}`, {
    id,
    title,
    startMs,
    endMs,
  });
  const fail = (code: string, words: string) => {
    chain.say("rule", false, code, words, { match: when.match });
    return undefined;
  };
  const meant = programmes.matching(when.match).some((place) => programmes.programmes[place] === programme);
  if (!meant) return fail("no-match", `The rule means ${JSON.stringify(when.match)}, and this is not it`);
  if (!takesAiring(when, programme)) {
    const known =
      programme.isNew === undefined ? "does not say that this is one" : "says that this is a repeat";
    return fail("repeat", `The rule takes first runs only, and the guide ${known}`);
  }
  const moments = momentsIn(when, programme);
  const moment = moments.find(({ index }) => index === named.index);
  if (!moment) {
    return fail(
      "no-such-index",
      `The rule gives ${moments.length} cues in this programme, numbered from 0; ${named.index} is none of them`,
    );
  }
  chain.say("rule", true, "in-programme", `The rule puts it at ${text(moment.atMs)}`, { at: when.at });
  return moment.atMs;
}

/** What the channel makes of it. */
function fateAt(
  { planner, programmes, channel }: ExplainContext,
  placement: Placement,
  atMs: number,
  chain: Chain,
): Explanation {
  const found = rowOf(compileCues(planner, channel, programmes, atMs, atMs + 1), chain.id ?? "");
  if (!found) {
    const [trouble = "its rule cannot be expanded"] = planner.troubles();
    chain.say("rule", false, "rule-fails", `Nothing comes of it: ${trouble}`);
    return chain.end("never");
  }
  const { cue, why, untilMs } = found;
  if (why) {
    tellSuppression(why, chain);
    const winner =
      why.toAtMs === undefined
        ? undefined
        : rowOf(compileCues(planner, channel, programmes, why.toAtMs, why.toAtMs + 1), why.to ?? "");
    if (winner?.why) {
      chain.steps.push({
        step: "contest",
        holds: false,
        code: "winner-lost-too",
        text: `${why.to} lost itself afterwards, across the border of two days: ${winner.why.reason}`,
        facts: { ...winner.why },
      });
    }
    chain.suppression = why;
    return chain.end("suppressed");
  }
  chain.say("withdrawn", true, "not-withdrawn", "It was not withdrawn by itself");
  const { spans } = planner.blackouts(channel, programmes);
  chain.say("blackout", true, "no-blackout", `It lies in none of the channel's ${spans.length} blackouts`);
  const { gapMs, perHourMost } = planner.limits(channel);
  const limits = [
    ...(gapMs > 0 ? [`a gap of ${gapMs / 1000} s`] : []),
    ...(Number.isFinite(perHourMost) ? [`at most ${perHourMost} an hour`] : []),
  ];
  chain.say(
    "contest",
    true,
    limits.length > 0 ? "keeps-limits" : "no-limits",
    limits.length > 0 ? `It keeps ${limits.join(" and ")}` : "The channel has no gap and no most per hour",
  );
  const cut = untilMs < atMs + placement.windowMs;
  const late = placement.lateJoin
    ? "also for those who tune in late"
    : "only for those tuned in at its moment";
  chain.say(
    "window",
    true,
    cut ? "window-cut" : "window",
    `It may begin until ${text(untilMs)}${cut ? ", when a blackout begins" : ""}, ${late}`,
    { untilMs, lateJoin: placement.lateJoin },
  );
  const { fetch } = cue;
  chain.say(
    "fetch",
    true,
    fetch ? "fetched-ahead" : "embargo",
    fetch
      ? `Boxes fetch it between ${text(fetch.fromMs)} and ${text(fetch.untilMs)}`
      : `It is under embargo until its moment; boxes fetch it within ${(cue.spreadMs ?? 0) / 1000} s after`,
  );
  const { audience } = placement;
  chain.say(
    "audience",
    true,
    audience ? "some" : "everyone",
    audience ? `Each box judges by itself: ${audienceText(audience)}` : "It is for everyone",
    audience && { ...audience },
  );
  chain.cue = cue;
  return chain.end("appears");
}

function rowOf(cues: ChannelCues, id: string) {
  for (let row = 0; row < cues.rows.count; row++) {
    if (cues.id(row) === id) {
      return { cue: cues.cue(row), why: cues.suppression(row), untilMs: cues.untilMs(row) };
    }
  }
  return undefined;
}

function tellSuppression(why: Suppression, chain: Chain): void {
  const facts = { ...why };
  const by = why.rule === undefined ? "" : ` of channel rule ${why.rule}`;
  const winner = `${why.to}${why.toAtMs === undefined ? "" : ` at ${text(why.toAtMs)}`}`;
  if (why.reason === "withdrawn") {
    chain.say("withdrawn", false, why.reason, "An editor withdrew this one", facts);
  } else if (why.reason === "outside-programme") {
    chain.say("bounds", false, why.reason, "The programme was shortened: its moment lies outside it", facts);
  } else if (why.reason === "blackout") {
    const programme = why.programme === undefined ? "" : `, for programme ${why.programme}`;
    const [from, until] = [text(why.fromMs ?? 0), text(why.untilMs ?? 0)];
    chain.say(
      "blackout",
      false,
      why.reason,
      `It lies in the blackout${by}, ${from} to ${until}${programme}`,
      facts,
    );
  } else if (why.reason === "gap") {
    chain.say(
      "contest",
      false,
      why.reason,
      `It is closer than the gap${by} to ${winner}, which outranks it`,
      facts,
    );
  } else {
    chain.say(
      "contest",
      false,
      why.reason,
      `The hour is full by the limit${by}; among others ${winner} outranks it`,
      facts,
    );
  }
}

function audienceText({ share, languages, tags }: NonNullable<Placement["audience"]>): string {
  return [
    ...(share === undefined ? [] : [`a share of ${Math.round(share * 1000) / 10} %`]),
    ...(languages ? [`any language of ${languages.join(", ")}`] : []),
    ...(tags ? [`all tags of ${tags.join(", ")}`] : []),
  ].join("; ");
}

interface Chain {
  steps: Step[];
  id?: string;
  atMs?: number;
  cue?: Cue;
  suppression?: Suppression;
  /** @returns whether it holds */
  say(
    step: Step["step"],
    holds: boolean,
    code: string,
    words: string,
    facts?: Record<string, unknown>,
  ): boolean;
  fork(): Chain;
  end(outcome: Explanation["outcome"]): Explanation;
}

function createChain(context: ExplainContext, before: readonly Step[] = []): Chain {
  const chain: Chain = {
    steps: [...before],
    say(step, holds, code, words, facts) {
      chain.steps.push({ step, holds, code, text: words, ...(facts && { facts }) });
      return holds;
    },
    fork: () => createChain(context, chain.steps),
    end: (outcome) => ({
      placement: context.id,
      ...(context.channel !== "" && { channel: context.channel }),
      ...(context.region !== undefined && { region: context.region }),
      outcome,
      ...(chain.id !== undefined && { id: chain.id }),
      ...(chain.atMs !== undefined && { atMs: chain.atMs }),
      ...(chain.cue && { cue: chain.cue }),
      ...(chain.suppression && { suppression: chain.suppression }),
      steps: chain.steps,
    }),
  };
  return chain;
}
