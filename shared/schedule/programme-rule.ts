/** Programme rules: which programmes they mean, and the moments they give within one. Pure; docs/schedule.md. */
import { seriesKey, titleKey } from "../guide/title-key.ts";
import type { ProgrammeMatch, ProgrammeWhen } from "./placement.ts";
import { createTitleMatch } from "./title-pattern.ts";

/** What matching needs to know of a programme. */
export interface ProgrammeTimes {
  id: string;
  title: string;
  /** Titles by language; any of them matches too. */
  titles?: Record<string, string> | undefined;
  series?: string | undefined;
  categories?: readonly string[] | undefined;
  /** True: a first run; false: a repeat; absent: the guide does not say. */
  isNew?: boolean | undefined;
  startMs: number;
  endMs: number;
}

/** Of a programme, ready to be compared; made once for many rules. */
export interface TitleKeys {
  (programme: ProgrammeTimes): readonly string[];
  /** `titleKey()` of any text. */
  of(text: string): string;
}

/** Texts remembered; guides repeat them. */
const TEXTS_MAX = 50_000;

/** Remembers the keys of titles and categories: making one costs a microsecond, and a guide has 100,000 programmes. */
export function createTitleKeys(): TitleKeys {
  const keys = new Map<string, string>();
  const of = (text: string) => {
    let key = keys.get(text);
    if (key === undefined) {
      if (keys.size >= TEXTS_MAX) keys.clear();
      key = titleKey(text);
      keys.set(text, key);
    }
    return key;
  };
  const ofProgramme = ({ title, titles }: ProgrammeTimes) =>
    titles === undefined ? [of(title)] : [of(title), ...Object.values(titles).map(of)];
  return Object.assign(ofProgramme, { of });
}

/** Whether a programme is meant, its being a first run left aside. */
export function createProgrammeMatch(
  match: ProgrammeMatch,
  keysOf: TitleKeys = createTitleKeys(),
): (programme: ProgrammeTimes) => boolean {
  if ("programme" in match) return (programme) => programme.id === match.programme;
  if ("series" in match) {
    const wanted = seriesKey(match.series);
    return ({ series }) => series !== undefined && seriesKey(series) === wanted;
  }
  if ("titlePattern" in match) {
    const fits = createTitleMatch(match.titlePattern);
    return (programme) => keysOf(programme).some(fits);
  }
  const wanted = titleKey(match.title);
  return (programme) => keysOf(programme).includes(wanted);
}

/** Whether the rule takes this airing of a programme that it means. */
export const takesAiring = (when: ProgrammeWhen, { isNew }: ProgrammeTimes) =>
  when.airing !== "first-run" || isNew === true;

/** Whether a rule's moment is to stand also where it lies outside its programme. */
export function isMeantOutside({ at }: ProgrammeWhen): boolean {
  if (!("from" in at)) return false;
  return at.outside === true || (at.from === "start" ? at.offsetMs < 0 : at.offsetMs > 0);
}

export interface ProgrammeMoment {
  /** Of the occurrence `<programme>.<index>`. */
  index: number;
  atMs: number;
  /** False: outside the programme, against the rule's intent: it was shortened. */
  stands: boolean;
}

/**
 * The moments that a rule gives within a programme, by index.
 *
 * Both ends belong to the programme, but for several cues in one: a cue at the end would be in the next.
 */
export function momentsIn(when: ProgrammeWhen, { startMs, endMs }: ProgrammeTimes): ProgrammeMoment[] {
  const { at } = when;
  if ("everyMs" in at) {
    const moments: ProgrammeMoment[] = [];
    for (let index = 0; index < at.most; index++) {
      const atMs = startMs + at.offsetMs + index * at.everyMs;
      if (atMs >= endMs) break;
      moments.push({ index, atMs, stands: true });
    }
    return moments;
  }
  if ("fraction" in at) {
    return [{ index: 0, atMs: Math.round(startMs + (endMs - startMs) * at.fraction), stands: true }];
  }
  const atMs = (at.from === "start" ? startMs : endMs) + at.offsetMs;
  return [{ index: 0, atMs, stands: isMeantOutside(when) || (atMs >= startMs && atMs <= endMs) }];
}
