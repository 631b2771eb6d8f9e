/** The verdicts on what answers say and when they say that they were given. Pure. */
import { type Conduct, firstMomentMs, wasShown } from "./conduct.ts";
import { interactionOf, KINDS, kindOf } from "./interactions.ts";
import type { JudgedAnswer } from "./judged-answers.ts";
import { PUNCTUAL_MS } from "./script.ts";
import { broken, kept, notSeen, type Verdict } from "./verdicts.ts";

/** A press may be taken so long after the panel began to leave. */
const LEAVING_MS = 1_000;

const said = ({ answer: { options, rating } }: JudgedAnswer) =>
  rating === undefined ? `options ${JSON.stringify(options)}` : `rating ${rating}`;

/** An edge rejects an answer that contradicts its interaction. */
export function contents({ judged }: Conduct): Verdict {
  if (judged.length === 0) return notSeen("no answer was given");
  const wrong = judged.find(({ contradiction }) => contradiction !== undefined);
  if (wrong) return broken(`${wrong.answer.cue}, ${said(wrong)}: ${wrong.contradiction}`);
  const answered = new Set(judged.map(({ answer }) => kindOf(answer.interaction)));
  const open = KINDS.filter((kind) => !answered.has(kind));
  return open.length > 0
    ? notSeen(`rightly as far as answered; not answered: ${open.join(", ")}`)
    : kept(`${KINDS.length} kinds answered as they ask`);
}

/** When the viewer pressed, by the edge's clock: neither before the cue's moment nor when it had left the screen. */
export function stamps(conduct: Conduct): Verdict {
  const { judged, airings } = conduct;
  if (judged.length === 0) return notSeen("no answer was given");
  for (const one of judged) {
    const { cue, answeredAtMs, interaction } = one.answer;
    const { contradiction, reason } = one;
    if (contradiction === undefined && reason !== undefined) {
      const aheadMs = Math.round(answeredAtMs - one.arrivedMs);
      return broken(
        `${cue}: ${reason} (answeredAtMs is ${Math.abs(aheadMs)} ms ${sideOf(aheadMs)} its arrival)`,
      );
    }
    const momentMs = firstMomentMs(conduct, cue);
    if (momentMs === undefined) continue;
    const slackMs = PUNCTUAL_MS + conduct.latenessMs(momentMs);
    const earlyMs = Math.round(momentMs - answeredAtMs);
    if (earlyMs > slackMs) return broken(`${cue}: answered ${earlyMs} ms before its moment`);
    const shown = airings.find((airing) => airing.cue === cue && wasShown(airing));
    const leftMs = (shown?.firedMs ?? Number.POSITIVE_INFINITY) + interactionOf(interaction).durationMs;
    const goneMs = Math.round(answeredAtMs - leftMs);
    if (goneMs > slackMs + LEAVING_MS)
      return broken(`${cue}: answered ${goneMs} ms after it left the screen`);
  }
  return kept(`${judged.length} stamps, each while its cue stood`);
}

const sideOf = (aheadMs: number) => (aheadMs < 0 ? "before" : "after");
