/** The verdict on airings as a whole: every cue that fell due within what the box held is told of, rightly. Pure. */
import { type Airing, LATE_AFTER_MS } from "../../shared/protocol/airings.ts";
import { type Conduct, secondMs, wasTold } from "./conduct.ts";
import {
  AT,
  afterStepMs,
  cueId,
  interactionId,
  SITUATIONS,
  type Situation,
  tellsOf,
  VERSION,
  WINDOW_MS,
} from "./script.ts";
import { broken, kept, type Verdict } from "./verdicts.ts";

const ALWAYS: Situation[] = ["on-time", "moved", "embargoed", "after-malformed", "in-cut"];

/** Cues whose moment passed while the box held them. */
export function dueCues(conduct: Conduct): string[] {
  const { pulls, course } = conduct;
  const due = [...ALWAYS];
  const { returnedMs } = course;
  const stepMs = returnedMs === null ? 0 : afterStepMs(returnedMs);
  const holdsStep = pulls.some(
    ({ revision, atMs }) => revision !== null && tellsOf("returned", revision) && atMs < stepMs,
  );
  if (holdsStep) due.push("after-step");
  // Nobody told the box until its window had passed.
  if (!wasTold(conduct, "withdraws", secondMs(conduct, AT.withdrawn) + WINDOW_MS)) due.push("withdrawn");
  return due.map(cueId);
}

/** Why an airing is wrong, whatever became of its cue; undefined when it is not. */
function fault({ cue, interaction, version, outcome, reason, dueMs, firedMs }: Airing): string | undefined {
  const situation = SITUATIONS.find((one) => cueId(one) === cue);
  if (!situation) return `no schedule had a cue ${cue}`;
  if (interaction !== interactionId(situation) || version !== VERSION)
    return `${cue} was told of with ${interaction}@${version}, not ${interactionId(situation)}@${VERSION}`;
  if ((outcome === "missed" || outcome === "suppressed") && !reason)
    return `${cue} was ${outcome} without a reason`;
  if (firedMs === undefined) return undefined;
  const lateMs = firedMs - dueMs;
  if (outcome === "shown" && lateMs > LATE_AFTER_MS) return `${cue} was ${lateMs} ms late, and called shown`;
  return outcome === "late" && lateMs <= LATE_AFTER_MS
    ? `${cue} was ${lateMs} ms late, and called late`
    : undefined;
}

export function accounts(conduct: Conduct): Verdict {
  const { airings } = conduct;
  if (airings.length === 0) return broken("no airing came");
  for (const airing of airings) {
    const why = fault(airing);
    if (why !== undefined) return broken(why);
  }
  const told = new Set(airings.map(({ cue }) => cue));
  const due = dueCues(conduct);
  const silent = due.filter((cue) => !told.has(cue));
  if (silent.length > 0) return broken(`nothing was told of ${silent.join(", ")}`);
  return kept(`${airings.length} airings, for each of the ${due.length} cues that fell due`);
}
