/**
 * Cues as JSON, straight from their rows: the text that `JSON.stringify(makeCue(…))` gives, character by character,
 * without an object for each. A schedule has hundreds, and what a placement's cues have in common is written once.
 */
import { fetchOf } from "./cue.ts";
import { formatCueId } from "./cue-id.ts";
import type { Placement } from "./placement.ts";

/**
 * @param occurrence and `programme`: of the alphabet of ids, of which nothing needs to be escaped
 * @param untilMs last instant at which it may begin
 * @param programme id, for rules within one
 */
export type CueText = (
  occurrence: string,
  atMs: number,
  untilMs: number,
  programme: string | undefined,
) => string;

/** Members of an object, without its braces, behind a comma. */
const members = (of: object) => `,${JSON.stringify(of).slice(1, -1)}`;

export function createCueText(placement: Placement): CueText {
  const { id, generation, lateJoin, interaction, version, priority, prefetch, embargo, audience } = placement;
  const opening = `{"id":"${formatCueId({ placement: id, generation, occurrence: "" })}`;
  const common = members({ lateJoin, interaction, version, priority });
  const closing = `${audience ? members({ audience }) : ""}}`;
  const withheld = embargo ? members({ spreadMs: embargo.spreadMs }) : undefined;
  return (occurrence, atMs, untilMs, programme) => {
    const own = programme === undefined ? "" : `,"programme":"${programme}"`;
    const start = `${opening}${occurrence}","atMs":${atMs},"untilMs":${untilMs}${common}${own}`;
    if (withheld !== undefined) return `${start}${withheld}${closing}`;
    const fetch = fetchOf(prefetch, atMs);
    return `${start},"fetch":{"fromMs":${fetch.fromMs},"untilMs":${fetch.untilMs}}${closing}`;
  };
}
