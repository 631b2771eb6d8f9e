/** The part of an explanation that a channel decides: what becomes of a cue that its placement's rule gives. */
import { type ChannelCues, compileCues } from "./channel-cues.ts";
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

function tellSuppression(why: Suppression, chain: Chain): void {
  const facts = { ...why };
  const by = why.rule === undefined ? "" : ` of channel rule ${why.rule}`;
  const winner = `${why.to}${why.toAtMs === undefined ? "" : ` at ${textOf(why.toAtMs)}`}`;
  if (why.reason === "withdrawn") {
    chain.say("withdrawn", false, why.reason, "An editor withdrew this one", facts);
  } else if (why.reason === "outside-programme") {
    chain.say("bounds", false, why.reason, "The programme was shortened: its moment lies outside it", facts);
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
