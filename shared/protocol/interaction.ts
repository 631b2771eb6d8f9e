/** `GET /v1/interactions/{id}?version=N`: what is shown and may be answered; immutable per version. WIRE.md. */
import * as v from "valibot";
import {
  durationSchema,
  idSchema,
  languageSchema,
  ordinalSchema,
  sha256Schema,
  webUrlSchema,
} from "./primitives.ts";

/** Most options of a poll or quiz: what fits on a screen at three metres. */
export const OPTIONS_MAX = 9;

const text = (max: number) => v.pipe(v.string(), v.maxLength(max));

/** Plain text, never markup. */
export const textsSchema = v.object({
  title: v.optional(text(200)),
  body: v.optional(text(1000)),
  /** By option id. */
  options: v.optional(v.record(idSchema, text(120))),
  /** Shown when the answer is taken. */
  thanks: v.optional(text(200)),
});

export const imageSchema = v.object({
  sha256: sha256Schema,
  width: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(4096)),
  height: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(4096)),
});

export const answerRuleSchema = v.object({
  /** `first` counts, `last` may be changed until the close, `many` each counts up to `most`. */
  mode: v.picklist(["first", "last", "many"]),
  most: v.optional(v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(1000))),
  /** From the cue's `atMs`. */
  closeAfterMs: durationSchema,
  /** How much later an answer given in time may still arrive. */
  acceptAfterCloseMs: durationSchema,
});

const common = {
  id: idSchema,
  version: ordinalSchema,
  /** How long it stays on the screen, 1 s to 1 h. */
  durationMs: v.pipe(durationSchema, v.minValue(1000), v.maxValue(3_600_000)),
  /** A box whose clock error bound is larger suppresses it. */
  clockToleranceMs: durationSchema,
  defaultLanguage: languageSchema,
  texts: v.record(languageSchema, textsSchema),
  image: v.optional(imageSchema),
  results: v.optional(v.picklist(["never", "after-answer", "after-close"])),
};

const optionsSchema = v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(OPTIONS_MAX));
const choicesSchema = v.object({
  least: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(OPTIONS_MAX)),
  most: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(OPTIONS_MAX)),
});

export const noticeSchema = v.object({ ...common, type: v.literal("notice") });
export const pollSchema = v.object({
  ...common,
  type: v.literal("poll"),
  options: optionsSchema,
  choices: choicesSchema,
  answer: answerRuleSchema,
});
/** The correct options are no part of it: they come with the results, after the close. */
export const quizSchema = v.object({
  ...common,
  type: v.literal("quiz"),
  options: optionsSchema,
  choices: choicesSchema,
  answer: answerRuleSchema,
});
export const ratingSchema = v.object({
  ...common,
  type: v.literal("rating"),
  /** Answers run from 1 to this. */
  scale: v.pipe(v.number(), v.safeInteger(), v.minValue(2), v.maxValue(10)),
  answer: answerRuleSchema,
});
export const couponSchema = v.object({
  ...common,
  type: v.literal("coupon"),
  /** One of `code` and `url`; shown as text and as QR. */
  code: v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
  url: v.optional(webUrlSchema),
  answer: answerRuleSchema,
});
export const linkSchema = v.object({
  ...common,
  type: v.literal("link"),
  url: webUrlSchema,
  answer: answerRuleSchema,
});

export const interactionSchema = v.variant("type", [
  noticeSchema,
  pollSchema,
  quizSchema,
  ratingSchema,
  couponSchema,
  linkSchema,
]);

export type Texts = v.InferOutput<typeof textsSchema>;
export type AnswerRule = v.InferOutput<typeof answerRuleSchema>;
export type Interaction = v.InferOutput<typeof interactionSchema>;
export type InteractionType = Interaction["type"];

export const interactionSample: Interaction = {
  id: "int-42",
  version: 3,
  type: "poll",
  durationMs: 20000,
  clockToleranceMs: 2000,
  defaultLanguage: "zh-CN",
  texts: {
    "zh-CN": { title: "今晚谁会赢？", body: "请用遥控器选择", options: { a: "红队", b: "蓝队" } },
    en: { title: "Who wins tonight?", body: "Choose with your remote", options: { a: "Red", b: "Blue" } },
  },
  options: ["a", "b"],
  choices: { least: 1, most: 1 },
  answer: { mode: "first", closeAfterMs: 60000, acceptAfterCloseMs: 86400000 },
  results: "after-answer",
};
