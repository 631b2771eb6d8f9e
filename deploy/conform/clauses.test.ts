import assert from "node:assert/strict";
import { test } from "node:test";
import type { Airing } from "../../shared/protocol/airings.ts";
import { answersSample } from "../../shared/protocol/answers.ts";
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

const course: Course = { fromMs: 1_795_420_800_000, returnedMs: 1_795_420_840_000 };
const STEP_MS = afterStepMs(1_795_420_840_000);

const posted = (path: string, body: unknown, atMs = STEP_MS + 1_000): Asked => ({
  ...{ atMs, method: "POST", path, query: new URLSearchParams(), etag: null, lastEtag: null, body },
  ...{ contentType: "application/json", status: 200, receipted: [], duplicates: 0, revision: null },
});
const airing = (firedMs: number): Airing => ({
  ...{ key: "k-1", cue: cueId("after-step"), interaction: interactionId("after-step"), version: VERSION },
  ...{ outcome: "shown", dueMs: STEP_MS, firedMs, clockErrorMs: 1, source: "store" },
});
const shown = (offMs: number) => posted("/v1/airings", { box: "b", airings: [airing(STEP_MS + offMs)] });
const verdictOf = (asked: Asked[], clause: RegExp, clockWasSet = false) =>
  judge(asked, course, () => 0, clockWasSet).find((one) => clause.test(one.clause));

test("judge() names the clause on what comes after the cut by whether somebody set the wall clock", () => {
  const unset = /heard of after the network was back/;
  const set = /after its wall clock was set/;
  assert.equal(verdictOf([shown(3)], unset)?.verdict, "kept");
  assert.equal(verdictOf([shown(3)], unset, true), undefined);
  assert.equal(verdictOf([shown(3)], set), undefined);
  assert.equal(verdictOf([shown(3)], set, true)?.verdict, "kept");
  for (const [clause, clockWasSet] of [
    [set, true],
    [unset, false],
  ] as const)
    assert.equal(verdictOf([shown(3_600_000)], clause, clockWasSet)?.verdict, "broken");
});

test("judge() notes a dueMs in an answer that is not its cue's, and calls no box broken for it", () => {
  const [sample] = answersSample.answers;
  const answered = (dueMs?: number) =>
    posted("/v1/answers", { box: "b", answers: [{ ...sample, cue: cueId("after-step"), dueMs }] });
  const clause = /\(dueMs\)/;
  assert.equal(verdictOf([shown(3)], clause)?.verdict, "not seen");
  assert.equal(verdictOf([shown(3), answered(undefined)], clause)?.verdict, "note");
  assert.equal(verdictOf([shown(3), answered(STEP_MS)], clause)?.verdict, "kept");
  assert.equal(verdictOf([shown(3), answered(STEP_MS + 5)], clause)?.verdict, "note");
});

const pull = (seconds: number, revision: number | null, status = 200): Asked => ({
  ...posted("", undefined, course.fromMs + seconds * 1_000),
  ...{ method: "GET", path: `/v1/channels/${CHANNEL}/schedule`, etag: '"r"', lastEtag: '"r"' },
  ...{ status, revision },
});
/** One pull a second, and nothing else. */
const pulling = Array.from({ length: 60 }, (_, second) =>
  pull(second, second < 8 ? 101 : second < 10 ? 102 : second < 15 ? 95 : second < 40 ? 103 : 104),
);

test("judge() calls nothing kept of a box that pulled once and then did nothing", () => {
  const findings = judge([{ ...pull(0, 100), etag: null, lastEtag: null }], course, () => 0, false);
  const verdicts = new Set(findings.map(({ verdict }) => verdict));
  assert.deepEqual([...verdicts].sort(), ["broken", "not seen"]);
  for (const { clause, verdict, wants } of findings)
    assert.equal(wants !== undefined, verdict === "not seen", `${clause}: what it would have to do`);
});

