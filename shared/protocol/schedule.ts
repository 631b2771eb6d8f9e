/** `GET /v1/channels/{channel}/schedule`: the cues and programmes of one channel over a window. WIRE.md. */
import * as v from "valibot";
import { durationSchema, idSchema, instantSchema, languageSchema, ordinalSchema } from "./primitives.ts";

export const scheduleProgrammeSchema = v.object({
  id: idSchema,
  title: v.pipe(v.string(), v.maxLength(500)),
  startMs: instantSchema,
  endMs: instantSchema,
});

export const audienceSchema = v.object({
  /** Part of the boxes, above 0 up to 1; each box draws once per cue. */
  share: v.optional(v.pipe(v.number(), v.gtValue(0), v.maxValue(1))),
  /** Any of them. */
  languages: v.optional(v.pipe(v.array(languageSchema), v.minLength(1), v.maxLength(50))),
  /** All of them. */
  tags: v.optional(v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(50))),
});

export const cueSchema = v.object({
  /** `<placement>[.<generation>]:<occurrence>`; stays when the cue moves. */
  id: idSchema,
  atMs: instantSchema,
  /** Last instant at which it may begin to be shown. */
  untilMs: instantSchema,
  /** False: only for those who were tuned in at `atMs`. */
  lateJoin: v.boolean(),
  interaction: idSchema,
  version: ordinalSchema,
  programme: v.optional(idSchema),
  /** Higher wins. */
  priority: v.pipe(v.number(), v.safeInteger(), v.minValue(-1000), v.maxValue(1000)),
  /** When to fetch ahead; absent: embargoed until `atMs`. */
  fetch: v.optional(v.object({ fromMs: instantSchema, untilMs: instantSchema })),
  /** With an embargo: ask at a random instant within this after `atMs`. */
  spreadMs: v.optional(durationSchema),
  audience: v.optional(audienceSchema),
});

export const scheduleSchema = v.object({
  channel: idSchema,
  /** The last publication that changed this channel's schedule. */
  epoch: ordinalSchema,
  revision: ordinalSchema,
  fromMs: instantSchema,
  untilMs: instantSchema,
  /** A day at most: what comes sooner would not arrive. */
  refreshMs: v.pipe(durationSchema, v.minValue(1000), v.maxValue(86_400_000)),
  programmes: v.array(scheduleProgrammeSchema),
  /** Every cue whose `untilMs` >= `fromMs`, each once; by `atMs`, priority (higher first), id. */
  cues: v.pipe(
    v.array(cueSchema),
    v.check(
      (cues) => new Set(cues.map(({ id }) => id)).size === cues.length,
      "Cannot take these cues: two have the same id",
    ),
    v.check(
      (cues) => cues.every(({ atMs, untilMs }) => untilMs >= atMs),
      "Cannot take these cues: one ends before it begins",
    ),
  ),
});

export type ScheduleProgramme = v.InferOutput<typeof scheduleProgrammeSchema>;
export type Audience = v.InferOutput<typeof audienceSchema>;
export type Cue = v.InferOutput<typeof cueSchema>;
export type Schedule = v.InferOutput<typeof scheduleSchema>;

export const scheduleSample: Schedule = {
  channel: "cctv1",
  epoch: 1,
  revision: 418,
  fromMs: 1795420800000,
  untilMs: 1795593600000,
  refreshMs: 300000,
  programmes: [{ id: "p1", title: "新闻联播", startMs: 1795431600000, endMs: 1795433400000 }],
  cues: [
    {
      id: "pl7:p1.0",
      atMs: 1795431900000,
      untilMs: 1795431960000,
      lateJoin: true,
      interaction: "int-42",
      version: 3,
      programme: "p1",
      priority: 0,
      fetch: { fromMs: 1795431600000, untilMs: 1795431890000 },
      audience: { share: 0.5, languages: ["zh-CN"], tags: ["hd"] },
    },
  ],
};
