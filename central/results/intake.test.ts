import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import type { UplinkAnswer } from "../../shared/uplink/batch.ts";
import { authorSample, TEST_NOW_MS, type TestCentral, withCentral } from "../testing/central-for-tests.ts";

const OUTBOX = "6f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const OTHER = "7f1c2f6e-3f0a-4c0e-9a53-0d8f0e1b2c3d";
const CUE = "pl1:c1-p1.0";
const AT_MS = TEST_NOW_MS + 300_000;

const answer = (
  number: number,
  box: string,
  option: string,
  extra: Partial<UplinkAnswer> = {},
): UplinkAnswer => ({
  number,
  box,
  key: randomUUID(),
  cue: CUE,
  interaction: "int-1",
  version: 1,
  options: [option],
  answeredAtMs: AT_MS + 1000,
  receivedAtMs: AT_MS + 1100,
  ...extra,
});
const batch = (outbox: string, answers: UplinkAnswer[]) => ({ outbox, answers, airings: [], tallies: [] });
const summary = async (t: TestCentral) => (await t.api("GET", `/api/v1/results/${CUE}`)).body;
const counted = async (t: TestCentral) => (await summary(t)).counted;

test("take() counts an answer once, however often and by whatever outbox it comes", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const [a, b] = [answer(1, "box-1", "a"), answer(2, "box-2", "b")];
    const reply = await t.central.intake.take("e1", batch(OUTBOX, [a, b]));
    assert.deepEqual(reply, {
      taken: 2,
      national: [{ cue: CUE, interaction: "int-1", version: 1, total: 2, options: { a: 1, b: 1 } }],
    });
    assert.equal((await t.central.intake.take("e1", batch(OUTBOX, [a, b]))).taken, 2);
    await t.central.intake.take("e2", batch(OTHER, [{ ...a, number: 1 }]));
    assert.deepEqual(await counted(t), { total: 2, options: { a: 1, b: 1 } });

    // Another answer of box-1 that was given earlier and arrives later takes the vote.
    await t.central.intake.take("e2", batch(OTHER, [answer(2, "box-1", "b", { answeredAtMs: AT_MS + 500 })]));
    assert.deepEqual(await counted(t), { total: 2, options: { a: 0, b: 2 } });
    assert.deepEqual((await summary(t)).verdicts, { counted: 2, duplicate: 1 });

    // Late, and contradicting.
    await t.central.intake.take(
      "e1",
      batch(OUTBOX, [
        answer(3, "box-3", "a", { answeredAtMs: AT_MS + 60_001, receivedAtMs: AT_MS + 60_001 }),
        answer(4, "box-4", "z"),
      ]),
    );
    const { verdicts } = await summary(t);
    assert.deepEqual([verdicts.late, verdicts.rejected], [1, 1]);
  }));

test("take() takes in the same number with other content, and raises an alarm", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    await t.central.intake.take("e1", batch(OUTBOX, [answer(1, "box-1", "a")]));
    await t.central.intake.take("e1", batch(OUTBOX, [answer(1, "box-2", "b")]));
    assert.equal((await counted(t)).total, 2);
    const told = async () =>
      ((await t.api("GET", "/api/v1/status")).body.alarms as { kind: string; detail: string }[])
        .map(({ kind, detail }) => `${kind}: ${detail}`)
        .sort();
    assert.deepEqual(await told(), ["number-reused: number 1 came again with other content"]);
    // Two of one batch; a repeat as it was; and one whose moment became another.
    const third = answer(3, "box-5", "a");
    await t.central.intake.take(
      "e1",
      batch(OUTBOX, [answer(2, "box-3", "a"), answer(2, "box-4", "a"), third]),
    );
    assert.equal((await counted(t)).total, 5);
    await t.central.intake.take("e1", batch(OUTBOX, [third]));
    assert.equal((await told()).length, 2);
    await t.central.intake.take("e1", batch(OUTBOX, [{ ...third, answeredAtMs: third.answeredAtMs + 1 }]));
    assert.equal((await counted(t)).total, 5);
    assert.deepEqual(
      await told(),
      [1, 2, 3].map((number) => `number-reused: number ${number} came again with other content`),
    );
  }));

