/** From what a box asked and sent to a verdict on each clause of the wire between box and edge. Pure. */
import * as v from "valibot";
import { type Airing, airingsRequestSchema } from "../../shared/protocol/airings.ts";
import { type Answer, answersRequestSchema } from "../../shared/protocol/answers.ts";
import type { Asked } from "./playing-edge.ts";
import {
  AT,
  CHANNEL,
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

export interface Finding {
  clause: string;
  verdict: "kept" | "broken" | "not seen";
  /** What was seen, or missed. */
  why: string;
}

/** Latency and a timer's lateness. */
const SLACK_MS = 400;
const SCHEDULE_PATH = `/v1/channels/${CHANNEL}/schedule`;

type Verdict = Omit<Finding, "clause">;
const kept = (why: string): Verdict => ({ verdict: "kept", why });
const broken = (why: string): Verdict => ({ verdict: "broken", why });
const notSeen = (why: string): Verdict => ({ verdict: "not seen", why });

/** What the box did, sorted for the questions below. */
interface Conduct {
  fromMs: number;
  asked: readonly Asked[];
  pulls: readonly Asked[];
  airings: readonly Airing[];
  answers: readonly Answer[];
}

const bodyOf = <T>(entry: Asked, field: string): T[] => {
  const list = (entry.body as Record<string, unknown> | undefined)?.[field];
  return Array.isArray(list) ? (list as T[]) : [];
};

function conductOf(asked: readonly Asked[], fromMs: number): Conduct {
  const byKey = new Map<string, Airing>();
  for (const entry of asked.filter(({ path }) => path === "/v1/airings")) {
    for (const airing of bodyOf<Airing>(entry, "airings")) byKey.set(airing.key, airing);
  }
  return {
    fromMs,
    asked,
    pulls: asked.filter(({ path, method }) => path === SCHEDULE_PATH && method === "GET"),
    airings: [...byKey.values()],
    answers: asked
      .filter(({ path }) => path === "/v1/answers")
      .flatMap((entry) => bodyOf<Answer>(entry, "answers")),
  };
}

const wasShown = ({ outcome }: Airing) =>
  outcome === "shown" || outcome === "late" || outcome === "dismissed";

const shownOf = ({ airings }: Conduct, situation: Situation) =>
  airings.filter((airing) => airing.cue === cueId(situation) && wasShown(airing));

/** Shown once, at its moment. */
function punctual(conduct: Conduct, situation: Situation, at: number): Verdict {
  const atMs = conduct.fromMs + at * 1000;
  const shown = shownOf(conduct, situation);
  const other = conduct.airings.find(({ cue }) => cue === cueId(situation));
  if (shown.length === 0) {
    return other ? broken(`${other.outcome}: ${other.reason ?? "no reason"}`) : broken("no airing came");
  }
  const [{ dueMs, firedMs = Number.NaN }] = shown as [Airing];
  const off = `${Math.round(firedMs - atMs)} ms beside its moment`;
  if (dueMs !== atMs) return broken(`due ${dueMs - atMs} ms beside its moment`);
  return Math.abs(firedMs - atMs) <= PUNCTUAL_MS ? kept(off) : broken(off);
}

/** Neither shown nor answered. */
function silent(conduct: Conduct, situation: Situation): Verdict {
  if (shownOf(conduct, situation).length > 0) return broken("it was shown");
  if (conduct.answers.some(({ cue }) => cue === cueId(situation))) return broken("it was answered");
  return kept("it was not shown");
}

function time({ asked }: Conduct): Verdict {
  const asks = asked.filter(({ path }) => path === "/v1/time");
  if (asks.length === 0) return broken("GET /v1/time was never asked");
  const names = asks.map(({ query }) => query.get("n"));
  if (names.includes(null)) return broken("asked without n: a cache may answer");
  if (new Set(names).size < names.length) return broken("n was the same twice: a cache may answer");
  return kept(`asked ${asks.length} times, each with another n`);
}

function conditional({ pulls }: Conduct): Verdict {
  const later = pulls.filter(
    ({ lastEtag, status }) => lastEtag !== null && (status === 200 || status === 304),
  );
  if (later.length < 3) return notSeen("too few pulls");
  const with_ = later.filter(({ etag }) => etag !== null);
  const words = `${with_.length} of ${later.length} later pulls carried If-None-Match`;
  return with_.length >= later.length * 0.7 ? kept(words) : broken(words);
}

function refresh({ pulls, fromMs }: Conduct): Verdict {
  const count = pulls.filter(({ atMs }) => atMs < fromMs + AT.cutFrom * 1000).length;
  const wanted = (AT.cutFrom * 1000) / REFRESH_MS;
  const words = `${count} pulls where about ${wanted} were asked for`;
  return count >= wanted * 0.4 && count <= wanted * 2 ? kept(words) : broken(words);
}

function retryAfter(entries: readonly Asked[]): Verdict {
  const refused = entries.findIndex(({ status }) => status === 503);
  if (refused < 0) return notSeen("nothing was refused");
  const next = entries[refused + 1];
  if (!next) return notSeen("it never asked again");
  const waitMs = next.atMs - (entries[refused] as Asked).atMs;
  const words = `asked again after ${Math.round(waitMs)} ms`;
  return waitMs >= RETRY_AFTER_S * 1000 - 50 ? kept(words) : broken(words);
}

function prefetch({ asked, fromMs }: Conduct): Verdict {
  const windows: [Situation, number][] = [
    ["on-time", AT.onTime],
    ["after-malformed", AT.afterMalformed],
  ];
  for (const [situation, at] of windows) {
    const first = asked.find(({ path }) => path === `/v1/interactions/${interactionId(situation)}`);
    if (!first) return broken(`${interactionId(situation)} was never fetched`);
    const window = fetchWindow(fromMs, at);
    if (first.atMs < window.fromMs - SLACK_MS) return broken(`${window.fromMs - first.atMs} ms too early`);
    if (first.atMs > window.untilMs + SLACK_MS) return broken(`${first.atMs - window.untilMs} ms too late`);
  }
  return kept("inside the windows");
}

function versions({ asked }: Conduct): Verdict {
  const asks = asked.filter(({ path }) => path.startsWith("/v1/interactions/"));
  if (asks.length === 0) return notSeen("no interaction was fetched");
  const wrong = asks.find(({ query }) => query.get("version") !== String(VERSION));
  return wrong
    ? broken(`asked for version ${wrong.query.get("version")}`)
    : kept(`version ${VERSION} each time`);
}

function embargo(conduct: Conduct): Verdict {
  const atMs = conduct.fromMs + AT.embargoed * 1000;
  const asks = conduct.asked.filter(({ path }) => path === `/v1/interactions/${interactionId("embargoed")}`);
  const first = asks[0];
  if (!first) return broken("it was never fetched");
  if (first.atMs < atMs - SLACK_MS)
    return broken(`asked ${Math.round(atMs - first.atMs)} ms before its moment`);
  if (first.atMs > atMs + EMBARGO_SPREAD_MS + SLACK_MS)
    return broken(`asked ${Math.round(first.atMs - atMs)} ms after its moment`);
  return shownOf(conduct, "embargoed").length === 1
    ? kept(`asked ${Math.round(first.atMs - atMs)} ms after its moment`)
    : broken("it was not shown");
}

function once(conduct: Conduct): Verdict {
  const counts = new Map<string, number>();
  for (const { cue } of conduct.airings.filter(wasShown)) counts.set(cue, (counts.get(cue) ?? 0) + 1);
  const twice = [...counts].find(([, count]) => count > 1);
  if (twice) return broken(`${twice[0]} was shown ${twice[1]} times`);
  return counts.size > 0 ? kept(`${counts.size} cues, each shown once`) : notSeen("nothing was shown");
}

function sameKey({ asked }: Conduct): Verdict {
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

/** What was receipted is never sent again. */
function finality(entries: readonly Asked[], field: string): Verdict {
  const final = new Set<string>();
  for (const entry of entries) {
    const again = bodyOf<{ key: string }>(entry, field).find(({ key }) => final.has(key));
    if (again) return broken(`${again.key} was sent again after its receipt`);
    for (const key of entry.receipted) final.add(key);
  }
  return final.size > 0 ? kept(`${final.size} were forgotten`) : notSeen("none was sent");
}

function oneVote({ answers }: Conduct): Verdict {
  const keys = new Map<string, Set<string>>();
  for (const { cue, key } of answers) keys.set(cue, (keys.get(cue) ?? new Set()).add(key));
  const many = [...keys].find(([, found]) => found.size > 1);
  if (many) return broken(`${many[0]} was answered under ${many[1].size} keys`);
  return keys.size > 0 ? kept(`${keys.size} cues answered, one key each`) : notSeen("no answer was given");
}

function wellFormed({ asked }: Conduct): Verdict {
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

function accounts({ airings }: Conduct): Verdict {
  const nameless = airings.find(
    ({ outcome, reason }) => (outcome === "missed" || outcome === "suppressed") && !reason,
  );
  if (nameless) return broken(`${nameless.cue} was ${nameless.outcome} without a reason`);
  return airings.length > 0 ? kept(`${airings.length} airings`) : broken("no airing came");
}

const posts = (conduct: Conduct, path: string) =>
  conduct.asked.filter((entry) => entry.path === path && entry.method === "POST");

const CLAUSES: [string, (conduct: Conduct) => Verdict][] = [
  ["asks the time from /v1/time alone, each time with another n", time],
  ["pulls conditionally: If-None-Match with the tag it holds", conditional],
  ["asks again after about refreshMs", refresh],
  ["waits at least as long as Retry-After says (schedule, 503)", ({ pulls }) => retryAfter(pulls)],
  ["fetches an interaction within the cue's fetch window", prefetch],
  ["asks for the version that the cue names", versions],
  [
    "fires at its moment by the edge's clock, hours beside the wall clock",
    (conduct) => punctual(conduct, "on-time", AT.onTime),
  ],
  [
    "fires a moved cue at its new moment, under the same id",
    (conduct) => punctual(conduct, "moved", AT.movedTo),
  ],
  ["fires no cue twice, though it moves after it fired", once],
  ["ignores a lower revision: a cue that only it has", (conduct) => silent(conduct, "lower")],
  ["does not fire a withdrawn cue", (conduct) => silent(conduct, "withdrawn")],
  ["asks for what is under embargo within spreadMs after the moment, not before", embargo],
  [
    "keeps its schedule when a reply is malformed",
    (conduct) => punctual(conduct, "after-malformed", AT.afterMalformed),
  ],
  [
    "fires on time while the network is cut, and tells of it later",
    (conduct) => punctual(conduct, "in-cut", AT.inCut),
  ],
  [
    "shows nothing that is not meant for it, and sends nothing about it",
    (conduct) =>
      conduct.airings.some(({ cue }) => cue === cueId("for-nobody"))
        ? broken("an airing came")
        : silent(conduct, "for-nobody"),
  ],
  ["fires on time after its wall clock was set", (conduct) => punctual(conduct, "after-step", AT.afterStep)],
  ["sends an answer whose reply was lost again, under its key", sameKey],
  [
    "takes every receipt for final, duplicates too",
    (conduct) => finality(posts(conduct, "/v1/answers"), "answers"),
  ],
  [
    "keeps answers through 503, and waits as long as Retry-After says",
    (conduct) => retryAfter(posts(conduct, "/v1/answers")),
  ],
  ["gives a viewer one vote a cue where the first counts", oneVote],
  ["sends well-formed bodies, always as the same box", wellFormed],
  ["tells what became of every cue, with a reason where it was not shown", accounts],
  [
    "sends no airing again that was accepted",
    (conduct) => finality(posts(conduct, "/v1/airings"), "airings"),
  ],
];

/** @param fromMs edge time of the box's first pull */
export function judge(asked: readonly Asked[], fromMs: number): Finding[] {
  const conduct = conductOf(asked, fromMs);
  return CLAUSES.map(([clause, look]) => ({ clause, ...look(conduct) }));
}

/** Whether every cue that must be shown was told of: then nothing more is to be waited for. */
export function hasToldAll(asked: readonly Asked[], fromMs: number): boolean {
  const conduct = conductOf(asked, fromMs);
  const shown: Situation[] = ["on-time", "moved", "embargoed", "after-malformed", "in-cut", "after-step"];
  return shown.every((situation) => shownOf(conduct, situation).length > 0);
}
