/** The clauses of the wire between box and edge, each with what it is judged by. Pure. */
import { accounts, dueCues } from "./account-verdicts.ts";
import { contents, stamps } from "./answer-verdicts.ts";
import { type Conduct, conductOf, posts, secondMs, wasTold } from "./conduct.ts";
import type { Asked } from "./playing-edge.ts";
import { AT, afterStepMs, type Course, cueId } from "./script.ts";
import {
  broken,
  conditional,
  embargo,
  finality,
  moments,
  notSeen,
  once,
  oneVote,
  prefetch,
  punctual,
  refresh,
  retryAfter,
  sameKey,
  silent,
  steps,
  time,
  type Verdict,
  versions,
  wellFormed,
} from "./verdicts.ts";

export interface Finding extends Verdict {
  clause: string;
}

const CLAUSES: [string, (conduct: Conduct) => Verdict][] = [
  ["asks the time from /v1/time alone, each time with another n", time],
  ["pulls conditionally: If-None-Match with the tag it holds", conditional],
  ["asks again after about refreshMs", refresh],
  ["waits at least as long as Retry-After says (schedule, 503)", ({ pulls }) => retryAfter(pulls)],
  ["fetches an interaction within the cue's fetch window", prefetch],
  ["asks for the version that the cue names", versions],
  [
    "fires at its moment by the edge's clock, hours beside the wall clock",
    (conduct) => punctual(conduct, "on-time", secondMs(conduct, AT.onTime)),
  ],
  [
    "fires a moved cue at its new moment, under the same id",
    (conduct) =>
      wasTold(conduct, "moves", secondMs(conduct, AT.movedFrom))
        ? punctual(conduct, "moved", secondMs(conduct, AT.movedTo))
        : notSeen("it did not ask in time"),
  ],
  [
    "fires no cue twice, though it moves after it fired",
    (conduct) =>
      wasTold(conduct, "movesFired", secondMs(conduct, AT.firedAgain))
        ? once(conduct)
        : notSeen("it did not ask in time"),
  ],
  [
    "ignores a lower revision: a cue that only it has",
    (conduct) =>
      wasTold(conduct, "lower", secondMs(conduct, AT.onlyInLower))
        ? silent(conduct, "lower")
        : notSeen("it did not ask in time"),
  ],
  [
    "does not fire a withdrawn cue",
    (conduct) =>
      wasTold(conduct, "withdraws", secondMs(conduct, AT.withdrawn))
        ? silent(conduct, "withdrawn")
        : notSeen("it did not ask in time"),
  ],
  ["asks for what is under embargo within spreadMs after the moment, not before", embargo],
  [
    "keeps its schedule when a reply is malformed",
    (conduct) => punctual(conduct, "after-malformed", secondMs(conduct, AT.afterMalformed)),
  ],
  [
    "fires on time while the network is cut, and tells of it later",
    (conduct) => punctual(conduct, "in-cut", secondMs(conduct, AT.inCut)),
  ],
  [
    "shows nothing that is not meant for it, and sends nothing about it",
    (conduct) =>
      conduct.airings.some(({ cue }) => cue === cueId("for-nobody"))
        ? broken("an airing came")
        : silent(conduct, "for-nobody"),
  ],
  [
    "fires on time after its wall clock was set",
    (conduct) =>
      conduct.course.returnedMs === null
        ? broken("it never pulled again after the cut")
        : steps(conduct, afterStepMs(conduct.course.returnedMs)),
  ],
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
  ["answers as the interaction asks: known options, as many as it wants, a rating in its scale", contents],
  ["stamps an answer with the edge's time of the viewer's press", stamps],
  ["says in an answer by which moment its cue was shown (dueMs)", moments],
  ["sends well-formed bodies, always as the same box", wellFormed],
  ["tells what became of every cue, with a reason where it was not shown", accounts],
  [
    "sends no airing again that was accepted",
    (conduct) => finality(posts(conduct, "/v1/airings"), "airings"),
  ],
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
  const conduct = conductOf(asked, course, latenessMs, clockWasSet);
  return CLAUSES.map(([clause, look]) => ({ clause, ...look(conduct) }));
}

/** Whether every cue that fell due was told of: then nothing more is to be waited for. */
export function hasToldAll(asked: readonly Asked[], course: Course): boolean {
  const conduct = conductOf(asked, course, () => 0, false);
  const told = new Set(conduct.airings.map(({ cue }) => cue));
  return dueCues(conduct).every((cue) => told.has(cue));
}
