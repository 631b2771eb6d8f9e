/**
 * A programme as central keeps it and as a publication carries it (a JSON body): one item of the guide on a
 * channel. Its id stays when it moves, because cue ids are made from it.
 */
import * as v from "valibot";
import { idSchema, instantSchema, languageSchema } from "../protocol/primitives.ts";
import { LANGUAGES_MAX } from "./channel.ts";

/** Longest title, characters; the schedule message has the same limit. */
export const TITLE_MAX = 500;
/** Longest subtitle, characters. */
export const SUBTITLE_MAX = 500;
/** Longest series key, characters. */
export const SERIES_MAX = 256;
/** Most categories of a programme. */
export const CATEGORIES_MAX = 16;
/** Longest category, characters. */
export const CATEGORY_MAX = 100;
/** Longest programme taken: 48 h; guides write longer ones only by mistake. */
export const PROGRAMME_LENGTH_MAX_MS = 172_800_000;

const titleSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(TITLE_MAX));

export const programmeSchema = v.pipe(
  v.object({
    /** Unique among all channels. */
    id: idSchema,
    channel: idSchema,
    /** In the guide's first language. */
    title: titleSchema,
    /** By language, when the guide has several. */
    titles: v.optional(
      v.pipe(
        v.record(languageSchema, titleSchema),
        v.check(
          (titles) => Object.keys(titles).length <= LANGUAGES_MAX,
          "Cannot take these titles: too many languages",
        ),
      ),
    ),
    startMs: instantSchema,
    /** After `startMs`, at most 48 h. */
    endMs: instantSchema,
    /** Equal for all episodes of a series; what a placement on a series matches. */
    series: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(SERIES_MAX))),
    subtitle: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(SUBTITLE_MAX))),
    categories: v.optional(
      v.pipe(
        v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(CATEGORY_MAX))),
        v.maxLength(CATEGORIES_MAX),
      ),
    ),
    /** True: a first run; false: a repeat; absent: the guide does not say. */
    isNew: v.optional(v.boolean()),
  }),
  v.check(
    (programme) =>
      programme.endMs > programme.startMs && programme.endMs - programme.startMs <= PROGRAMME_LENGTH_MAX_MS,
    "Cannot take this programme: it must end after its start, at most 48 h later",
  ),
);

export type Programme = v.InferOutput<typeof programmeSchema>;

export const programmeSample: Programme = {
  id: "p0123456789ab",
  channel: "CCTV1.cn~40SD",
  title: "新闻联播",
  titles: { zh: "新闻联播", en: "Evening News" },
  startMs: 1795431600000,
  endMs: 1795433400000,
  series: "xinwen-lianbo",
  categories: ["新闻"],
  isNew: true,
};
