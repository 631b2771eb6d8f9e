/** The verdicts on what a box fires, when, and what it leaves alone. Pure. */
import type { Airing } from "../../shared/protocol/airings.ts";
import { type Conduct, secondMs, shownOf, wasShown, wasTold } from "./conduct.ts";
import {
  AT,
  afterStepMs,
  cueId,
  EMBARGO_SPREAD_MS,
  interactionId,
  PUNCTUAL_MS,
  type Situation,
} from "./script.ts";
import { broken, kept, LATE_SLACK_MS, notSeen, SLACK_MS, type Verdict } from "./verdicts.ts";

/** Shown once, at its moment. */
export function punctual(conduct: Conduct, situation: Situation, atMs: number): Verdict {
  const shown = shownOf(conduct, situation);
  const other = conduct.airings.find(({ cue }) => cue === cueId(situation));
  if (conduct.airings.length === 0) return notSeen("no airing came of any cue");
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

/** A cue that was not shown says something only of a box that goes on showing others. */
function showsAfter({ airings }: Conduct, atMs: number): boolean {
  return airings.some((airing) => wasShown(airing) && airing.dueMs > atMs);
}

/**
 * Neither shown nor answered.
 *
 * @param change that the box must have heard of before the cue's moment
 * @param at second of the script at which the cue would be due
 */
export function silent(
  conduct: Conduct,
  situation: Situation,
  change: Parameters<typeof wasTold>[1],
  at: number,
): Verdict {
  const atMs = secondMs(conduct, at);
  if (!wasTold(conduct, change, atMs)) return notSeen("it did not ask in time");
  if (shownOf(conduct, situation).length > 0) return broken("it was shown");
  if (conduct.answers.some(({ cue }) => cue === cueId(situation))) return broken("it was answered");
  const other = conduct.airings.find(({ cue, reason }) => cue === cueId(situation) && reason === "overlap");
  if (other) return notSeen("something else stood on its screen then");
  return showsAfter(conduct, atMs)
    ? kept("it was not shown, later ones were")
    : notSeen("nothing was shown after it either");
}

/** Shown, then moved, and not shown again. */
export function once(conduct: Conduct): Verdict {
  const counts = new Map<string, number>();
  for (const { cue } of conduct.airings.filter(wasShown)) counts.set(cue, (counts.get(cue) ?? 0) + 1);
  const twice = [...counts].find(([, count]) => count > 1);
  if (twice) return broken(`${twice[0]} was shown ${twice[1]} times`);
  if (shownOf(conduct, "on-time").length === 0) return notSeen("it was not shown a first time");
  const againMs = secondMs(conduct, AT.firedAgain);
  if (!wasTold(conduct, "movesFired", againMs)) return notSeen("it did not ask in time");
  return showsAfter(conduct, againMs)
    ? kept(`${counts.size} cues, each shown once`)
    : notSeen("nothing was shown after it moved");
}

/** What came instead of a schedule was no schedule. */
export function malformed(conduct: Conduct): Verdict {
  if (!conduct.pulls.some(({ status, revision }) => status === 200 && revision === null))
    return notSeen("it did not ask while replies were malformed");
  return punctual(conduct, "after-malformed", secondMs(conduct, AT.afterMalformed));
}

/** The edge does not see the box's wall clock: whoever set it has said so, or it is not judged. */
export function afterReturn(conduct: Conduct): Verdict {
  const { returnedMs } = conduct.course;
  return returnedMs === null
    ? broken("it never pulled again after the cut")
    : punctual(conduct, "after-step", afterStepMs(returnedMs));
}

export function embargo(conduct: Conduct): Verdict {
  const atMs = secondMs(conduct, AT.embargoed);
  const asks = conduct.asked.filter(({ path }) => path === `/v1/interactions/${interactionId("embargoed")}`);
  const first = asks[0];
  if (!first)
    return conduct.asked.some(({ path }) => path.startsWith("/v1/interactions/"))
      ? broken("it was never fetched")
      : notSeen("no interaction was fetched");
  if (first.atMs < atMs - SLACK_MS)
    return broken(`asked ${Math.round(atMs - first.atMs)} ms before its moment`);
  if (first.atMs > atMs + EMBARGO_SPREAD_MS + LATE_SLACK_MS)
    return broken(`asked ${Math.round(first.atMs - atMs)} ms after its moment`);
  return shownOf(conduct, "embargoed").length === 1
    ? kept(`asked ${Math.round(first.atMs - atMs)} ms after its moment`)
    : broken("it was not shown");
}
