/** The verdicts that the clauses are made of: each looks at what the box did and says kept, broken or not seen. Pure. */
import * as v from "valibot";
import { type Airing, airingsRequestSchema } from "../../shared/protocol/airings.ts";
import { type Answer, answersRequestSchema } from "../../shared/protocol/answers.ts";
import { bodyOf, type Conduct, secondMs, shownOf, wasShown } from "./conduct.ts";
import type { Asked } from "./playing-edge.ts";
import {
  AT,
  cueId,
  EMBARGO_SPREAD_MS,
  fetchWindow,
  interactionId,
  PUNCTUAL_MS,
  REFRESH_MS,
  RETRY_AFTER_S,
  type Situation,
  VERSION,
} from "./script.ts";

/** Latency. */
const SLACK_MS = 400;
/** A busy machine's timers: to ask a little late makes no herd, to ask early does. */
const LATE_SLACK_MS = 1_500;

export interface Verdict {
  /** `note`: beside what WIRE.md asks of a box, so that none is broken for it. */
  verdict: "kept" | "broken" | "not seen" | "note";
  /** What was seen, or missed. */
  why: string;
}

export const kept = (why: string): Verdict => ({ verdict: "kept", why });
export const broken = (why: string): Verdict => ({ verdict: "broken", why });
export const notSeen = (why: string): Verdict => ({ verdict: "not seen", why });

/** Shown once, at its moment. */
export function punctual(conduct: Conduct, situation: Situation, atMs: number): Verdict {
  const shown = shownOf(conduct, situation);
  const other = conduct.airings.find(({ cue }) => cue === cueId(situation));
  if (shown.length === 0) {
    return other ? broken(`${other.outcome}: ${other.reason ?? "no reason"}`) : broken("no airing came");
  }
  const [{ dueMs, firedMs = Number.NaN }] = shown as [Airing];
  if (dueMs !== atMs) return broken(`due ${dueMs - atMs} ms beside its moment`);
  const latenessMs = Math.round(conduct.latenessMs(atMs));
  const busy = latenessMs > PUNCTUAL_MS / 2 ? `, on a machine that was late by ${latenessMs} ms itself` : "";
  const off = `${Math.round(firedMs - atMs)} ms beside its moment${busy}`;
  return Math.abs(firedMs - atMs) <= PUNCTUAL_MS + latenessMs ? kept(off) : broken(off);
}

/** Neither shown nor answered. */
export function silent(conduct: Conduct, situation: Situation): Verdict {
  if (shownOf(conduct, situation).length > 0) return broken("it was shown");
  if (conduct.answers.some(({ cue }) => cue === cueId(situation))) return broken("it was answered");
  return kept("it was not shown");
}

/** The edge does not see the box's wall clock: whoever set it has to say so. */
export function steps(conduct: Conduct, atMs: number): Verdict {
  const seen = punctual(conduct, "after-step", atMs);
  if (conduct.clockWasSet || seen.verdict === "broken") return seen;
  return notSeen("nobody said that its clock was set: set it when told to, and give --clock-set");
}

export function time({ asked }: Conduct): Verdict {
  const asks = asked.filter(({ path }) => path === "/v1/time");
  if (asks.length === 0) return broken("GET /v1/time was never asked");
  const names = asks.map(({ query }) => query.get("n"));
  if (names.includes(null)) return broken("asked without n: a cache may answer");
  if (new Set(names).size < names.length) return broken("n was the same twice: a cache may answer");
  return kept(`asked ${asks.length} times, each with another n`);
}

export function conditional({ pulls }: Conduct): Verdict {
  const later = pulls.filter(
    ({ lastEtag, status }) => lastEtag !== null && (status === 200 || status === 304),
  );
  if (later.length < 3) return notSeen("too few pulls");
  const with_ = later.filter(({ etag }) => etag !== null);
  const words = `${with_.length} of ${later.length} later pulls carried If-None-Match`;
  return with_.length >= later.length * 0.7 ? kept(words) : broken(words);
}

export function refresh(conduct: Conduct): Verdict {
  const count = conduct.pulls.filter(({ atMs }) => atMs < secondMs(conduct, AT.cutFrom)).length;
  const wanted = (AT.cutFrom * 1000) / REFRESH_MS;
  const words = `${count} pulls where about ${wanted} were asked for`;
  return count >= wanted * 0.4 && count <= wanted * 2 ? kept(words) : broken(words);
}

export function retryAfter(entries: readonly Asked[]): Verdict {
  const refused = entries.findIndex(({ status }) => status === 503);
  if (refused < 0) return notSeen("nothing was refused");
  const next = entries[refused + 1];
  if (!next) return notSeen("it never asked again");
  const waitMs = next.atMs - (entries[refused] as Asked).atMs;
  const words = `asked again after ${Math.round(waitMs)} ms`;
  return waitMs >= RETRY_AFTER_S * 1000 - 50 ? kept(words) : broken(words);
}

export function prefetch(conduct: Conduct): Verdict {
  const moments: [Situation, number][] = [
    ["on-time", AT.onTime],
    ["after-malformed", AT.afterMalformed],
    ["in-cut", AT.inCut],
  ];
  for (const [situation, at] of moments) {
    const path = `/v1/interactions/${interactionId(situation)}`;
    const first = conduct.asked.find((entry) => entry.path === path);
    if (!first) return broken(`${interactionId(situation)} was never fetched`);
    const window = fetchWindow(situation, secondMs(conduct, at));
    const earlyMs = Math.round(window.fromMs - first.atMs);
    if (earlyMs > SLACK_MS) return broken(`${interactionId(situation)}: ${earlyMs} ms too early`);
    const lateMs = Math.round(first.atMs - window.untilMs);
    if (lateMs > LATE_SLACK_MS) return broken(`${interactionId(situation)}: ${lateMs} ms too late`);
  }
  return kept("inside the windows");
}

