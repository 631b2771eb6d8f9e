/**
 * A batch read without its schema, which takes longer for an answer than storing it: this decides only what it is
 * sure of, and a property test holds it to the schema. What it refuses, the schema judges, and words the refusal.
 */
import * as v from "valibot";
import { INSTANT_MAX_MS } from "../protocol/primitives.ts";
import { isBoxId, isWhole, readAnswer } from "../protocol/read-answers.ts";
import { type BatchRequest, batchRequestSchema, UPLINK_ANSWERS_MAX, type UplinkAnswer } from "./batch.ts";

function readUplinkAnswer(value: unknown): UplinkAnswer | undefined {
  const answer = readAnswer(value);
  if (!answer) return undefined;
  const { number, box, receivedAtMs } = value as Record<string, unknown>;
  if (!isWhole(number, 1, Number.MAX_SAFE_INTEGER) || !isBoxId(box)) return undefined;
  if (!isWhole(receivedAtMs, 0, INSTANT_MAX_MS)) return undefined;
  const read = answer as UplinkAnswer;
  read.number = number;
  read.box = box;
  read.receivedAtMs = receivedAtMs;
  return read;
}

/** The body, when it is sure to pass `batchRequestSchema`; undefined when the schema must decide. */
export function readBatch(value: unknown): BatchRequest | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { answers } = value as Record<string, unknown>;
  if (!Array.isArray(answers) || answers.length > UPLINK_ANSWERS_MAX) return undefined;
  // The rest is small: the schema reads it.
  const rest = v.safeParse(batchRequestSchema, { ...value, answers: [] });
  if (!rest.success) return undefined;
  const read: UplinkAnswer[] = [];
  for (const each of answers) {
    const answer = readUplinkAnswer(each);
    if (!answer) return undefined;
    read.push(answer);
  }
  return { ...rest.output, answers: read };
}
