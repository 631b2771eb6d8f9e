/** What a box did in a conformance run, sorted for the verdicts. Pure. */
import type { Airing } from "../../shared/protocol/airings.ts";
import type { Answer } from "../../shared/protocol/answers.ts";
import { type JudgedAnswer, judged } from "./judged-answers.ts";
import type { Asked } from "./playing-edge.ts";
import { AT, afterStepMs, CHANNEL, type Course, cueId, type Situation, tellsOf } from "./script.ts";

const SCHEDULE_PATH = `/v1/channels/${CHANNEL}/schedule`;
/** So long before the moment must the edge have told of a change, to hold it against the box. */
const TOLD_AHEAD_MS = 500;

/** What the box did, sorted for the questions below. */
export interface Conduct {
  course: Course;
  /** How late the playing edge itself was about an instant, ms: so much its own stamps are in doubt. */
  latenessMs(aboutMs: number): number;
  asked: readonly Asked[];
  pulls: readonly Asked[];
  /** Those that were accepted, one a key. */
  airings: readonly Airing[];
  answers: readonly Answer[];
  /** Those of well-formed bodies, at each try, with what an edge makes of them. */
  judged: readonly JudgedAnswer[];
}

export const bodyOf = <T>(entry: Asked, field: string): T[] => {
  const list = (entry.body as Record<string, unknown> | undefined)?.[field];
  return Array.isArray(list) ? (list as T[]) : [];
};

export function conductOf(
  asked: readonly Asked[],
  course: Course,
  latenessMs: Conduct["latenessMs"],
): Conduct {
  const byKey = new Map<string, Airing>();
  for (const entry of asked.filter(({ path, status }) => path === "/v1/airings" && status === 200)) {
    for (const airing of bodyOf<Airing>(entry, "airings")) byKey.set(airing.key, airing);
  }
  return {
    course,
    latenessMs,
    asked,
    pulls: asked.filter(({ path, method }) => path === SCHEDULE_PATH && method === "GET"),
    airings: [...byKey.values()],
    answers: asked
      .filter(({ path }) => path === "/v1/answers")
      .flatMap((entry) => bodyOf<Answer>(entry, "answers")),
    judged: asked.filter(({ path }) => path === "/v1/answers").flatMap((entry) => judged(entry, course)),
  };
}

export const wasShown = ({ outcome }: Airing) =>
  outcome === "shown" || outcome === "late" || outcome === "dismissed";

export const shownOf = ({ airings }: Conduct, situation: Situation) =>
  airings.filter((airing) => airing.cue === cueId(situation) && wasShown(airing));

/** Edge time of a second of the script. */
export const secondMs = ({ course }: Conduct, at: number) => course.fromMs + at * 1000;

/** Seconds of the script at which a cue is due first, whichever schedule is held. */
const FIRST_AT: Partial<Record<Situation, number>> = {
  "on-time": AT.onTime,
  moved: AT.movedFrom,
  lower: AT.onlyInLower,
  withdrawn: AT.withdrawn,
  embargoed: AT.embargoed,
  "after-malformed": AT.afterMalformed,
  "in-cut": AT.inCut,
  "for-nobody": AT.forNobody,
};

/** @returns edge time before which a cue cannot have been shown; undefined when no schedule had it */
export function firstMomentMs(conduct: Conduct, cue: string): number | undefined {
  const { returnedMs } = conduct.course;
  if (cue === cueId("after-step")) return returnedMs === null ? undefined : afterStepMs(returnedMs);
  for (const [situation, at] of Object.entries(FIRST_AT))
    if (cueId(situation as Situation) === cue) return secondMs(conduct, at);
  return undefined;
}

/** Whether the box pulled a schedule with this change in time. */
export function wasTold(
  { pulls }: Conduct,
  change: Parameters<typeof tellsOf>[0],
  momentMs: number,
): boolean {
  return pulls.some(
    ({ revision, atMs }) => revision !== null && tellsOf(change, revision) && atMs < momentMs - TOLD_AHEAD_MS,
  );
}

export const posts = (conduct: Conduct, path: string) =>
  conduct.asked.filter((entry) => entry.path === path && entry.method === "POST");