test("judge() says of a box that only pulls what pulling shows, and nothing of what it never fired", () => {
  const findings = judge(pulling, course, () => 0, false);
  const of = (verdict: string) => findings.filter((one) => one.verdict === verdict);
  assert.deepEqual(
    of("kept").map(({ clause }) => clause),
    ["pulls conditionally: If-None-Match with the tag it holds", "asks again after about refreshMs"],
  );
  assert.deepEqual(
    of("broken").map(({ why }) => why),
    ["GET /v1/time was never asked", "no airing came"],
  );
});

const fired = (situation: Situation, at: number, fields: Partial<Airing> = {}): Airing => {
  const dueMs = course.fromMs + at * 1_000;
  const about = { cue: cueId(situation), interaction: interactionId(situation), dueMs, firedMs: dueMs };
  return { ...airing(STEP_MS), key: situation, ...about, ...fields };
};
const AGAIN = fired("on-time", AT.firedAgain, { key: "again" });
const told = (...airings: Airing[]) => posted("/v1/airings", { box: "b", airings });

test("judge() says that a cue stayed away only of a box that heard of it and shows later ones", () => {
  const cases: [clause: RegExp, first: Airing[], later: Airing, wrong: Airing][] = [
    [/lower revision/, [], fired("moved", AT.movedTo), fired("lower", AT.onlyInLower)],
    [/withdrawn cue/, [], fired("embargoed", AT.embargoed), fired("withdrawn", AT.withdrawn)],
    [/not meant for it/, [], fired("after-step", AT.forNobody + 8), fired("for-nobody", AT.forNobody)],
    [/no cue twice/, [fired("on-time", AT.onTime)], fired("embargoed", AT.embargoed), AGAIN],
  ];
  for (const [clause, first, later, wrong] of cases) {
    const verdict = (...asked: Asked[]) => verdictOf(asked, clause)?.verdict;
    assert.equal(verdict(...pulling), "not seen", `${clause}: it shows nothing`);
    assert.equal(
      verdict(...pulling, told(...first, fired("on-time", AT.onTime))),
      "not seen",
      `${clause}: died`,
    );
    assert.equal(verdict(...pulling, told(...first, later)), "kept", String(clause));
    assert.equal(verdict(...pulling, told(...first, later, wrong)), "broken", String(clause));
    const deaf = [{ ...pull(0, null), status: 503 }, told(...first, later)];
    assert.equal(verdict(...deaf), "not seen", `${clause}: it heard of nothing`);
  }
});

const answered = (keys: string[], second: number, fields: Partial<Asked>): Asked => {
  const answers = keys.map((key) => ({ ...answersSample.answers[0], cue: cueId("on-time"), key }));
  return { ...posted("/v1/answers", { box: "b", answers }, course.fromMs + second * 1_000), ...fields };
};

test("judge() wants an answer that was refused to come again, and receipts to be outlived", () => {
  const lost = answered(["k-1"], 7, { status: 0 });
  const again = answered(["k-1"], 8, { receipted: ["k-1"], duplicates: 1 });
  const refused = answered(["k-2"], 15, { status: 503 });
  const kept = answered(["k-2"], 18, { receipted: ["k-2"] });
  const other = answered(["k-3"], 18, { receipted: ["k-3"] });
  const through = /keeps answers through 503/;
  assert.equal(verdictOf([lost, again], through)?.verdict, "not seen");
  assert.equal(verdictOf([lost, again, refused], through)?.verdict, "not seen");
  assert.equal(verdictOf([lost, again, refused, kept], through)?.verdict, "kept");
  assert.match(
    verdictOf([lost, again, refused, other], through)?.why ?? "",
    /k-2 was refused, and never came/,
  );
  const final = /every receipt for final/;
  assert.match(verdictOf([lost, again], final)?.why ?? "", /asked nothing more/);
  assert.equal(verdictOf([lost, again, pull(12, 103)], final)?.verdict, "kept");
  assert.match(
    verdictOf([answered(["k-1"], 7, { receipted: ["k-1"] }), pull(12, 103)], final)?.why ?? "",
    /no receipt was a duplicate/,
  );
  assert.equal(verdictOf([lost, again, answered(["k-1"], 12, {})], final)?.verdict, "broken");
});
