import assert from "node:assert/strict";
import { test } from "node:test";
import { queryOf, questionFrom } from "./question.ts";

const NOW_MS = 1_795_802_312_755;

test("questionFrom() and queryOf() keep what the address holds", () => {
  const queries: Record<string, string>[] = [
    { cue: "quiz:20261128T0507", channel: "cctv1" },
    { placement: "quiz", programme: "p1", channel: "cctv1", region: "north" },
    { placement: "quiz", atMs: "1795813620000" },
  ];
  for (const query of queries) {
    assert.deepEqual(queryOf(questionFrom(query, NOW_MS)), query);
  }
});

test("queryOf() asks nothing while something is missing", () => {
  const queries: Record<string, string>[] = [{}, { cue: "quiz" }, { programme: "p1" }];
  for (const query of queries) {
    assert.equal(queryOf(questionFrom(query, NOW_MS)), undefined);
  }
});

test("questionFrom() expects it at the minute when nothing is said, on air", () => {
  const { atMs, of } = questionFrom({ placement: "quiz", atMs: "soon" }, NOW_MS);
  assert.deepEqual([atMs, of], [1_795_802_340_000, "air"]);
});
