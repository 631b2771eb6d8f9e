/** The clauses of the wire between box and edge, each with what it is judged by. Pure. */
import { accounts, dueCues } from "./account-verdicts.ts";
import { contents, stamps } from "./answer-verdicts.ts";
import { conditional, prefetch, refresh, retryAfter, time, versions } from "./asking-verdicts.ts";
import { type Conduct, conductOf, posts, secondMs, wasTold } from "./conduct.ts";
import { afterReturn, embargo, malformed, once, punctual, silent } from "./firing-verdicts.ts";
import type { Asked } from "./playing-edge.ts";
import { AT, type Course, cueId } from "./script.ts";
import {
  answersFinal,
  finality,
  keepsThrough,
  moments,
  oneVote,
  sameKey,
  wellFormed,
} from "./sending-verdicts.ts";
import { broken, notSeen, type Verdict } from "./verdicts.ts";

export interface Finding extends Verdict {
  clause: string;
  /** What the box, or who runs it, has to do for the clause to be seen; only of one that was not. */
  wants?: string;
}

interface Clause {
  clause: string;
  /** How it comes to be seen. */
  wants: string;
  look(conduct: Conduct): Verdict;
}

const ANSWERING = "answer what it shows, best by itself: each panel stands for two seconds";
const TELLING = "send an airing of each cue to POST /v1/airings";
const FETCHING = "ask GET /v1/interactions/{id}?version=N at an instant within each cue's fetch window";
const ASKING_ON = "pull the schedule once a second, as refreshMs says";
const LIVING_ON = `${ASKING_ON}, fire the cues and ${TELLING}`;

/** What becomes of it when somebody sets the box's wall clock in between. */
const AFTER_RETURN = "fires on time what it heard of after the network was back";
const AFTER_STEP = "fires on time after its wall clock was set";

const CLAUSES: Clause[] = [
  {
    clause: "asks the time from /v1/time alone, each time with another n",
    wants: "ask GET /v1/time?n=RANDOM more than once: on the start and then now and again",
    look: time,
  },
  {
    clause: "pulls conditionally: If-None-Match with the tag it holds",
    wants: ASKING_ON,
    look: conditional,
  },
  { clause: "asks again after about refreshMs", wants: ASKING_ON, look: refresh },
  {
    clause: "waits at least as long as Retry-After says (schedule, 503)",
    wants: ASKING_ON,
    look: ({ pulls }) => retryAfter(pulls),
  },
  {
    clause: "fetches an interaction within the cue's fetch window",
    wants: FETCHING,
    look: prefetch,
  },
  {
    clause: "asks for the version that the cue names",
    wants: FETCHING,
    look: versions,
  },
  {
    clause: "fires at its moment by the edge's clock, hours beside the wall clock",
    wants: TELLING,
    look: (conduct) => punctual(conduct, "on-time", secondMs(conduct, AT.onTime)),
  },
  {
    clause: "fires a moved cue at its new moment, under the same id",
    wants: LIVING_ON,
    look: (conduct) =>
      wasTold(conduct, "moves", secondMs(conduct, AT.movedFrom))
        ? punctual(conduct, "moved", secondMs(conduct, AT.movedTo))
        : notSeen("it did not ask in time"),
  },
  { clause: "fires no cue twice, though it moves after it fired", wants: LIVING_ON, look: once },
  {
    clause: "ignores a lower revision: a cue that only it has",
    wants: LIVING_ON,
    look: (conduct) => silent(conduct, "lower", "lower", AT.onlyInLower),
  },
  {
    clause: "does not fire a withdrawn cue",
    wants: LIVING_ON,
    look: (conduct) => silent(conduct, "withdrawn", "withdraws", AT.withdrawn),
  },
  {
    clause: "asks for what is under embargo within spreadMs after the moment, not before",
    wants: "ask GET /v1/interactions/{id}?version=N after the moment of a cue without fetch",
    look: embargo,
  },
  { clause: "keeps its schedule when a reply is malformed", wants: LIVING_ON, look: malformed },
  {
    clause: "fires on time while the network is cut, and tells of it later",
    wants: LIVING_ON,
    look: (conduct) => punctual(conduct, "in-cut", secondMs(conduct, AT.inCut)),
  },
  {
    clause: "shows nothing that is not meant for it, and sends nothing about it",
    wants: LIVING_ON,
    look: (conduct) =>
      conduct.airings.some(({ cue }) => cue === cueId("for-nobody"))
        ? broken("an airing came")
        : silent(conduct, "for-nobody", "first", AT.forNobody),
  },
  {
    clause: AFTER_RETURN,
    wants: LIVING_ON,
    look: afterReturn,
  },
  { clause: "sends an answer whose reply was lost again, under its key", wants: ANSWERING, look: sameKey },
  {
    clause: "takes every receipt for final, duplicates too",
    wants: "send an answer whose reply was lost again, and ask on after its receipt",
    look: answersFinal,
  },
  {
    clause: "keeps answers through 503, and waits as long as Retry-After says",
    wants: "post answers again that were refused: the third post of them is",
    look: keepsThrough,
  },
  { clause: "gives a viewer one vote a cue where the first counts", wants: ANSWERING, look: oneVote },
  {
    clause: "answers as the interaction asks: known options, as many as it wants, a rating in its scale",
    wants: "answer a choice of one and one of two, a quiz, a rating, a coupon and a link",
    look: contents,
  },
  { clause: "stamps an answer with the edge's time of the viewer's press", wants: ANSWERING, look: stamps },
  { clause: "says in an answer by which moment its cue was shown (dueMs)", wants: ANSWERING, look: moments },
  {
    clause: "sends well-formed bodies, always as the same box",
    wants: "send more than one body of answers or airings",
    look: wellFormed,
  },
  {
    clause: "tells what became of every cue, with a reason where it was not shown",
    wants: TELLING,
    look: accounts,
  },
  {
    clause: "sends no airing again that was accepted",
    wants: `${TELLING}, and ask on`,
    look: (conduct) => finality(conduct, posts(conduct, "/v1/airings"), "airings"),
  },
];

/**
 * @param latenessMs how late the playing edge itself was about an instant of its time, ms
 * @param clockWasSet whether somebody set the box's wall clock when told to
 */
export function judge(
  asked: readonly Asked[],
  course: Course,
  latenessMs: (aboutMs: number) => number,
  clockWasSet: boolean,
): Finding[] {
  const conduct = conductOf(asked, course, latenessMs);
  return CLAUSES.map(({ clause, wants, look }) => {
    const verdict = look(conduct);
    const name = clause === AFTER_RETURN && clockWasSet ? AFTER_STEP : clause;
    return { clause: name, ...verdict, ...(verdict.verdict === "not seen" ? { wants } : {}) };
  });
}

/** Whether every cue that fell due was told of: then nothing more is to be waited for. */
export function hasToldAll(asked: readonly Asked[], course: Course): boolean {
  const conduct = conductOf(asked, course, () => 0);
  const told = new Set(conduct.airings.map(({ cue }) => cue));
  return dueCues(conduct).every((cue) => told.has(cue));
}
