/** One channel's programmes, ready to be asked by rules: each is read once, however many rules there are. */
import { seriesKey, titleKey } from "../guide/title-key.ts";
import type { ProgrammeMatch } from "./placement.ts";
import type { ProgrammeTimes, TitleKeys } from "./programme-rule.ts";
import { createTitleMatch } from "./title-pattern.ts";

/** What blackouts match beside what placements match. */
export type IndexedMatch = ProgrammeMatch | { category: string };

export interface ProgrammeIndex {
  /** By start, then id. */
  readonly programmes: readonly ProgrammeTimes[];
  /** Places in `programmes`, ascending. */
  matching(match: IndexedMatch): readonly number[];
}

const NONE: readonly number[] = [];

export function indexProgrammes(unsorted: Iterable<ProgrammeTimes>, keysOf: TitleKeys): ProgrammeIndex {
  const programmes = [...unsorted].sort((a, b) => a.startMs - b.startMs || (a.id < b.id ? -1 : 1));
  const made = new Map<string, Map<string, number[]>>();

  /** Made when first asked for: most channels are asked by few kinds of rules. */
  function places(kind: string, keys: (programme: ProgrammeTimes) => readonly string[]) {
    let index = made.get(kind);
    if (index) return index;
    index = new Map();
    for (let place = 0; place < programmes.length; place++) {
      for (const key of keys(programmes[place] as ProgrammeTimes)) {
        const list = index.get(key);
        if (!list) index.set(key, [place]);
        // One programme may bear a title in several languages.
        else if (list.at(-1) !== place) list.push(place);
      }
    }
    made.set(kind, index);
    return index;
  }
  const byTitle = () => places("title", keysOf);

  return {
    programmes,
    matching(match) {
      if ("programme" in match) return places("id", ({ id }) => [id]).get(match.programme) ?? NONE;
      if ("series" in match) {
        const index = places("series", ({ series }) => (series ? [seriesKey(series)] : []));
        return index.get(seriesKey(match.series)) ?? NONE;
      }
      if ("category" in match) {
        const index = places("category", ({ categories = [] }) => categories.map(keysOf.of));
        return index.get(titleKey(match.category)) ?? NONE;
      }
      if ("title" in match) return byTitle().get(titleKey(match.title)) ?? NONE;
      const fits = createTitleMatch(match.titlePattern);
      const found = new Set<number>();
      for (const [key, list] of byTitle()) if (fits(key)) for (const place of list) found.add(place);
      return [...found].sort((a, b) => a - b);
    },
  };
}
