import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import {
  authorSample,
  pollBody,
  TEST_NOW_MS,
  type TestCentral,
  withCentral,
} from "../testing/central-for-tests.ts";

const CUE = "pl1:c1-p1.0";
const AT_MS = TEST_NOW_MS + 300_000;
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** A quiz on air of which `a` is right, that closes a minute after AT_MS. */
const withQuiz = (run: (t: TestCentral) => Promise<void>) =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.api("POST", "/api/v1/interactions", {
      interaction: { ...pollBody.interaction, type: "quiz" },
      correct: ["a"],
    });
    const { placement } = (await t.api("GET", "/api/v1/placements/pl1")).body;
    await t.api("PUT", "/api/v1/placements/pl1", { ...placement, version: 2 });
    await t.central.publisher.publish();
    t.setWall(AT_MS + 5_000);
    await run(t);
  });

const answerAll = (t: TestCentral, boxes: number, from = 0) =>
  t.central.intake.take("e1", {
    ...{ outbox: "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d", airings: [], tallies: [] },
    answers: Array.from({ length: boxes }, (_, at) => at + from).map((index) => ({
      ...{ number: index + 1, box: `box-${index}`, cue: CUE, interaction: "int-1", version: 2 },
      key: `6f1c2f6e-3f0a-4c0e-9a53-${String(index).padStart(12, "0")}`,
      options: [index % 3 === 0 ? "b" : "a"],
      ...{ answeredAtMs: AT_MS + 1_000, receivedAtMs: AT_MS + 1_000 },
    })),
  });
const draw = (t: TestCentral, body: object) => t.api("POST", `/api/v1/results/${CUE}/draws`, body);
const pick = (t: TestCentral, id: string) => t.api("POST", `/api/v1/results/${CUE}/draws/${id}/pick`);

async function entriesOf(t: TestCentral, id: string): Promise<string> {
  const reply = await t.central.app.request(`/api/v1/results/${CUE}/draws/${id}/entries`, {
    headers: { authorization: `Bearer ${t.token}` },
  });
  return reply.text();
}

test("winners of a draw are what anybody computes from the seed and the list, and the seed was promised before", () =>
  withQuiz(async (t) => {
    await answerAll(t, 90);
    const made = await draw(t, { winners: 3, among: "correct" });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    const { id, commitment, committedInTime } = made.body;
    assert.equal(committedInTime, true);
    assert.ok(!("seed" in made.body));
    assert.equal((await pick(t, id)).body.type, "/problems/still-open");
    t.setWall(AT_MS + 61_000);
    const { picked } = (await pick(t, id)).body;
    const list = await entriesOf(t, id);
    assert.equal(sha256(picked.seed), commitment);
    assert.equal(sha256(list), picked.entriesHash);
    const boxes = list.trimEnd().split("\n");
    assert.equal(boxes.length, 60);
    assert.ok(boxes.every((box) => Number(box.split("-")[1]) % 3 !== 0));
    const expected = boxes
      .map((box) => [sha256(`${picked.seed}\n${box}`), box] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .slice(0, 3)
      .map(([, box]) => box);
    assert.deepEqual(picked.winners, expected);
    assert.deepEqual((await pick(t, id)).body.picked, picked);
  }));

test("a draw tells when its seed was drawn too late, and forgets a winner who was erased", () =>
  withQuiz(async (t) => {
    await answerAll(t, 5);
    t.setWall(AT_MS + 61_000);
    const made = await draw(t, { winners: 10, among: "all" });
    assert.equal(made.body.committedInTime, false);
    const { picked } = (await pick(t, made.body.id)).body;
    assert.equal(picked.winners.length, 5);
    await t.api("DELETE", `/api/v1/boxes/${picked.winners[1]}`);
    const [again] = (await t.api("GET", `/api/v1/results/${CUE}/draws`)).body.draws;
    // What is left gives the winners that are left, in their order.
    const left = (await entriesOf(t, made.body.id)).trimEnd().split("\n");
    assert.equal(left.length, 4);
    assert.ok(!left.includes(picked.winners[1]));
    assert.deepEqual([picked.erased, again.picked.erased], [0, 1]);
    assert.equal(again.picked.winners[1], null);
    assert.equal(again.picked.winners[0], picked.winners[0]);
  }));

test("the list of a draw stays as it was at the picking, whatever arrives later", () =>
  withQuiz(async (t) => {
    await answerAll(t, 22);
    const { id } = (await draw(t, { winners: 3, among: "all" })).body;
    t.setWall(AT_MS + 61_000);
    assert.equal((await entriesOf(t, id)).trimEnd().split("\n").length, 22);
    const { picked } = (await pick(t, id)).body;
    await answerAll(t, 8, 22);
    assert.equal((await t.api("GET", `/api/v1/results/${CUE}`)).body.counted.total, 30);
    const list = await entriesOf(t, id);
    assert.equal(list.trimEnd().split("\n").length, 22);
    assert.equal(sha256(list), picked.entriesHash);
    // One who took part in no draw that was picked.
    await t.api("DELETE", "/api/v1/boxes/box-25");
    assert.equal(await entriesOf(t, id), list);
  }));

test("two who pick at once pick once", () =>
  withQuiz(async (t) => {
    await answerAll(t, 9);
    const { id } = (await draw(t, { winners: 3, among: "all" })).body;
    t.setWall(AT_MS + 61_000);
    const [one, other] = await Promise.all([pick(t, id), pick(t, id)]);
    assert.deepEqual([one.status, other.status], [200, 200]);
    assert.deepEqual(one.body, other.body);
  }));

test("draws refuse what cannot be drawn", () =>
  withQuiz(async (t) => {
    await answerAll(t, 1);
    assert.equal((await draw(t, { winners: 0, among: "all" })).status, 400);
    assert.equal((await pick(t, "none")).status, 404);
    for (let made = 0; made < 20; made++) await draw(t, { winners: 1, among: "all" });
    assert.equal((await draw(t, { winners: 1, among: "all" })).body.type, "/problems/too-many-draws");
  }));