test("take() keeps answers to a cue it does not know, and counts them when it is published", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    const answers = Array.from({ length: 1200 }, (_, index) => answer(index + 1, `box-${index}`, "a"));
    await t.central.intake.take("e1", batch(OUTBOX, answers.slice(0, 1000)));
    await t.central.intake.take("e1", batch(OUTBOX, answers.slice(1000)));
    assert.equal((await summary(t)).verdicts.unknown, 1200);
    await t.central.publisher.publish();
    await t.central.intake.rejudge();
    assert.deepEqual(await counted(t), { total: 1200, options: { a: 1200 } });
    assert.equal((await summary(t)).verdicts.unknown, 0);
    // Gone from the air, an old cue is still known from the past.
    await t.central.publisher.withdraw({ placement: "pl1" });
    await t.central.intake.take("e1", batch(OUTBOX, [answer(1201, "box-late", "b")]));
    assert.deepEqual(await counted(t), { total: 1201, options: { a: 1200, b: 1 } });
  }));

test("take() keeps airings and provisional tallies as absolute counts per outbox", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const counts = (outbox: string, total: number) => ({
      outbox,
      answers: [],
      tallies: [{ cue: CUE, interaction: "int-1", version: 1, total, options: { a: total } }],
      airings: [
        {
          ...{ cue: CUE, interaction: "int-1", version: 1 },
          outcomes: { shown: total },
          firingErrors: [total, 0, 0, 0, 0, 0, 0, 0, 0],
        },
      ],
    });
    for (const each of [counts(OUTBOX, 5), counts(OUTBOX, 9), counts(OUTBOX, 7), counts(OTHER, 1)]) {
      await t.central.intake.take("e1", each);
    }
    const found = await summary(t);
    assert.deepEqual(found.provisional, { total: 10, options: { a: 10 } });
    assert.deepEqual(found.outcomes, { shown: 10 });
    assert.equal(found.firingErrors[0], 10);
    assert.equal(found.counted.total, 0);
  }));

test("take() writes batches that wait together, and repeats, reuse and refusals are told as if they came alone", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const { intake } = t.central;
    const first = [answer(1, "box-1", "a"), answer(2, "box-2", "b")];
    const again = { ...first[0], options: ["b"] } as UplinkAnswer;
    const earlier = answer(1, "box-1", "b", { answeredAtMs: AT_MS + 500 });
    const replies = await Promise.all([
      intake.take("e1", batch(OUTBOX, first)),
      intake.take("e1", batch(OUTBOX, first)),
      intake.take("e1", batch(OUTBOX, [again, answer(3, "box-3", "a")])),
      intake.take("e2", batch(OTHER, [earlier])),
    ]);
    assert.deepEqual(
      replies.map(({ taken }) => taken),
      [2, 2, 3, 1],
    );
    assert.deepEqual(await counted(t), { total: 3, options: { a: 1, b: 2 } });
    const { alarms } = (await t.api("GET", "/api/v1/status")).body;
    assert.deepEqual(
      alarms.map((alarm: { kind: string; detail: string }) => alarm.detail),
      ["number 1 came again with other content"],
    );
    assert.equal((await t.results.all("SELECT 1 FROM answer")).length, 4);
  }));

test("take() tells many answers of one box by their keys, in one batch and when it comes again", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const answers = Array.from({ length: 40 }, (_, index) => answer(index + 1, "box-1", "a"));
    const twice = [...answers, ...answers.slice(30).map((each) => ({ ...each }))];
    for (let turn = 0; turn < 2; turn++) {
      assert.equal((await t.central.intake.take("e1", batch(OUTBOX, twice))).taken, 40);
      assert.deepEqual((await summary(t)).verdicts, { counted: 1, duplicate: 39 });
      assert.equal((await t.results.all("SELECT 1 FROM answer")).length, 40);
    }
  }));

