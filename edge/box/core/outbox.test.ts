import assert from "node:assert/strict";
import { test } from "node:test";
import type { Airing } from "../../../shared/protocol/airings.ts";
import { type Answer, BATCH_MAX, BODY_BYTES_MAX } from "../../../shared/protocol/answers.ts";
import { interactionSample } from "../../../shared/protocol/interaction.ts";
import { encodeRecord } from "../record.ts";
import { createLivingRoom, cue, EDGE, START_MS } from "../testing/living-room.ts";
import { LIMITS } from "./pace.ts";

const AT = START_MS + 600_000;
const CUE = "pl1:p1.0";

function answered(settings: Parameters<typeof createLivingRoom>[0] = {}) {
  const room = createLivingRoom({ cues: [cue()], ...settings });
  room.until(AT + 5_000);
  return room;
}

/** Keys of answers that an edge took: answered with a receipt. */
function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

test("the limits are those of the wire", () => {
  assert.equal(LIMITS.batch, BATCH_MAX);
  assert.ok(LIMITS.batchBytes < BODY_BYTES_MAX - 1_000);
});

test("an answer is on flash before the viewer sees it taken, and at the edge within seconds", () => {
  const room = answered();
  room.flash.slowMs = 50;
  room.answer(CUE, { options: ["a"] });
  assert.equal(room.view()?.phase, "open");
  room.advance(60);
  assert.equal(room.view()?.phase, "answered");
  assert.equal(room.flash.writes.filter((key) => key.indexOf("answer/") === 0).length, 1);
  room.advance(3_000);
  const [sent, ...more] = room.sent("answers") as Answer[];
  assert.equal(more.length, 0);
  assert.deepEqual([sent?.cue, sent?.interaction, sent?.version, sent?.options], [CUE, "int-42", 3, ["a"]]);
  assert.ok(Math.abs((sent?.answeredAtMs as number) - AT - 5_000) < 10);
  assert.match(sent?.key as string, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.deepEqual(
    Object.keys(room.flash.texts).filter((key) => key.indexOf("answer/") === 0),
    [],
  );
});

test("an answer outlives outage and reboot under one key, and is sent once the edge is back", () => {
  const room = answered();
  room.broken[EDGE] = "black-hole";
  room.answer(CUE, { options: ["b"] });
  room.advance(120_000);
  room.reboot(5_000);
  room.advance(60_000);
  delete room.broken[EDGE];
  room.advance(130_000);
  const keys = (room.sent("answers") as Answer[]).map((answer) => answer.key);
  assert.ok(keys.length >= 2);
  assert.equal(new Set(keys).size, 1);
  assert.equal(room.box.state().answers.length, 0);
});

test("every status of a receipt is final", () => {
  for (const status of ["accepted", "duplicate", "late", "rejected"]) {
    const room = answered();
    room.special["/v1/answers"] = (asked) => ({
      status: 200,
      body: { receipts: asked.body?.answers?.map(({ key }) => ({ key, status })) },
    });
    room.answer(CUE, { options: ["a"] });
    room.advance(400_000);
    assert.equal(room.to("/v1/answers").length, 1, status);
    assert.equal(room.box.state().answers.length, 0, status);
  }
});

test("a reply without the answer's receipt is no receipt: it is asked again, not at once", () => {
  const room = answered();
  room.special["/v1/answers"] = () => ({ status: 200, body: { receipts: [] } });
  room.answer(CUE, { options: ["a"] });
  room.advance(300_000);
  const tries = room.to("/v1/answers").length;
  assert.ok(tries >= 3 && tries < 40, String(tries));
  assert.equal(room.box.state().answers.length, 1);
});

test("503 with Retry-After keeps the answer and waits at least that long", () => {
  const room = answered();
  let refused = 0;
  room.special["/v1/answers"] = () => (refused++ === 0 ? { status: 503, retryAfter: "30" } : undefined);
  room.answer(CUE, { options: ["a"] });
  room.advance(60_000);
  const tries = room.to("/v1/answers").map((one) => one.atMs);
  assert.equal(tries.length, 2);
  assert.ok((tries[1] as number) - (tries[0] as number) >= 30_000);
  assert.equal(room.box.state().answers.length, 0);
});

test("Retry-After holds though another answer is given meanwhile", () => {
  const second = cue({ id: "pl2:p1.0", atMs: AT + 22_000 });
  const room = createLivingRoom({ cues: [cue(), second] });
  room.until(AT + 15_000);
  let refused = 0;
  room.special["/v1/answers"] = () => (refused++ === 0 ? { status: 503, retryAfter: "30" } : undefined);
  room.answer(CUE, { options: ["a"] });
  room.until(AT + 25_000);
  assert.equal(refused, 1);
  room.answer("pl2:p1.0", { options: ["a"] });
  room.advance(60_000);
  const tries = room.to("/v1/answers").map((one) => one.atMs);
  assert.ok((tries[1] as number) - (tries[0] as number) >= 30_000, tries.join());
  assert.equal(room.box.state().answers.length, 0);
});

test("a schedule that something on the way refuses for hours is asked for within a minute or so all the time", () => {
  const room = createLivingRoom({ cues: [cue({ atMs: START_MS + 86_400_000 })] });
  room.special["/v1/channels/cctv1/schedule"] = ({ atMs }) =>
    atMs < START_MS + 21_600_000 ? { status: 403 } : undefined;
  room.advance(21_600_000 + 65_000);
  assert.ok(room.box.state().schedules["schedule/cctv1"]);
});

test("airings are taken as a whole, whatever a reply to them holds beside its count", () => {
  const room = answered();
  room.special["/v1/airings"] = () => ({ status: 200, body: { accepted: 1, receipts: [] } });
  room.advance(120_000);
  assert.equal(room.to("/v1/airings").length, 1);
  assert.deepEqual(room.box.state().airings, []);
});

test("a token that is refused is tried ever more seldom, costs nothing, and is taken once it is good", () => {
  for (const status of [401, 403]) {
    const room = answered();
    let isRefused = true;
    room.special["/v1/answers"] = () => (isRefused ? { status } : undefined);
    room.answer(CUE, { options: ["a"] });
    room.advance(86_400_000);
    const tries = room.to("/v1/answers").length;
    assert.ok(tries >= 20 && tries <= 60, `${tries} tries a day`);
    isRefused = false;
    room.advance(3_600_000);
    assert.equal(room.box.state().answers.length, 0);
  }
});

test("with a full store the viewer sees an answer taken once the edge has it, and not before", () => {
  for (const status of ["accepted", "duplicate", "late", "rejected"]) {
    const room = answered();
    room.flash.full = true;
    room.special["/v1/answers"] = (asked) => ({
      status: 200,
      body: { receipts: asked.body?.answers?.map(({ key }) => ({ key, status })) },
    });
    room.broken[EDGE] = "black-hole";
    room.answer(CUE, { options: ["a"] });
    room.advance(3_000);
    assert.equal(room.view()?.phase, "open", status);
    delete room.broken[EDGE];
    room.advance(11_000);
    const told = room.seen.some(({ view }) => view?.cue === CUE && view.phase === "answered");
    assert.equal(told, status === "accepted" || status === "duplicate", status);
  }
});

test("of two answers given in a row the viewer sees the one taken that is safe", () => {
  const { type, ...fields } = interactionSample as Extract<typeof interactionSample, { type: "poll" }>;
  const changeable = { ...fields, type, answer: { ...fields.answer, mode: "last" as const } };
  const choices = (room: ReturnType<typeof createLivingRoom>) =>
    room.seen.flatMap(({ view }) => (view?.phase === "answered" ? [view.choice] : []));
  // A slow store: the first is written, the second is not yet.
  const slow = createLivingRoom({ cues: [cue()] });
  slow.interactions["int-42@3"] = changeable;
  slow.until(AT + 3_000);
  slow.flash.slowMs = 300;
  slow.answer(CUE, { options: ["a"] });
  slow.advance(200);
  slow.answer(CUE, { options: ["b"] });
  slow.advance(150);
  assert.deepEqual(choices(slow), []);
  slow.advance(500);
  assert.deepEqual(choices(slow), [{ options: ["b"] }]);
  // A full store: the first is at the edge, the second is nowhere.
  const full = createLivingRoom({ cues: [cue()], latencyMs: 3_000 });
  full.interactions["int-42@3"] = { ...changeable, clockToleranceMs: 60_000 };
  full.until(AT + 3_000);
  full.flash.full = true;
  full.answer(CUE, { options: ["a"] });
  while (full.to("/v1/answers").length === 0) full.advance(100);
  full.answer(CUE, { options: ["b"] });
  const receipts = () => full.happened.filter(({ event }) => event === "receipt").length;
  while (receipts() === 0) full.advance(100);
  assert.deepEqual(choices(full), []);
  while (receipts() === 1) full.advance(100);
  assert.deepEqual(choices(full), [{ options: ["b"] }]);
});

test("an answer given in time and safe only after the close is thanked for, all the same", () => {
  const room = createLivingRoom({ cues: [cue()] });
  const { type, ...fields } = interactionSample as Extract<typeof interactionSample, { type: "poll" }>;
  const answer = { ...fields.answer, closeAfterMs: 8_000 };
  room.interactions["int-42@3"] = { ...fields, type, answer, results: "never", durationMs: 30_000 };
  room.until(AT + 7_000);
  room.flash.full = true;
  room.broken[EDGE] = "refused";
  room.answer(CUE, { options: ["a"] });
  room.until(AT + 9_000);
  assert.equal(room.view()?.phase, "closed");
  delete room.broken[EDGE];
  room.box.online();
  room.advance(2_900);
  assert.equal(room.sent("answers").length > 0, true);
  assert.equal(room.view()?.phase, "answered");
});

test("a body that the edge cannot read is halved until the one that hurts is dropped", () => {
  const room = createLivingRoom();
  room.box.stop();
  for (let at = 0; at < 9; at++) {
    const answer = {
      key: uuid(at),
      cue: `pl${at}:x`,
      interaction: "i",
      version: 1,
      options: ["a"],
      answeredAtMs: AT,
    };
    room.flash.texts[`answer/${answer.key}`] = encodeRecord(answer);
  }
  const taken: string[] = [];
  room.special["/v1/answers"] = (asked) => {
    const keys = asked.body?.answers?.map(({ key }) => key) ?? [];
    if (keys.includes(uuid(4))) return { status: 400 };
    taken.push(...keys);
    return undefined;
  };
  room.boot();
  room.advance(900_000);
  assert.deepEqual(taken.sort(), [0, 1, 2, 3, 5, 6, 7, 8].map(uuid));
  assert.equal(room.box.state().answers.length, 0);
});

test("a damaged answer is dropped alone", () => {
  const room = createLivingRoom();
  room.box.stop();
  for (let at = 0; at < 3; at++) {
    const answer = {
      key: uuid(at),
      cue: `pl${at}:x`,
      interaction: "i",
      version: 1,
      options: ["a"],
      answeredAtMs: AT,
    };
    const text = encodeRecord(answer);
    room.flash.texts[`answer/${answer.key}`] = at === 1 ? text.replace("pl1", "pl7") : text;
  }
  room.boot();
  room.advance(10_000);
  assert.deepEqual((room.sent("answers") as Answer[]).map((answer) => answer.key).sort(), [uuid(0), uuid(2)]);
  assert.equal(room.box.state().damaged, 1);
});

test("more than 100 go in several bodies, each below the limits", () => {
  const room = createLivingRoom();
  room.box.stop();
  const options = Array.from({ length: 9 }, (_, at) => `${at}${"x".repeat(120)}`);
  for (let at = 0; at < 250; at++) {
    const answer = {
      key: uuid(at),
      cue: `pl${at}:x`,
      interaction: "i",
      version: 1,
      options,
      answeredAtMs: AT + at,
    };
    room.flash.texts[`answer/${answer.key}`] = encodeRecord(answer);
  }
  room.boot();
  room.advance(60_000);
  const bodies = room.to("/v1/answers").map((one) => one.body);
  assert.ok(bodies.every((body) => (body?.answers?.length as number) <= 100));
  assert.ok(bodies.every((body) => JSON.stringify(body).length <= BODY_BYTES_MAX));
  const keys = (room.sent("answers") as Answer[]).map((answer) => answer.key);
  assert.deepEqual(
    keys,
    Array.from({ length: 250 }, (_, at) => uuid(at)),
  );
});

test("an airing is sent after the interaction left, once, with what became of it", () => {
  for (const [dismissed, outcome] of [
    [false, "shown"],
    [true, "dismissed"],
  ] as const) {
    const room = createLivingRoom({ cues: [cue()] });
    room.until(AT + 3_000);
    if (dismissed) room.events.dismissed(CUE);
    room.advance(120_000);
    const [airing, ...more] = room.sent("airings") as Airing[];
    assert.equal(more.length, 0);
    assert.equal(airing?.outcome, outcome);
    const writes = room.flash.writes.filter((key) => key.indexOf("airing/") === 0).length;
    assert.equal(writes, dismissed ? 2 : 1);
    assert.equal(airing?.dueMs, AT);
    assert.ok(Math.abs((airing?.firedMs as number) - AT) <= 20);
  }
});

test("an airing outlives a reboot in the middle of the showing", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(AT + 3_000);
  room.reboot(1_000);
  room.advance(120_000);
  assert.deepEqual(
    (room.sent("airings") as Airing[]).map((airing) => airing.outcome),
    ["shown"],
  );
});

