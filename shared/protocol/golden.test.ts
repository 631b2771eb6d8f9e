/**
 * The golden samples of WIRE.md's messages, in `golden/`: what box makers build against. A change of a
 * message shows here; writing the file anew is a decision, not a repair.
 */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import * as v from "valibot";
import { airingsReplySample, airingsReplySchema, airingsRequestSchema, airingsSample } from "./airings.ts";
import { answersRequestSchema, answersSample, receiptsSample, receiptsSchema } from "./answers.ts";
import { interactionSample, interactionSchema } from "./interaction.ts";
import { lineUpSample, lineUpSchema } from "./line-up.ts";
import { problemSample, problemSchema } from "./problem.ts";
import { resultsSample, resultsSchema } from "./results.ts";
import { scheduleSample, scheduleSchema } from "./schedule.ts";
import { timeSample, timeSchema } from "./time.ts";

const FOLDER = new URL("./golden/", import.meta.url);
const messages: Record<string, { schema: v.GenericSchema; sample: unknown }> = {
  "time.json": { schema: timeSchema, sample: timeSample },
  "line-up.json": { schema: lineUpSchema, sample: lineUpSample },
  "schedule.json": { schema: scheduleSchema, sample: scheduleSample },
  "interaction.json": { schema: interactionSchema, sample: interactionSample },
  "results.json": { schema: resultsSchema, sample: resultsSample },
  "answers.json": { schema: answersRequestSchema, sample: answersSample },
  "receipts.json": { schema: receiptsSchema, sample: receiptsSample },
  "airings.json": { schema: airingsRequestSchema, sample: airingsSample },
  "airings-reply.json": { schema: airingsReplySchema, sample: airingsReplySample },
  "problem.json": { schema: problemSchema, sample: problemSample },
};

for (const [file, { schema, sample }] of Object.entries(messages)) {
  test(`golden/${file} is the sample message, and its schema keeps every field of it`, () => {
    const value = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
    assert.deepEqual(value, sample);
    assert.deepEqual(v.parse(schema, value), value);
  });
  test(`the schema of golden/${file} needs every field that the sample has but the optional ones`, () => {
    const value = JSON.parse(readFileSync(new URL(file, FOLDER), "utf8"));
    const refused = Object.keys(value).filter((key) => {
      const { [key]: _, ...rest } = value;
      return !v.is(schema, rest);
    });
    assert.ok(refused.length > 0);
    assert.equal(v.is(schema, {}), false);
  });
}

test("golden/ holds a file for every message, and no other", () => {
  assert.deepEqual(readdirSync(FOLDER).sort(), Object.keys(messages).sort());
});