export function versions({ asked }: Conduct): Verdict {
  const asks = asked.filter(({ path }) => path.startsWith("/v1/interactions/"));
  if (asks.length === 0) return notSeen("no interaction was fetched");
  const wrong = asks.find(({ query }) => query.get("version") !== String(VERSION));
  return wrong
    ? broken(`asked for version ${wrong.query.get("version")}`)
    : kept(`version ${VERSION} each time`);
}

export function embargo(conduct: Conduct): Verdict {
  const atMs = secondMs(conduct, AT.embargoed);
  const asks = conduct.asked.filter(({ path }) => path === `/v1/interactions/${interactionId("embargoed")}`);
  const first = asks[0];
  if (!first) return broken("it was never fetched");
  if (first.atMs < atMs - SLACK_MS)
    return broken(`asked ${Math.round(atMs - first.atMs)} ms before its moment`);
  if (first.atMs > atMs + EMBARGO_SPREAD_MS + LATE_SLACK_MS)
    return broken(`asked ${Math.round(first.atMs - atMs)} ms after its moment`);
  return shownOf(conduct, "embargoed").length === 1
    ? kept(`asked ${Math.round(first.atMs - atMs)} ms after its moment`)
    : broken("it was not shown");
}

export function once(conduct: Conduct): Verdict {
  const counts = new Map<string, number>();
  for (const { cue } of conduct.airings.filter(wasShown)) counts.set(cue, (counts.get(cue) ?? 0) + 1);
  const twice = [...counts].find(([, count]) => count > 1);
  if (twice) return broken(`${twice[0]} was shown ${twice[1]} times`);
  return counts.size > 0 ? kept(`${counts.size} cues, each shown once`) : notSeen("nothing was shown");
}

export function sameKey({ asked }: Conduct): Verdict {
  const posts = asked.filter(({ path, method }) => path === "/v1/answers" && method === "POST");
  const lost = posts.find(({ status }) => status === 0);
  if (!lost) return notSeen("no answer was given: answer by hand, or let the box answer by itself");
  const keys = bodyOf<Answer>(lost, "answers").map(({ key }) => key);
  const again = new Set(
    posts
      .filter(({ atMs }) => atMs > lost.atMs)
      .flatMap((entry) => bodyOf<Answer>(entry, "answers").map(({ key }) => key)),
  );
  return keys.every((key) => again.has(key))
    ? kept("sent again under its key")
    : broken("it was not sent again under its key");
}

/** An answer to a cue that moved may say by which moment it was shown; the page for box makers does not ask for it. */
export function moments(conduct: Conduct): Verdict {
  const saying = conduct.answers.filter(({ dueMs }) => dueMs !== undefined);
  if (saying.length === 0)
    return notSeen("no answer carried dueMs: an answer to a cue that moved may be late");
  for (const { cue, dueMs = Number.NaN } of saying) {
    const airing = conduct.airings.find((one) => one.cue === cue && wasShown(one));
    if (!airing) continue;
    const off = dueMs - airing.dueMs;
    const why = `${cue}: ${off} ms beside the moment by which it was shown; the edge may take the answer for late`;
    if (off !== 0) return { verdict: "note", why };
  }
  return kept(`${saying.length} answers, as shown`);
}

/** What was receipted is never sent again. */
export function finality(entries: readonly Asked[], field: string): Verdict {
  const final = new Set<string>();
  for (const entry of entries) {
    const again = bodyOf<{ key: string }>(entry, field).find(({ key }) => final.has(key));
    if (again) return broken(`${again.key} was sent again after its receipt`);
    for (const key of entry.receipted) final.add(key);
  }
  return final.size > 0 ? kept(`${final.size} were forgotten`) : notSeen("none was sent");
}

export function oneVote({ answers }: Conduct): Verdict {
  const keys = new Map<string, Set<string>>();
  for (const { cue, key } of answers) keys.set(cue, (keys.get(cue) ?? new Set()).add(key));
  const many = [...keys].find(([, found]) => found.size > 1);
  if (many) return broken(`${many[0]} was answered under ${many[1].size} keys`);
  return keys.size > 0 ? kept(`${keys.size} cues answered, one key each`) : notSeen("no answer was given");
}

export function wellFormed({ asked }: Conduct): Verdict {
  const posts = asked.filter(({ method }) => method === "POST");
  if (posts.length === 0) return broken("nothing was sent");
  const boxes = new Set<unknown>();
  for (const { path, body, contentType } of posts) {
    const schema = path === "/v1/answers" ? answersRequestSchema : airingsRequestSchema;
    const parsed = v.safeParse(schema, body);
    if (!parsed.success) {
      const [issue] = parsed.issues;
      return broken(`${path}: ${v.getDotPath(issue) ?? "(top)"}: ${issue.message}`);
    }
    if (!/^application\/json\b/.test(contentType))
      return broken(`${path}: Content-Type is ${contentType || "missing"}`);
    boxes.add(parsed.output.box);
  }
  return boxes.size === 1
    ? kept(`${posts.length} bodies, box ${[...boxes][0]}`)
    : broken("box was not always the same");
}
