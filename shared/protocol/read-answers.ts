/**
 * Answers read without their schema, which takes 12 µs for one: this decides only what it is sure of, and a
 * property test holds it to the schema. What it refuses, the schema judges, and words the refusal.
 */
import * as v from "valibot";
import { type Answer, type AnswersRequest, BATCH_MAX } from "./answers.ts";
import { OPTIONS_MAX } from "./interaction.ts";
import { INSTANT_MAX_MS } from "./primitives.ts";

const ID = /^[A-Za-z0-9._:~-]{1,128}$/;
const BOX_ID_MAX = 64;

export const isId = (value: unknown): value is string => typeof value === "string" && ID.test(value);
export const isBoxId = (value: unknown): value is string => isId(value) && value.length <= BOX_ID_MAX;
export const isWhole = (value: unknown, least: number, most: number): value is number =>
  Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most;

function readOptions(value: unknown): string[] | undefined {
  if (!Array.isArray(value) || value.length < 1 || value.length > OPTIONS_MAX) return undefined;
  return value.every(isId) ? value : undefined;
}

/** One answer; what else its object holds is left out. */
export function readAnswer(value: unknown): Answer | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { key, cue, interaction, version, options, rating, answeredAtMs, dueMs } = value as Record<
    string,
    unknown
  >;
  if (typeof key !== "string" || !v.UUID_REGEX.test(key) || !isId(cue) || !isId(interaction))
    return undefined;
  if (!isWhole(version, 1, Number.MAX_SAFE_INTEGER) || !isWhole(answeredAtMs, 0, INSTANT_MAX_MS))
    return undefined;
  const answer: Answer = { key, cue, interaction, version, answeredAtMs };
  if (options !== undefined) {
    const read = readOptions(options);
    if (!read) return undefined;
    answer.options = read;
  }
  if (rating !== undefined) {
    if (!isWhole(rating, 1, 10)) return undefined;
    answer.rating = rating;
  }
  if (dueMs !== undefined) {
    if (!isWhole(dueMs, 0, INSTANT_MAX_MS)) return undefined;
    answer.dueMs = dueMs;
  }
  return answer;
}

/** The body, when it is sure to pass `answersRequestSchema`; undefined when the schema must decide. */
export function readAnswers(value: unknown): AnswersRequest | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { box, answers } = value as Record<string, unknown>;
  if (!isBoxId(box) || !Array.isArray(answers)) return undefined;
  if (answers.length < 1 || answers.length > BATCH_MAX) return undefined;
  const read: Answer[] = [];
  for (const each of answers) {
    const answer = readAnswer(each);
    if (!answer) return undefined;
    read.push(answer);
  }
  return { box, answers: read };
}