test("a full outbox takes no more answers, and the viewer is not told otherwise", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.box.stop();
  for (let at = 0; at < LIMITS.answers; at++) {
    const answer = { key: uuid(at), cue: `pl${at}:x`, interaction: "i", version: 1, answeredAtMs: AT };
    room.flash.texts[`answer/${answer.key}`] = encodeRecord(answer);
  }
  room.special["/v1/answers"] = () => ({ status: 503 });
  room.boot();
  room.until(AT + 1_000);
  room.answer(CUE, { options: ["a"] });
  room.advance(100);
  assert.equal(room.view()?.phase, "open");
  assert.equal(room.box.state().answers.length, LIMITS.answers);
});

test("answers of many boxes to one cue are spread over seconds", () => {
  const instants: number[] = [];
  for (let seed = 1; seed <= 40; seed++) {
    const room = createLivingRoom({ cues: [cue()], seed });
    room.until(AT + 5_000);
    room.answer(CUE, { options: ["a"] });
    room.advance(5_000);
    instants.push((room.to("/v1/answers")[0]?.atMs as number) - AT - 5_000);
  }
  assert.ok(Math.max(...instants) <= 2_001);
  assert.ok(Math.max(...instants) - Math.min(...instants) > 1_500);
});

test("an interaction that takes no answer sends none", () => {
  const room = createLivingRoom({ cues: [cue()] });
  const {
    options: _,
    choices: __,
    answer: ___,
    ...rest
  } = interactionSample as never as Record<string, unknown>;
  room.interactions["int-42@3"] = { ...rest, type: "notice" } as never;
  room.until(AT + 1_000);
  assert.deepEqual(room.shown(), [CUE]);
  room.answer(CUE, { options: ["a"] });
  room.advance(20_000);
  assert.deepEqual(room.sent("answers"), []);
});

