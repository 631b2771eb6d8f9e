import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import * as v from "valibot";
import { answersRequestSchema, answersSample } from "./answers.ts";
import { INSTANT_MAX_MS } from "./primitives.ts";
import { readAnswers } from "./read-answers.ts";

/** Mostly right, often wrong in one place, in every way that JSON can be. */
const odd = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom(
    null,
    "",
    "a b",
    "é",
    " ",
    -1,
    -0,
    0,
    0.5,
    Number.POSITIVE_INFINITY,
    2 ** 53,
    INSTANT_MAX_MS + 1,
    "1",
    [],
    {},
  ),
  fc.constantFrom("x".repeat(64), "x".repeat(65), "x".repeat(128), "x".repeat(129), "a\n", "\ud800"),
);
const sometimes = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 40, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: odd });
const id = fc.stringMatching(/^[A-Za-z0-9._:~-]{1,10}$/);
const key = fc.oneof(
  fc.uuid(),
  fc.uuid().map((text) => text.toUpperCase()),
  fc.uuid().map((text) => `${text}0`),
);
const answer = fc.record(
  {
    key: sometimes(key),
    cue: sometimes(id),
    interaction: sometimes(id),
    version: sometimes(fc.integer({ min: 1, max: 5 })),
    options: sometimes(fc.array(sometimes(id), { maxLength: 11 })),
    rating: sometimes(fc.integer({ min: 0, max: 11 })),
    answeredAtMs: sometimes(fc.integer({ min: 0, max: INSTANT_MAX_MS })),
    dueMs: sometimes(fc.integer({ min: 0, max: INSTANT_MAX_MS })),
    extra: fc.jsonValue(),
  },
  { requiredKeys: ["key", "cue", "interaction", "version", "answeredAtMs"] },
);
const body = fc.record(
  {
    box: sometimes(id),
    answers: sometimes(fc.array(sometimes(answer), { maxLength: 4 })),
    extra: fc.jsonValue(),
  },
  { requiredKeys: [] },
);

test("readAnswers() agrees with the schema wherever it decides, and decides whatever the schema takes", () => {
  let taken = 0;
  fc.assert(
    fc.property(sometimes(body), (made) => {
      // As it comes off the wire.
      const value = JSON.parse(JSON.stringify(made) ?? "null");
      const read = readAnswers(value);
      const judged = v.safeParse(answersRequestSchema, value);
      assert.deepEqual(read, judged.success ? judged.output : undefined);
      if (read) taken++;
    }),
    { numRuns: 3_000 },
  );
  assert.ok(taken > 100, `only ${taken} bodies were right`);
});

test("readAnswers() stops at the limits where the schema does", () => {
  const [one] = answersSample.answers;
  for (const count of [0, 1, 100, 101]) {
    const value = { box: "b", answers: new Array(count).fill(one) };
    assert.equal(readAnswers(value) !== undefined, v.is(answersRequestSchema, value), `${count} answers`);
  }
});
