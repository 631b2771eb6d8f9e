/**
 * The import doctor's list: every defect found in a guide is counted, located and named with its repair.
 * `docs/guide.md` shows the same table to operators.
 */

/** Most examples kept of one defect. */
export const DEFECT_EXAMPLES_MAX = 5;
/** Longest example text, characters. */
const EXAMPLE_TEXT_MAX = 160;

/** What was done about each defect, in the order in which a report shows them. */
export const DEFECT_REPAIRS = {
  encoding: "read in the encoding that the bytes are in, not the declared one",
  "replacement-characters": "kept as they are: what stood there is lost in the file",
  "malformed-xml": "read on after the place; what it breaks is kept as text",
  "bare-ampersand": "taken as the character &",
  "text-cut": "cut to the longest text taken",
  "bad-language": "text kept without its language",
  "channel-without-id": "channel left out",
  "bad-channel-id": "channel and its programmes left out",
  "duplicate-channel": "merged into the first of that id",
  "channel-without-name": "named by its id",
  "bad-icon": "icon left out: not an http or https address",
  "programme-without-channel": "programme left out",
  "unknown-channel": "programme left out: its channel is neither in the file nor known",
  "bad-start": "programme left out: its start is no time",
  "time-without-zone": "taken in the zone of its channel, else of the import, else UTC",
  "zone-offset": "the offset is not the channel's zone's: the moment is kept, unless another clock is set",
  "placeholder-date": "the date is a placeholder: taken as the day of the import",
  "missing-title": "subtitle taken as title; without one the programme is left out",
  unsorted: "sorted by start",
  "bad-stop": "stop taken as missing",
  "stop-before-start": "stop moved to the next day, where that gives at most 12 h; else taken as missing",
  "zero-length": "programme left out",
  "duplicate-programme": "left out: the same programme stands there already",
  "same-start": "one kept: the one that ends where the next begins, else the first in the file",
  "missing-stop": "ends where the next programme of the channel begins",
  "missing-stop-guessed": "ends after 30 minutes, or the length set: no next programme within 6 h",
  overlap: "the earlier one is cut where the next begins",
  "too-long": "cut to 48 h",
  hole: "what central has of that time stays as it is",
  "far-off": "left out: starts over 180 days after the import",
  "ended-long-ago": "left out: ended more than 7 days ago",
} as const;

export type DefectCode = keyof typeof DEFECT_REPAIRS;

export interface Defect {
  code: DefectCode;
  count: number;
  /** What was done about it, a phrase. */
  repaired: string;
  /** The first few, in the order found. */
  examples: { line: number; text: string }[];
}

export interface DefectLog {
  /** @param text made only when it is kept as an example */
  add(code: DefectCode, line: number, text: () => string, count?: number): void;
  count(code: DefectCode): number;
  /** In the order of `DEFECT_REPAIRS`; only what was found. */
  list(): Defect[];
}

export function createDefectLog(): DefectLog {
  const byCode = new Map<DefectCode, Defect>();
  return {
    add(code, line, text, count = 1) {
      let defect = byCode.get(code);
      if (defect === undefined) {
        defect = { code, count: 0, repaired: DEFECT_REPAIRS[code], examples: [] };
        byCode.set(code, defect);
      }
      defect.count += count;
      if (defect.examples.length < DEFECT_EXAMPLES_MAX) {
        defect.examples.push({ line, text: cutText(text(), EXAMPLE_TEXT_MAX) });
      }
    },
    count: (code) => byCode.get(code)?.count ?? 0,
    list: () =>
      (Object.keys(DEFECT_REPAIRS) as DefectCode[]).flatMap((code) => {
        const defect = byCode.get(code);
        return defect === undefined ? [] : [defect];
      }),
  };
}

/** The first `max` UTF-16 units, never half of a surrogate pair. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? max - 1 : max);
}
