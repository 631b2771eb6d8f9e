import assert from "node:assert/strict";
import { test } from "node:test";
import type { Airing } from "../../shared/protocol/airings.ts";
import type { Answer } from "../../shared/protocol/answers.ts";
import { judge } from "./clauses.ts";
import type { Asked } from "./playing-edge.ts";
import {
  AT,
  afterStepMs,
  CHANNEL,
  type Course,
  cueId,
  interactionId,
  type Situation,
  VERSION,
} from "./script.ts";

const FROM_MS = 1_795_420_800_000;
const course: Course = { fromMs: FROM_MS, returnedMs: FROM_MS + 40_000 };
const MOMENTS: Partial<Record<Situation, number>> = {
  "on-time": FROM_MS + AT.onTime * 1000,
  moved: FROM_MS + AT.movedTo * 1000,
  embargoed: FROM_MS + AT.embargoed * 1000,
  "after-malformed": FROM_MS + AT.afterMalformed * 1000,
  "in-cut": FROM_MS + AT.inCut * 1000,
  "after-step": afterStepMs(FROM_MS + 40_000),
};
const momentOf = (situation: Situation) => MOMENTS[situation] ?? 0;

const asked = (fields: Partial<Asked>): Asked => ({
  ...{
    method: "POST",
    path: "/v1/answers",
    query: new URLSearchParams(),
    etag: null,
    lastEtag: null,
    body: undefined,
  },
  ...{
    atMs: FROM_MS,
    contentType: "application/json",
    status: 200,
    receipted: [],
    duplicates: 0,
    revision: null,
  },
  ...fields,
});
const answered = (situation: Situation, fields: Partial<Answer>, laterMs = 1_000) =>
  asked({
    atMs: momentOf(situation) + laterMs,
    body: {
      box: "b",
      answers: [
        {
          ...{
            key: "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d",
            cue: cueId(situation),
            interaction: interactionId(situation),
            version: VERSION,
          },
          ...{ answeredAtMs: momentOf(situation) + 900, ...fields },
        },
      ],
    },
  });
const airing = (situation: Situation, fields: Partial<Airing> = {}): Airing => ({
  ...{
    key: `k-${situation}`,
    cue: cueId(situation),
    interaction: interactionId(situation),
    version: VERSION,
  },
  ...{ outcome: "shown", dueMs: momentOf(situation), firedMs: momentOf(situation) + 4, ...fields },
});
const told = (airings: Airing[], status = 200) =>
  asked({ path: "/v1/airings", atMs: FROM_MS + 60_000, status, body: { box: "b", airings } });
const pull = (seconds: number, revision: number) =>
  asked({
    ...{ method: "GET", path: `/v1/channels/${CHANNEL}/schedule`, atMs: FROM_MS + seconds * 1000, revision },
  });
const pulls = [pull(0, 100), pull(16, 103), pull(40, 104)];

const verdictOf = (seen: Asked[], clause: RegExp) =>
  judge(seen, course, () => 0, false).find((one) => clause.test(one.clause));

