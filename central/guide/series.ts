/** The key that all episodes of a series share, as far as a guide tells. */
import { SERIES_MAX } from "../../shared/guide/programme.ts";
import { titleKey } from "../../shared/guide/title-key.ts";
import { cutText } from "./defects.ts";

/** One `<episode-num>`. */
export interface EpisodeNumber {
  system: string;
  text: string;
}

/** Gracenote's: `EP01234567.0123`, or without the point; `MV` and `SP` are single works. */
const DD_PROGID = /^((?:EP|SH)\d{8})(?:\.?\d{4})?$/;

/** Under which our own export writes a series key as it is. */
export const SERIES_SYSTEM = "cuecast";

/**
 * `dd:EP01234567` from a `dd_progid`; otherwise, when the programme has any other episode number and so is
 * part of a series, `title:` and its title key.
 *
 * @returns undefined when nothing says that it is part of a series
 */
export function seriesOf(episodes: EpisodeNumber[], title: string): string | undefined {
  let numbered = false;
  for (const { system, text } of episodes) {
    if (system === SERIES_SYSTEM) return cutText(text, SERIES_MAX);
    if (system !== "dd_progid") {
      numbered ||= /\d/.test(text);
      continue;
    }
    const progid = DD_PROGID.exec(text.trim());
    if (progid !== null) return `dd:${progid[1]}`;
  }
  return numbered && title !== "" ? cutText(`title:${titleKey(title)}`, SERIES_MAX) : undefined;
}
