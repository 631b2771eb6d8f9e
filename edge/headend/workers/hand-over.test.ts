import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { silentLog } from "../../../shared/log.ts";
import type { Answer, Receipt } from "../../../shared/protocol/answers.ts";
import type { Intake } from "../serve/routes.ts";
import { createIntakeDesk, createRemoteIntake } from "./hand-over.ts";
import type { Ask, Told } from "./messages.ts";

const answer = (key: string): Answer => ({
  ...{ key, cue: "c:once", interaction: "i", version: 1, options: ["a"], answeredAtMs: 1 },
});

/** A worker's intake and main's desk, with a line between them that only carries what JSON can. */
function joined(intake: Partial<Intake>) {
  let turns: (() => void)[] = [];
  const pause = () => new Promise<void>((resolve) => turns.push(resolve));
  const lines: unknown[] = [];
  const carry = <T>(value: T): T => {
    lines.push(value);
    return JSON.parse(JSON.stringify(value));
  };
  const none = () => Promise.reject(new Error("not asked"));
  const desk = createIntakeDesk({
    intake: { answers: none, airings: none, tally: none, ...intake },
    pause,
    log: silentLog,
  });
  const take = desk((told: Told[]) => remote.told(carry(told)));
  const remote = createRemoteIntake({ send: (asks: Ask[]) => take(carry(asks)), pause });
  const settle = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return {
    remote,
    lines,
    settle,
    async turn() {
      await settle();
      const due = turns;
      turns = [];
      for (const resolve of due) resolve();
      await settle();
    },
  };
}

test("createRemoteIntake() hands over what comes in one turn in one line, and gives each its own receipts", async () => {
  const { remote, lines, turn } = joined({
    answers: async (box, answers) => answers.map(({ key }) => ({ key: `${box} ${key}`, status: "accepted" })),
  });
  const all = Promise.all([
    remote.answers("box-1", [answer("k1"), answer("k2")]),
    remote.answers("box-2", [answer("k3")]),
  ]);
  await turn();
  assert.equal(lines.length, 1);
  await turn();
  assert.equal(lines.length, 2);
  assert.deepEqual(
    (await all).map((receipts) => receipts.map(({ key }) => key)),
    [["box-1 k1", "box-1 k2"], ["box-2 k3"]],
  );
});

test("createRemoteIntake() gives no receipt before main's outbox has given it", async () => {
  let onDisk: (receipts: Receipt[]) => void = () => {};
  const { remote, turn } = joined({
    answers: () =>
      new Promise((resolve) => {
        onDisk = resolve;
      }),
  });
  let got: Receipt[] | undefined;
  const asked = remote.answers("box", [answer("k")]).then((receipts) => {
    got = receipts;
  });
  for (let turns = 0; turns < 5; turns++) await turn();
  assert.equal(got, undefined);
  onDisk([{ key: "k", status: "accepted" }]);
  await turn();
  await asked;
  assert.deepEqual(got, [{ key: "k", status: "accepted" }]);
});

test("createRemoteIntake() tells a box what the outbox refuses as the single process would", async () => {
  const refusal = new CuecastError("Cannot take into the outbox: the disk is full", {
    ...{ code: "outbox-unavailable", status: 503, retryable: true, retryAfterMs: 7_000 },
  });
  const { remote, turn } = joined({
    answers: () => Promise.reject(refusal),
    airings: () => Promise.reject(new Error("a bug")),
  });
  const answers = remote.answers("box", [answer("k")]).catch((error) => error);
  const airings = remote.airings("box", []).catch((error) => error);
  await turn();
  await turn();
  const told = await answers;
  assert.ok(told instanceof CuecastError);
  const { message, code, status, retryable, retryAfterMs } = told;
  assert.deepEqual(
    { message, code, status, retryable, retryAfterMs },
    {
      message: refusal.message,
      ...{ code: "outbox-unavailable", status: 503, retryable: true, retryAfterMs: 7_000 },
    },
  );
  assert.ok(!((await airings) instanceof CuecastError));
});

test("createRemoteIntake() asks main for tallies; one that there is none of stays undefined", async () => {
  const tally = { scope: "edge" as const, total: 2, options: { a: 2 } };
  const { remote, turn } = joined({ tally: (cue) => (cue === "known" ? tally : undefined) });
  const all = Promise.all([remote.tally("known"), remote.tally("unknown")]);
  await turn();
  await turn();
  assert.deepEqual(await all, [tally, undefined]);
});
