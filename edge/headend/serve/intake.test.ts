import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { answersSample } from "../../../shared/protocol/answers.ts";
import type { Known, Outbox } from "../outbox/contract.ts";
import { compile, NOW, standingClock } from "./_sample-publication.ts";
import { chooseTally, createIntake } from "./intake.ts";

const tally = (total: number) => ({ cue: "c", interaction: "i", version: 1, total, options: { a: total } });

test("chooseTally() takes central's counts once they hold at least this edge's", () => {
  assert.equal(chooseTally(undefined, undefined, NOW), undefined);
  assert.equal(chooseTally(tally(3), undefined, NOW)?.scope, "edge");
  assert.equal(chooseTally(tally(3), tally(2), NOW)?.scope, "edge");
  assert.deepEqual(chooseTally(tally(3), tally(3), NOW), {
    scope: "national",
    total: 3,
    options: { a: 3 },
    asOfMs: NOW,
  });
  assert.equal(chooseTally(undefined, tally(1), NOW)?.total, 1);
});

test("createIntake() refuses with 503 while there is no outbox", async () => {
  const intake = createIntake({
    outbox: () => undefined,
    uplink: () => undefined,
    snapshot: () => undefined,
    clock: standingClock(NOW),
  });
  const is503 = (error: unknown) =>
    error instanceof CuecastError && error.status === 503 && error.retryAfterMs !== undefined;
  await assert.rejects(intake.answers("box", answersSample.answers), is503);
  await assert.rejects(intake.airings("box", []), is503);
  assert.equal(await intake.tally("c"), undefined);
});

test("createIntake() has answers judged by the snapshot of the moment", async () => {
  const snapshot = await compile();
  let known: Known | undefined;
  const outbox = {
    append: (_: unknown, given: Known) => {
      known = given;
      return Promise.resolve([]);
    },
  } as unknown as Outbox;
  const intake = createIntake({
    outbox: () => outbox,
    uplink: () => undefined,
    snapshot: () => snapshot,
    clock: standingClock(NOW),
  });
  await intake.answers("box", answersSample.answers);
  assert.equal(known?.cue("pl7:p1.0")?.atMs, 1795431900000);
  assert.equal(known?.cue("none:once"), undefined);
  assert.equal(known?.interaction("int-42", 3)?.type, "poll");
  assert.equal(known?.interaction("int-42", 9), undefined);
});
