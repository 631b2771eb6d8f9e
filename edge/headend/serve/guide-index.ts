/**
 * Guides as rules ask them, for every snapshot of an edge. One channel's programmes are held at a time, those that
 * are worked with: a schedule is settled and written in two turns, and guide.ts says why no more are kept (unless told:
 * a simulation has a few short ones).
 *
 * A channel's settled cues hold its index, for as long as nothing changes there: an index therefore knows its guide
 * and nothing else of the publication, or old publications would live on in it.
 */
import { indexProgrammes, type ProgrammeIndex } from "../../../shared/schedule/programme-index.ts";
import { createTitleKeys } from "../../../shared/schedule/programme-rule.ts";
import type { Guide } from "./guide.ts";

/** The index of a guide, the same object each time; without a guide it has no programmes. */
export type GuideIndexes = (guide: Pick<Guide, "programmes"> | undefined) => ProgrammeIndex;

const NO_GUIDE: Pick<Guide, "programmes"> = { programmes: () => [] };

/** @param heldMax guides held at a time */
export function createGuideIndexes(heldMax = 1): GuideIndexes {
  const keysOf = createTitleKeys();
  const indexes = new WeakMap<object, ProgrammeIndex>();
  let held: { guide: object; index: ProgrammeIndex }[] = [];

  const read = (guide: Pick<Guide, "programmes">): ProgrammeIndex => {
    let found = held.find((each) => each.guide === guide);
    if (!found) {
      found = { guide, index: indexProgrammes(guide.programmes(), keysOf) };
      held = [...held, found].slice(-heldMax);
    }
    return found.index;
  };

  return (guide = NO_GUIDE) => {
    let index = indexes.get(guide);
    if (!index) {
      index = {
        get programmes() {
          return read(guide).programmes;
        },
        matching: (match) => read(guide).matching(match),
      };
      indexes.set(guide, index);
    }
    return index;
  };
}
