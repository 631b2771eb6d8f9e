/** The verdicts on what a box asks for, and when. Pure. */
import { type Conduct, secondMs } from "./conduct.ts";
import type { Asked } from "./playing-edge.ts";
import {
  AT,
  fetchWindow,
  interactionId,
  REFRESH_MS,
  RETRY_AFTER_S,
  type Situation,
  VERSION,
} from "./script.ts";
import { broken, kept, LATE_SLACK_MS, notSeen, SLACK_MS, type Verdict } from "./verdicts.ts";

/** With fewer than so many one cannot tell that each time is another. */
const TIMES_LEAST = 2;

export function time({ asked }: Conduct): Verdict {
  const asks = asked.filter(({ path }) => path === "/v1/time");
  if (asks.length === 0) return broken("GET /v1/time was never asked");
  const names = asks.map(({ query }) => query.get("n"));
  if (names.includes(null)) return broken("asked without n: a cache may answer");
  if (new Set(names).size < names.length) return broken("n was the same twice: a cache may answer");
  if (asks.length < TIMES_LEAST) return notSeen("asked only once");
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
  if (!conduct.asked.some(({ path }) => path.startsWith("/v1/interactions/")))
    return notSeen("no interaction was fetched");
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
