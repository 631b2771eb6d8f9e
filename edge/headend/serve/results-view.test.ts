import assert from "node:assert/strict";
import { test } from "node:test";
import * as v from "valibot";
import { resultsSchema } from "../../../shared/protocol/results.ts";
import { start } from "./_edge-app.ts";
import { compile, HOUR, MINUTE, NOW, place, quiz } from "./_sample-publication.ts";
import type { Snapshot } from "./snapshot.ts";

const AT = 1795431900000;

const results: [what: string, cue: string, nowMs: number, status: number, closed?: boolean][] = [
  ["never", "mute:once", NOW, 404],
  ["after-answer, before its moment", "pl7:p1.0", AT - 1, 404],
  ["after-answer, from its moment", "pl7:p1.0", AT, 200, false],
  ["after-answer, after the close", "pl7:p1.0", AT + MINUTE, 200, true],
  ["after-close, before the close", "secret:once", NOW + 21 * MINUTE - 1, 404],
  ["after-close, after the close", "secret:once", NOW + 21 * MINUTE, 200, true],
  ["after-close, a day later", "secret:once", NOW + 25 * HOUR, 200, true],
  ["a notice", "daily:20261123T1200", NOW + 2 * HOUR, 404],
];

for (const [what, cue, nowMs, status, closed] of results) {
  test(`results of a cue that shows them ${what} are ${status}`, async () => {
    const tally = { scope: "national" as const, total: 3, options: { a: 1, b: 2 }, asOfMs: nowMs };
    const { ask } = start({ nowMs, intake: { tally: () => tally } });
    const reply = await ask(`/v1/cues/${cue}/results`);
    assert.equal(reply.status, status);
    if (status !== 200) return;
    assert.equal(reply.headers.get("cache-control"), "no-store");
    const body = v.parse(resultsSchema, await reply.json());
    assert.equal(body.closed, closed);
    assert.equal(body.scope, "national");
    assert.deepEqual(body.options, { a: 1, b: 2 });
    assert.deepEqual(body.correct, cue === "secret:once" ? ["b"] : undefined);
  });
}

test("results of a cue are gone when its placement is aired again: that withdraws the cue; its answers are kept", async () => {
  const again = (generation: number) =>
    compile({
      placements: [place("poll", { when: { kind: "instant", atMs: NOW - MINUTE / 2 }, generation })],
    });
  const [first, second] = [await again(0), await again(1)];
  const on = async (snapshot: Snapshot, cue: string) => {
    const { ask } = start({ snapshot: () => snapshot });
    return (await ask(`/v1/cues/${cue}/results`)).status;
  };
  assert.equal(await on(first, "poll:once"), 200);
  assert.equal(await on(second, "poll:once"), 404);
  assert.equal(await on(second, "poll.1:once"), 200);
  // Unknown here: neither late nor rejected, but stored and left to central.
  assert.equal(second.cue("poll:once", NOW), undefined);
});

test("results of a cue are gone when it alone was withdrawn", async () => {
  const when = { kind: "instant", atMs: NOW - MINUTE / 2 } as const;
  const snapshot = await compile({ placements: [place("poll", { when, except: ["once"] })] });
  const { ask } = start({ snapshot: () => snapshot });
  assert.equal((await ask("/v1/cues/poll:once/results")).status, 404);
});

test("the right options of a quiz that shows its results while open come only after the close", async () => {
  const open = { ...quiz, results: "after-answer" as const };
  const entry = JSON.stringify({ interaction: open, correct: ["b"] });
  const snapshot = await compile({ put: { interactions: { "quiz-1@1": entry } } });
  const { ask, clock } = start({ snapshot: () => snapshot, nowMs: NOW + 20 * MINUTE });
  const correct = async () => (await (await ask("/v1/cues/secret:once/results")).json()).correct;
  assert.equal(await correct(), undefined);
  clock.set(NOW + 21 * MINUTE);
  assert.deepEqual(await correct(), ["b"]);
});

test("results of a cue that nobody answered are zeros of this edge", async () => {
  const { ask } = start({ nowMs: AT });
  const body = v.parse(resultsSchema, await (await ask("/v1/cues/pl7:p1.0/results")).json());
  assert.deepEqual([body.scope, body.total, body.options], ["edge", 0, { a: 0, b: 0 }]);
});