test("take() leaves to the edges what comes while 200 batches wait, and takes it afterwards", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const outboxes = Array.from({ length: 201 }, () => randomUUID());
    const release = await new Promise<() => void>((begun) => {
      void t.central.intake.exclusive(() => new Promise<void>((resolve) => begun(resolve)));
    });
    const send = (outbox: string, number: number) =>
      t.central.intake.take("e1", batch(outbox, [answer(1, `box-${number}`, "a")]));
    const sent = outboxes.slice(0, 200).map(send);
    const last = outboxes[200] as string;
    await assert.rejects(send(last, 200), { code: "too-many-batches", status: 503, retryAfterMs: 2_000 });
    release();
    await Promise.all(sent);
    assert.equal((await counted(t)).total, 200);
    assert.equal((await send(last, 200)).taken, 1);
    assert.equal((await counted(t)).total, 201);
  }));

/** As an edge tells it: how much it counted, up to which number, and what it judged itself. */
const told = (total: number, options: Record<string, number>, more: object) => ({
  tallies: [{ cue: CUE, interaction: "int-1", version: 1, total, options, ...more }],
});

test("what edges say is provisional until all of it has come in; then what was counted stands", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const { intake } = t.central;
    const same = answer(1, "box-1", "a");
    // One box that changed edges: the same answer at both, and another one of its later.
    const north = [same, answer(2, "box-2", "b")];
    const south = [{ ...same }, answer(2, "box-2", "b", { answeredAtMs: AT_MS + 2_000 })];
    for (const outbox of [OUTBOX, OTHER]) {
      await intake.take("e1", { ...batch(outbox, []), ...told(2, { a: 1, b: 1 }, {}), talliedTo: 2 });
    }
    const { counted, provisional } = await summary(t);
    assert.deepEqual([counted.total, provisional.total], [0, 4]);
    await intake.take("e1", batch(OUTBOX, north));
    assert.equal((await summary(t)).provisional.total, 4);
    await intake.take("e2", batch(OTHER, south));
    const settled = await summary(t);
    assert.deepEqual(settled.counted, { total: 2, options: { a: 1, b: 1 } });
    assert.deepEqual(settled.provisional, settled.counted);
    const reply = await t.central.app.request(`/api/v1/results/${CUE}/export`, {
      headers: { authorization: `Bearer ${t.token}` },
    });
    assert.doesNotMatch(await reply.text(), /provisional/);
  }));

test("what is provisional is never less than what was counted", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const { intake } = t.central;
    await intake.take("e1", { ...batch(OUTBOX, []), ...told(1, { a: 1 }, {}), talliedTo: 1 });
    // Of another edge answers came, and no tally yet.
    const answers = [answer(1, "box-1", "b"), answer(2, "box-2", "b")];
    await intake.take("e2", batch(OTHER, answers));
    const { counted, provisional } = await summary(t);
    assert.deepEqual([counted.total, provisional], [2, counted]);
  }));

test("what edges judged themselves is in the verdicts, as each edge tells it last", () =>
  withCentral({ air: true }, async (t) => {
    await authorSample(t);
    await t.central.publisher.publish();
    const { intake } = t.central;
    const others = (duplicate: number) => ({ others: { duplicate, late: 1, rejected: 2 } });
    await intake.take("e1", { ...batch(OUTBOX, []), ...told(0, {}, others(1)), talliedTo: 0 });
    await intake.take("e1", { ...batch(OUTBOX, []), ...told(1, { a: 1 }, others(2)), talliedTo: 1 });
    // An older one that comes late.
    await intake.take("e1", { ...batch(OUTBOX, []), ...told(0, {}, others(1)), talliedTo: 0 });
    await intake.take("e1", batch(OUTBOX, [answer(1, "box-1", "a")]));
    await intake.take("e2", batch(OTHER, [answer(1, "box-1", "a", { answeredAtMs: AT_MS + 2_000 })]));
    const verdicts = { counted: 1, duplicate: 3, late: 1, rejected: 2 };
    assert.deepEqual((await summary(t)).verdicts, verdicts);
    // By region they add up to the same.
    const uncounted = { duplicate: 3, late: 1, rejected: 2 };
    const { regions } = (await t.api("GET", `/api/v1/results/${CUE}/series`)).body;
    assert.deepEqual(
      regions.map((region: { others: object }) => region.others),
      [uncounted],
    );
  }));
