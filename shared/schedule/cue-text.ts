/**
 * Cues as JSON, straight from their rows: the text that `JSON.stringify(makeCue(…))` gives, character by character,
 * without an object or a string for each. A schedule has hundreds, and what a placement's cues have in common is made once.
 */
import { fetchOf } from "./cue.ts";
import { formatCueId } from "./cue-id.ts";
import type { Placement } from "./placement.ts";
import type { TextRoom } from "./text-room.ts";

/**
 * Writes one cue.
 *
 * @param occurrence and `programme`: of the alphabet of ids, of which nothing needs to be escaped
 * @param untilMs last instant at which it may begin
 * @param programme id, for rules within one
 */
export type CueText = (
  room: TextRoom,
  occurrence: string,
  atMs: number,
  untilMs: number,
  programme: string | undefined,
) => void;

/** Members of an object, without its braces, behind a comma. All that cues are made of is ASCII. */
const members = (of: object) => `,${JSON.stringify(of).slice(1, -1)}`;

export function createCueText(placement: Placement): CueText {
  const { id, generation, lateJoin, interaction, version, priority, prefetch, embargo, audience } = placement;
  const opening = `{"id":"${formatCueId({ placement: id, generation, occurrence: "" })}`;
  const common = members({ lateJoin, interaction, version, priority });
  const closing = `${audience ? members({ audience }) : ""}}`;
  const withheld = embargo ? `${members({ spreadMs: embargo.spreadMs })}${closing}` : undefined;
  const fetched = `}${closing}`;
  return (room, occurrence, atMs, untilMs, programme) => {
    room.ascii(opening);
    room.ascii(occurrence);
    room.ascii('","atMs":');
    room.digits(atMs);
    room.ascii(',"untilMs":');
    room.digits(untilMs);
    room.ascii(common);
    if (programme !== undefined) {
      room.ascii(',"programme":"');
      room.ascii(programme);
      room.ascii('"');
    }
    if (withheld !== undefined) return room.ascii(withheld);
    const fetch = fetchOf(prefetch, atMs);
    room.ascii(',"fetch":{"fromMs":');
    room.digits(fetch.fromMs);
    room.ascii(',"untilMs":');
    room.digits(fetch.untilMs);
    room.ascii(fetched);
  };
}
