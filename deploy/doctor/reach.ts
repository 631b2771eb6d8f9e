/** Whether something is reached over HTTP from here, and what the line met if not. */

import { type LineFault, lineFault } from "../../edge/headend/status/line-fault.ts";
import { WORDS } from "../../edge/headend/status/words.ts";
import { causeMessage } from "../../shared/errors.ts";
import { bad, type Finding, good, unknown, warning } from "./finding.ts";

const TIMEOUT_MS = 5_000;
/** What a `Date` header can tell: whole seconds, and the way back. */
const CLOCK_MOST_MS = 3_000;

export interface Reached {
  status: number;
  text: string;
  /** Of the other side's clock, by its `Date` header; undefined without one. */
  dateMs: number | undefined;
  /** By this machine's clock. */
  askedMs: number;
  repliedMs: number;
}

/** @returns words when nothing answered */
export async function ask(url: string, init: RequestInit = {}): Promise<Reached | string> {
  const askedMs = Date.now();
  try {
    const reply = await fetch(url, { ...init, redirect: "manual", signal: AbortSignal.timeout(TIMEOUT_MS) });
    const repliedMs = Date.now();
    const dateMs = Date.parse(reply.headers.get("date") ?? "");
    return {
      status: reply.status,
      text: await reply.text(),
      dateMs: Number.isNaN(dateMs) ? undefined : dateMs,
      ...{ askedMs, repliedMs },
    };
  } catch (error) {
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    return timedOut ? `no answer in ${TIMEOUT_MS} ms` : causeMessage(error);
  }
}

/** The finding for what did not answer, in the words that the status page has for it. */
export function unreached(check: "central" | "air", url: string, words: string): Finding {
  const fault: LineFault | undefined = lineFault(words);
  const said = fault && WORDS.en[check][fault];
  return bad(check, `${url}: ${words}`, said?.action ?? "Check the line, and what stands between");
}

export function checkClock({ dateMs, askedMs, repliedMs }: Omit<Reached, "status" | "text">): Finding {
  if (dateMs === undefined) return unknown("clock", "central tells no time");
  // The header is cut to whole seconds, and was written at some moment between asking and the reply.
  const [leastMs, mostMs] = [askedMs - (dateMs + 1000), repliedMs - dateMs];
  const offsetMs = leastMs > 0 ? leastMs : Math.min(0, mostMs);
  const what = `within ${CLOCK_MOST_MS / 1000} s of central's`;
  if (Math.abs(offsetMs) <= CLOCK_MOST_MS) return good("clock", what);
  return bad(
    "clock",
    `about ${Math.round(offsetMs / 1000)} s off central's`,
    "Check time synchronisation (chrony or systemd-timesyncd) here, and at central",
  );
}

/** @param own this program's version @param reached central's `/openapi.json` */
export function checkVersions(own: string, reached: Reached | string): Finding {
  try {
    const theirs = String(JSON.parse((reached as Reached).text).info.version);
    if (theirs === own) return good("version", `${own}, as central`);
    return warning("version", `${own}; central has ${theirs}`, "Upgrade central first, then the edges");
  } catch {
    return unknown("version", `${own}; central's is not known`);
  }
}
