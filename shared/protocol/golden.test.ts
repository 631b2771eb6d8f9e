/**
 * The golden samples of WIRE.md's messages, in `golden/`: what box makers build against. A change of a
 * message shows here; writing the file anew is a decision, not a repair. `golden-first/` holds those of the first
 * release as they were (2026-11-23), and never changes: boxes that were built then are still out there.
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

const FIRST = new URL("./golden-first/", import.meta.url);
const first = (file: string) => JSON.parse(readFileSync(new URL(file, FIRST), "utf8"));

/** Every place of a value, with `[]` for whichever item of a list. */
function placesOf(value: unknown, at = ""): Set<string> {
  const found = new Set<string>();
  if (typeof value !== "object" || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    const place = Array.isArray(value) ? `${at}[]` : `${at}.${key}`;
    found.add(place);
    for (const each of placesOf(inner, place)) found.add(each);
  }
  return found;
}

for (const file of readdirSync(FIRST).sort()) {
  test(`golden-first/${file}: what the first release sent is taken as it was`, () => {
    const message = messages[file];
    assert.ok(message, "a message of the first release is gone");
    assert.deepEqual(v.parse(message.schema, first(file)), first(file));
  });
  test(`golden-first/${file}: nothing that the first release could read has gone`, () => {
    const today = placesOf(messages[file]?.sample);
    for (const place of placesOf(first(file))) assert.ok(today.has(place), place);
  });
}
