/** The guide's rows: samples hold, and what breaks a limit does not. */
import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { channelSample, channelSchema } from "./channel.ts";
import { PROGRAMME_LENGTH_MAX_MS, programmeSample, programmeSchema } from "./programme.ts";

test("channelSchema and programmeSchema take their samples unchanged", () => {
  assert.deepEqual(v.parse(channelSchema, channelSample), channelSample);
  assert.deepEqual(v.parse(programmeSchema, programmeSample), programmeSample);
});

const badChannels: [string, object][] = [
  ["an id outside the alphabet", { id: "CCTV1@SD" }],
  ["number 0", { number: 0 }],
  ["number 10000", { number: 10_000 }],
  ["an empty name", { name: "" }],
  ["a name in a language that is none", { names: { "1": "x" } }],
  ["a logo that is not on the web", { logoUrl: "logo.png" }],
];
for (const [what, change] of badChannels) {
  test(`channelSchema refuses ${what}`, () => {
    assert.equal(v.is(channelSchema, { ...channelSample, ...change }), false);
  });
}

const { startMs } = programmeSample;
const badProgrammes: [string, object][] = [
  ["an end that is its start", { endMs: startMs }],
  ["an end before its start", { endMs: startMs - 1 }],
  ["a length over 48 h", { endMs: startMs + PROGRAMME_LENGTH_MAX_MS + 1 }],
  ["an empty title", { title: "" }],
  ["a title of 501 characters", { title: "x".repeat(501) }],
  ["17 categories", { categories: Array.from({ length: 17 }, (_, n) => `c${n}`) }],
];
for (const [what, change] of badProgrammes) {
  test(`programmeSchema refuses ${what}`, () => {
    assert.equal(v.is(programmeSchema, { ...programmeSample, ...change }), false);
  });
}
