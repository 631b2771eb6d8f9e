import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { OUTBOX_MIGRATIONS } from "../../edge/headend/outbox/outbox-tables.ts";
import { CuecastError } from "../../shared/errors.ts";
import { openDatabase } from "../../shared/runtime/database.ts";
import type { BatchRequest } from "../../shared/uplink/batch.ts";
import { openSetAside, type SetAsideAnswers } from "./set-aside.ts";

const OUTBOX = "00000000-0000-4000-8000-000000000001";

/** An outbox whose central has everything up to number 5, and which set 2, 4 and 7 aside; its edge holds it open. */
async function withOutbox(run: (answers: SetAsideAnswers) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-set-aside-"));
  const edge = await openDatabase(join(folder, "outbox.db"), OUTBOX_MIGRATIONS);
  await edge.batch([
    {
      sql: "INSERT INTO state (id, outbox, last_number, acknowledged, change, rows) VALUES (1, ?, 9, 5, 0, 0)",
      args: [OUTBOX],
    },
    ...[2, 4, 7].map((number) => ({
      sql: "INSERT INTO set_aside VALUES (?, 1795431900000, 'it refused', ?)",
      args: [number, number === 4 ? "torn {" : JSON.stringify({ number, cue: "a:once", box: "b" })],
    })),
  ]);
  const answers = await openSetAside(folder);
  try {
    await run(answers);
  } finally {
    answers.close();
    edge.close();
    await rm(folder, { recursive: true });
  }
}
const numbersOf = async (answers: SetAsideAnswers) => (await answers.list()).map(({ number }) => number);

test("list() tells each answer that was set aside, whole, whatever lies there", () =>
  withOutbox(async (answers) => {
    const [first, torn] = await answers.list();
    assert.deepEqual(first, {
      ...{ number: 2, atMs: 1_795_431_900_000, reason: "it refused" },
      answer: { number: 2, cue: "a:once", box: "b" },
    });
    assert.deepEqual(torn?.answer, {});
    assert.deepEqual(
      (await answers.list(7)).map(({ number }) => number),
      [7],
    );
    assert.deepEqual(await answers.list(3), []);
  }));

test("send() sends one by one under the outbox's id, and keeps what is refused again", () =>
  withOutbox(async (answers) => {
    const sent: BatchRequest[] = [];
    const batch = async (body: BatchRequest) => {
      sent.push(body);
      if (body.answers[0]?.number !== 2)
        throw new CuecastError("Cannot send: it refused: old", { code: "central-refused", status: 400 });
      return { taken: 5, national: [] };
    };
    const { taken, refused } = await answers.send({ batch });
    assert.equal(taken, 1);
    assert.deepEqual(
      refused.map(({ number, reason }) => [number, reason]),
      [
        [4, "Cannot send: it refused: old"],
        [7, "Cannot send: it refused: old"],
      ],
    );
    assert.ok(sent.every(({ outbox, answers: each }) => outbox === OUTBOX && each.length === 1));
    assert.deepEqual(await numbersOf(answers), [4, 7]);
  }));

test("send() loses nothing when central is away", () =>
  withOutbox(async (answers) => {
    const batch = () =>
      Promise.reject(new CuecastError("Cannot reach central", { code: "central-unreachable" }));
    await assert.rejects(answers.send({ batch }), { code: "central-unreachable" });
    assert.deepEqual(await numbersOf(answers), [2, 4, 7]);
  }));

test("drop() takes away what is named, or all but what the edge would send again at once", () =>
  withOutbox(async (answers) => {
    assert.deepEqual(await answers.drop(4), { dropped: 1, ahead: 0 });
    assert.deepEqual(await numbersOf(answers), [2, 7]);
    assert.deepEqual(await answers.drop(), { dropped: 1, ahead: 1 });
    assert.deepEqual(await numbersOf(answers), [7]);
  }));

test("openSetAside() makes no outbox where there is none", async () => {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-set-aside-"));
  await assert.rejects(openSetAside(folder), { code: "no-outbox" });
  await assert.rejects(openSetAside(join(folder, "nowhere")), { code: "no-outbox" });
  await rm(folder, { recursive: true });
});
