/** A tag that editors give to interactions: their own words, compared without case. Pure. */
import * as v from "valibot";

/** Most of one interaction: as many as can be read at a glance in the library. */
export const TAGS_MAX = 20;
/** Longest, characters. */
const TAG_LENGTH_MAX = 40;

/** Trimmed, composed, without case: what looks the same is the same. No comma, so that lists of them can be typed. */
export const tagSchema = v.pipe(
  v.string(),
  v.maxLength(TAG_LENGTH_MAX * 4),
  v.transform((text) => text.normalize("NFC").trim().replaceAll(/\s+/g, " ").toLowerCase()),
  v.minLength(1),
  v.maxLength(TAG_LENGTH_MAX),
  v.regex(/^[^\p{C},]+$/u, "Cannot take this tag: no commas and no control characters"),
);
