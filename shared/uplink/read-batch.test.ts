import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { answersSample } from "../protocol/answers.ts";
import { INSTANT_MAX_MS } from "../protocol/primitives.ts";
import { batchRequestSchema, UPLINK_ANSWERS_MAX } from "./batch.ts";
import { readBatch } from "./read-batch.ts";

const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(null, "", "a b", -1, 0, 0.5, 2 ** 53, INSTANT_MAX_MS + 1, "1", [], {}, "x".repeat(65)),
);
const sometimes = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 40, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd });
const answer = fc.record(
  {
    number: sometimes(fc.integer({ min: 1, max: 9 })),
    box: sometimes(fc.stringMatching(/^[A-Za-z0-9._:~-]{1,66}$/)),
    receivedAtMs: sometimes(fc.integer({ min: 0, max: INSTANT_MAX_MS })),
    key: sometimes(fc.uuid()),
    options: sometimes(fc.constantFrom(["a"], ["a", "b"])),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ["number", "box", "receivedAtMs", "key"] },
);
const count = { cue: "c", interaction: "i", version: 1 };
const body = fc.record(
  {
    outbox: sometimes(fc.uuid()),
    answers: sometimes(
      fc.array(
        answer.map((made) => ({ ...answersSample.answers[0], ...made })),
        { maxLength: 4 },
      ),
    ),
    airings: sometimes(
      fc.constantFrom([], [{ ...count, outcomes: { shown: 1 }, firingErrors: [1, 0, 0, 0, 0, 0, 0, 0, 0] }]),
    ),
    tallies: sometimes(fc.constantFrom([], [{ ...count, total: 1, options: { a: 1 } }])),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ["outbox", "answers", "airings", "tallies"] },
);

test("readBatch() agrees with the schema wherever it decides, and decides whatever the schema takes", () => {
  let taken = 0;
  fc.assert(
    fc.property(sometimes(body), (made) => {
      const value = JSON.parse(JSON.stringify(made) ?? "null");
      const read = readBatch(value);
      const judged = v.safeParse(batchRequestSchema, value);
      assert.deepEqual(read, judged.success ? judged.output : undefined);
      if (read) taken++;
    }),
    { numRuns: 2_000 },
  );
  assert.ok(taken > 100, `only ${taken} bodies were right`);
});

test("readBatch() stops at the most answers of a batch", () => {
  const outbox = answersSample.answers[0]?.key;
  const one = { ...answersSample.answers[0], number: 1, box: "b", receivedAtMs: 1 };
  const of = (count: number) =>
    readBatch({ outbox, answers: Array(count).fill(one), airings: [], tallies: [] });
  assert.equal(of(UPLINK_ANSWERS_MAX)?.answers.length, UPLINK_ANSWERS_MAX);
  assert.equal(of(UPLINK_ANSWERS_MAX + 1), undefined);
});