test("a body that came to nothing is sent again as it was written", () => {
  const room = createLivingRoom({ cues: [cue()] });
  room.until(START_MS + 600_500);
  room.broken[EDGE] = "refused";
  room.answer(CUE, { options: ["a"] });
  const batch = () => room.box.state().tasks.answers?.batch;
  room.advance(5_000);
  const first = batch();
  assert.equal(first?.sent.length, 1);
  const tries = room.to("/v1/answers").length;
  room.advance(300_000);
  assert.ok(room.to("/v1/answers").length > tries);
  assert.equal(batch(), first);
});

test("an answer that was refused as malformed is sent again: something on the way may have spoilt it", () => {
  for (const status of [400, 413]) {
    const room = createLivingRoom({ cues: [cue()] });
    let refusals = 0;
    room.special["/v1/answers"] = () => (refusals++ < 5 ? { status } : undefined);
    room.until(AT + 5_000);
    room.answer(CUE, { options: ["a"] });
    room.advance(300_000);
    const keys = new Set((room.sent("answers") as Answer[]).map(({ key }) => key));
    assert.equal(keys.size, 1);
    assert.equal(room.to("/v1/answers").length, 6, String(status));
    assert.equal(room.box.state().answers.length, 0);
    assert.equal(room.happened.filter(({ event }) => event === "receipt").length, 1);
  }
});
