import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { answersSample } from "../../../shared/protocol/answers.ts";
import type { Known, Outbox } from "../outbox/contract.ts";
import { compile, NOW, standingClock } from "./_sample-publication.ts";
import { chooseTally, createIntake } from "./intake.ts";

const tally = (total: number) => ({ cue: "c", interaction: "i", version: 1, total, options: { a: total } });

const national = (total: number, current: boolean) => ({ tally: tally(total), toldMs: NOW - 9, current });
const silent = { of: () => Promise.resolve(undefined) };

test("chooseTally() takes central's counts while it answers, and then as long as they hold at least this edge's", () => {
  assert.equal(chooseTally(undefined, undefined, NOW, false), undefined);
  assert.equal(chooseTally(tally(3), undefined, NOW, false)?.scope, "edge");
  assert.equal(chooseTally(tally(3), national(2, false), NOW, false)?.scope, "edge");
  assert.equal(chooseTally(tally(3), national(3, false), NOW, false)?.scope, "national");
  assert.deepEqual(chooseTally(tally(3), national(2, true), NOW, false), {
    scope: "national",
    total: 2,
    options: { a: 2 },
    asOfMs: NOW - 9,
  });
  assert.equal(chooseTally(undefined, national(1, false), NOW, false)?.total, 1);
});

test("with central away for a while the region's counts go on where somebody votes, and the nation's stay where nobody does", async () => {
  const clock = standingClock(NOW);
  let [own, current, toldMs] = [2, true, NOW];
  const intake = createIntake({
    outbox: () => ({ tally: () => tally(own) }) as unknown as Outbox,
    national: { of: async () => ({ tally: tally(486), toldMs, current }) },
    snapshot: () => undefined,
    clock,
  });
  const seen = async () => {
    const found = await intake.tally("c");
    return [found?.scope, found?.total];
  };
  assert.deepEqual(await seen(), ["national", 486]);
  current = false;
  clock.set(NOW + 60_000);
  assert.deepEqual(await seen(), ["national", 486]);
  own = 3;
  assert.deepEqual(await seen(), ["edge", 3]);
  // A central that starts again is away for some seconds.
  toldMs = NOW + 50_000;
  assert.deepEqual(await seen(), ["national", 486]);
  current = true;
  assert.deepEqual(await seen(), ["national", 486]);
});

test("createIntake() refuses with 503 while there is no outbox", async () => {
  const intake = createIntake({
    outbox: () => undefined,
    national: silent,
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
    national: silent,
    snapshot: () => snapshot,
    clock: standingClock(NOW),
  });
  await intake.answers("box", answersSample.answers);
  assert.equal(known?.cue("pl7:p1.0")?.atMs, 1795431900000);
  assert.equal(known?.cue("none:once"), undefined);
  assert.equal(known?.interaction("int-42", 3)?.type, "poll");
  assert.equal(known?.interaction("int-42", 9), undefined);
});
