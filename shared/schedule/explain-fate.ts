/** The part of an explanation that a channel decides: what becomes of a cue that its placement's rule gives. */
import { type ChannelCues, compileCues } from "./channel-cues.ts";
import { parseCueId } from "./cue-id.ts";
import type { ExplainContext } from "./explain-context.ts";
import { type Chain, type Explanation, textOf } from "./explanation.ts";
import type { Placement } from "./placement.ts";
import type { Suppression } from "./reason.ts";

/** @param chain names the cue; it is told to its end */
export function tellFate(
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
    const winner = why.to === undefined ? undefined : parseCueId(why.to)?.placement;
    const outranking = planner.on(channel).find((each) => each.placement.id === winner);
    tellSuppression(why, chain, outranking && rankOver(placement, atMs, outranking.placement, why));
    chain.suppression = why;
    return chain.end("suppressed");
  }
  chain.say("withdrawn", true, "not-withdrawn", "It was not withdrawn by itself");
  const { spans } = planner.blackouts(channel, programmes);
  const periods =
    spans.length > 0
      ? `lies in none of the channel's blackouts (${spans.length})`
      : "meets no blackout: the channel has none";
  chain.say("blackout", true, "no-blackout", `It ${periods}`);
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
    `It may begin until ${textOf(untilMs)}${cut ? ", when a blackout begins" : ""}, ${late}`,
    { untilMs, lateJoin: placement.lateJoin },
  );
  const { fetch } = cue;
  chain.say(
    "fetch",
    true,
    fetch ? "fetched-ahead" : "embargo",
    fetch
      ? `Boxes fetch it between ${textOf(fetch.fromMs)} and ${textOf(fetch.untilMs)}`
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

interface Outranks {
  /** For programs: docs/schedule.md. */
  because: "priority" | "earlier" | "next-day" | "id";
  text: string;
}

/** How the winner of a contest comes before a cue. */
function rankOver(own: Placement, atMs: number, winner: Placement, { toAtMs = 0 }: Suppression): Outranks {
  // No two audiences are sure never to meet: a box may read several languages and bear any tags.
  const audiences =
    (own.audience ?? winner.audience)
      ? "; whom each is for makes no difference, as a box may belong to both"
      : "";
  const told = (because: Outranks["because"], words: string) => ({ because, text: `${words}${audiences}` });
  if (winner.priority !== own.priority) {
    return told("priority", `its priority is ${winner.priority}, and here it is ${own.priority}`);
  }
  if (toAtMs < atMs) return told("earlier", "of equal priority the earlier comes first");
  if (toAtMs === atMs) return told("id", "of equals at one instant the smaller id comes first");
  return told("next-day", "in cues that follow closely for a day and longer, each day (UTC) begins anew");
}

function tellSuppression(why: Suppression, chain: Chain, outranks: Outranks | undefined): void {
  const facts = { ...why, ...(outranks && { because: outranks.because }) };
  const by = why.rule === undefined ? "" : ` of channel rule ${why.rule}`;
  const rank = outranks ? `: ${outranks.text}` : "";
  const winner = `${why.to}${why.toAtMs === undefined ? "" : ` at ${textOf(why.toAtMs)}`}`;
  if (why.reason === "withdrawn") {
    chain.say("withdrawn", false, why.reason, "An editor withdrew this one", facts);
  } else if (why.reason === "outside-programme") {
    chain.say(
      "bounds",
      false,
      why.reason,
      "Its moment lies outside the programme, which was shortened or is shorter than the rule needs",
      facts,
    );
  } else if (why.reason === "blackout") {
    const programme = why.programme === undefined ? "" : `, for programme ${why.programme}`;
    const [from, until] = [textOf(why.fromMs ?? 0), textOf(why.untilMs ?? 0)];
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
      `It is closer than the gap${by} to ${winner}, which outranks it${rank}`,
      facts,
    );
  } else {
    chain.say(
      "contest",
      false,
      why.reason,
      `The hour is full by the limit${by}; among others ${winner} outranks it${rank}`,
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
