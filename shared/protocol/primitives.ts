/**
 * The value kinds that every wire message is made of: ids, instants, durations, counts.
 * WIRE.md, opening paragraph.
 */
import * as v from "valibot";

/** Latest instant taken: year 9999, which also keeps every sum of an instant and a duration exact. */
export const INSTANT_MAX_MS = 253_402_300_799_999;
/** Longest duration taken: 400 days. */
export const DURATION_MAX_MS = 34_560_000_000;

const ID_PATTERN = /^[A-Za-z0-9._:~-]+$/;

/** 1 to 128 of `A-Z a-z 0-9 . _ : ~ -`. */
export const idSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(128),
  v.regex(ID_PATTERN, "Cannot take this id: only A-Z a-z 0-9 . _ : ~ - are allowed"),
);

/** A box's pseudonym: an id of at most 64 characters. */
export const boxIdSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(64),
  v.regex(ID_PATTERN, "Cannot take this box id: only A-Z a-z 0-9 . _ : ~ - are allowed"),
);

/** A UUID that a box draws once for a thing it sends, and repeats on every try. */
export const keySchema = v.pipe(v.string(), v.uuid("Cannot take this key: not a UUID"));

/** Lower-case hexadecimal SHA-256. */
export const sha256Schema = v.pipe(
  v.string(),
  v.regex(/^[0-9a-f]{64}$/, "Cannot take this hash: not 64 lower-case hexadecimal digits"),
);

/** ms since the Unix epoch, UTC, a whole number, not before 1970. */
export const instantSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(INSTANT_MAX_MS));

/** Whole ms, 0 to 400 days. */
export const durationSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(DURATION_MAX_MS));

/** Whole number, 0 or more. */
export const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0));

/** Whole number, 1 or more: versions, epochs, revisions. */
export const ordinalSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** BCP 47 in outline: `zh-CN`, `en`. */
export const languageSchema = v.pipe(
  v.string(),
  v.maxLength(35),
  v.regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/, "Cannot take this language: not a BCP 47 tag like zh-CN"),
);

/** An http or https address, at most 2,000 characters. */
export const webUrlSchema = v.pipe(
  v.string(),
  v.maxLength(2000),
  v.regex(/^https?:\/\/[^\s<>"]+$/, "Cannot take this address: not an http or https URL"),
);
