import assert from "node:assert/strict";
import { test } from "node:test";
import type { Airing } from "../../shared/protocol/airings.ts";
import { answersSample } from "../../shared/protocol/answers.ts";
import { judge } from "./clauses.ts";
import type { Asked } from "./playing-edge.ts";
import { afterStepMs, type Course, cueId, interactionId, VERSION } from "./script.ts";

const course: Course = { fromMs: 1_795_420_800_000, returnedMs: 1_795_420_840_000 };
const STEP_MS = afterStepMs(1_795_420_840_000);

const posted = (path: string, body: unknown, atMs = STEP_MS + 1_000): Asked => ({
  ...{ atMs, method: "POST", path, query: new URLSearchParams(), etag: null, lastEtag: null, body },
  ...{ contentType: "application/json", status: 200, receipted: [], revision: null },
});
const airing = (firedMs: number): Airing => ({
  ...{ key: "k-1", cue: cueId("after-step"), interaction: interactionId("after-step"), version: VERSION },
  ...{ outcome: "shown", dueMs: STEP_MS, firedMs, clockErrorMs: 1, source: "store" },
});
const shown = (offMs: number) => posted("/v1/airings", { box: "b", airings: [airing(STEP_MS + offMs)] });
const verdictOf = (asked: Asked[], clause: RegExp, clockWasSet = false) =>
  judge(asked, course, () => 0, clockWasSet).find((one) => clause.test(one.clause));

test("judge() says nothing of a wall clock that nobody set, unless the cue was beside its moment anyway", () => {
  const clause = /after its wall clock was set/;
  assert.equal(verdictOf([shown(3)], clause)?.verdict, "not seen");
  assert.match(verdictOf([shown(3)], clause)?.why ?? "", /--clock-set/);
  assert.equal(verdictOf([shown(3)], clause, true)?.verdict, "kept");
  for (const clockWasSet of [true, false])
    assert.equal(verdictOf([shown(3_600_000)], clause, clockWasSet)?.verdict, "broken");
});

test("judge() notes a dueMs in an answer that is not its cue's, and calls no box broken for it", () => {
  const [sample] = answersSample.answers;
  const answered = (dueMs?: number) =>
    posted("/v1/answers", { box: "b", answers: [{ ...sample, cue: cueId("after-step"), dueMs }] });
  const clause = /\(dueMs\)/;
  assert.equal(verdictOf([shown(3), answered(undefined)], clause)?.verdict, "not seen");
  assert.equal(verdictOf([shown(3), answered(STEP_MS)], clause)?.verdict, "kept");
  assert.equal(verdictOf([shown(3), answered(STEP_MS + 5)], clause)?.verdict, "note");
});