test("judge() holds every answer against its interaction, as an edge does", () => {
  const clause = /answers as the interaction asks/;
  assert.equal(verdictOf([], clause)?.verdict, "not seen");
  const right: [Situation, Partial<Answer>][] = [
    ["on-time", { options: ["a"] }],
    ["moved", { options: ["c"] }],
    ["embargoed", { rating: 5 }],
    ["after-malformed", { options: ["a", "c"] }],
    ["in-cut", { options: ["kept"] }],
    ["after-step", { options: ["opened"] }],
  ];
  const good = verdictOf(
    right.map(([situation, fields]) => answered(situation, fields)),
    clause,
  );
  assert.deepEqual(good, { clause: good?.clause, verdict: "kept", why: "6 kinds answered as they ask" });
  assert.match(
    verdictOf([answered("on-time", { options: ["a"] })], clause)?.why ?? "",
    /not answered: quiz, rating, several, coupon, link/,
  );
  const wrong: [Situation, Partial<Answer>, RegExp][] = [
    ["on-time", { options: ["zzz"] }, /on-time:once, options \["zzz"\]: there is no option zzz/],
    ["on-time", { options: ["a", "b"] }, /more than 1 options/],
    ["on-time", { rating: 1 }, /a poll has no rating/],
    ["after-malformed", { options: ["a"] }, /fewer than 2 options/],
    ["after-malformed", { options: ["a", "a"] }, /named twice/],
    ["embargoed", { rating: 6 }, /rating 6: the rating is above 5/],
    ["in-cut", { options: ["a"] }, /the only answer is kept/],
    ["on-time", { options: ["a"], version: VERSION + 1 }, /the cue's version is 2/],
    ["on-time", { options: ["a"], interaction: interactionId("moved") }, /interaction is int-on-time/],
    ["on-time", { options: ["a"], cue: "other:once" }, /no schedule had such a cue/],
    // Whenever it was given.
    ["on-time", { options: ["zzz"], answeredAtMs: FROM_MS + 3_600_000 }, /no option zzz/],
  ];
  for (const [situation, fields, why] of wrong) {
    const found = verdictOf([answered("moved", { options: ["a"] }), answered(situation, fields)], clause);
    assert.equal(found?.verdict, "broken", String(why));
    assert.match(found?.why ?? "", why);
  }
});

test("judge() holds the stamp of every answer against the edge's time and the time that its cue stood", () => {
  const clause = /stamps an answer/;
  const at = momentOf("embargoed");
  assert.equal(verdictOf([], clause)?.verdict, "not seen");
  const cases: [afterMs: number, laterMs: number, why: RegExp | null][] = [
    [900, 1_000, null],
    // Sent as soon as the line is there again.
    [900, 20_000, null],
    [-200, 1_000, null],
    [-300, 1_000, /answered 300 ms before its moment/],
    [-11_831_400, 1_000, /before its moment/],
    [6_100, 1_000, /ahead of the edge's clock \(answeredAtMs is 5100 ms after its arrival\)/],
    [60_001, 61_000, /answered after the close/],
    [20_000, 20_100, /answered 17996 ms after it left the screen/],
  ];
  for (const [afterMs, laterMs, why] of cases) {
    const one = answered("embargoed", { rating: 3, answeredAtMs: at + afterMs }, laterMs);
    const found = verdictOf([told([airing("embargoed")]), one], clause);
    assert.equal(found?.verdict, why ? "broken" : "kept", `${afterMs}: ${found?.why}`);
    if (why) assert.match(found?.why ?? "", why);
  }
});

test("judge() wants every cue told of that fell due within what the box held, once the edge has it", () => {
  const clause = /what became of every cue/;
  const due: Situation[] = ["on-time", "moved", "embargoed", "after-malformed", "in-cut", "after-step"];
  const all = due.map((situation) => airing(situation));
  assert.equal(verdictOf([...pulls, told(all)], clause)?.verdict, "kept");
  const without = (situation: Situation) => all.filter(({ cue }) => cue !== cueId(situation));
  for (const situation of due) {
    const found = verdictOf([...pulls, told(without(situation))], clause);
    assert.deepEqual(found?.why, `nothing was told of ${cueId(situation)}`);
    // What was sent while the line was cut did not arrive.
    const lost = verdictOf([...pulls, told(without(situation)), told(all, 0)], clause);
    assert.equal(lost?.verdict, "broken");
  }
  assert.match(
    verdictOf([...pulls, told(all.slice(0, 1))], clause)?.why ?? "",
    /moved:once, .*after-step:once/,
  );
  // Never pulled again after the cut: it cannot know of that cue.
  assert.equal(verdictOf([...pulls.slice(0, 2), told(without("after-step"))], clause)?.verdict, "kept");
  // Nobody told it of the withdrawal.
  assert.match(verdictOf([pull(0, 100), told(without("after-step"))], clause)?.why ?? "", /withdrawn:once/);
});

test("judge() calls an airing wrong that names another interaction, or another outcome than its times say", () => {
  const clause = /what became of every cue/;
  const wrong: [Partial<Airing>, RegExp][] = [
    [{ outcome: "missed" }, /moved:once was missed without a reason/],
    [{ version: VERSION + 1 }, /told of with int-moved@3, not int-moved@2/],
    [{ interaction: interactionId("lower") }, /told of with int-lower@2/],
    [{ cue: "nothing:once" }, /no schedule had a cue nothing:once/],
    [{ firedMs: momentOf("moved") + 1_200 }, /1200 ms late, and called shown/],
    [{ outcome: "late" }, /4 ms late, and called late/],
  ];
  for (const [fields, why] of wrong) {
    const found = verdictOf([...pulls, told([airing("on-time"), airing("moved", fields)])], clause);
    assert.equal(found?.verdict, "broken");
    assert.match(found?.why ?? "", why);
  }
});
