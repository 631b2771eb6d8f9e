import assert from "node:assert/strict";
import { test } from "node:test";
import { CuecastError } from "../../../shared/errors.ts";
import { silentLog } from "../../../shared/log.ts";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import type { BatchReply, BatchRequest, Tally, UplinkAnswer } from "../../../shared/uplink/batch.ts";
import { answer, openOutbox, settle, withFile } from "../testing/outbox-fixture.ts";
import { createUplink } from "./uplink.ts";

const refusal = (status: number) =>
  new CuecastError("Cannot reach central: it fails its schema", { code: "central-refused", status });
const unreachable = () =>
  new CuecastError("Cannot reach central: nobody there", { code: "central-unreachable", retryable: true });

/** A central that keeps what it took, by number; `fault` may throw before or after it took. */
function fakeCentral(fault: (request: BatchRequest, took: boolean) => void = () => {}, jumps = true) {
  const answers = new Map<number, UplinkAnswer>();
  const requests: BatchRequest[] = [];
  let taken = 0;
  let gapFrom = 0;
  return {
    answers,
    requests,
    forget(above: number) {
      for (const number of [...answers.keys()]) if (number > above) answers.delete(number);
      taken = above;
    },
    async batch(request: BatchRequest): Promise<BatchReply> {
      requests.push(request);
      fault(request, false);
      for (const one of request.answers) answers.set(one.number, one);
      const first = request.answers[0]?.number ?? taken + 1;
      // Numbers only move the cursor, and over a gap only when it is shown twice.
      if (first <= taken + 1 || (jumps && gapFrom === first)) {
        taken = Math.max(taken, request.answers.at(-1)?.number ?? 0);
      } else gapFrom = first;
      fault(request, true);
      return { taken, national: request.tallies.map((tally) => ({ ...tally, total: tally.total + 1000 })) };
    },
  };
}

async function withUplink(
  central: ReturnType<typeof fakeCentral>,
  run: (
    parts: Awaited<ReturnType<typeof openOutbox>> & {
      uplink: ReturnType<typeof createUplink>;
      national: Tally[];
      pass: (ms: number) => Promise<void>;
    },
  ) => Promise<void>,
) {
  await withFile(async (path) => {
    const parts = await openOutbox(path);
    const { outbox, time } = parts;
    const { clock, timers } = time;
    const random = createSeededRandom(7);
    const national: Tally[] = [];
    const onNational = (tallies: readonly Tally[]) => void national.push(...tallies);
    const uplink = createUplink({ outbox, central, onNational, clock, timers, random, log: silentLog });
    /** Each turn of the uplink asks the outbox a few times: what is asked later is done later. */
    const idle = async () => {
      for (let asked = 0; asked < 8; asked++) {
        await settle();
        await outbox.take(0, 0);
      }
    };
    const pass = async (ms: number) => {
      const endMs = clock.monotonicMs() + ms;
      await idle();
      for (let due = time.nextDueMs(); due !== undefined && due <= endMs; due = time.nextDueMs()) {
        time.advance(due - clock.monotonicMs());
        await idle();
      }
      time.advance(endMs - clock.monotonicMs());
    };
    uplink.start();
    await run({ ...parts, uplink, national, pass });
    await uplink.stop();
    await parts.close();
  });
}

test("createUplink() sends answers and counts, and stops asking when nothing waits", async () => {
  const central = fakeCentral();
  await withUplink(central, async ({ outbox, statuses, national, pass }) => {
    await statuses("b1", answer("first:1", "a"), answer("first:2", "b"));
    await pass(2_000);
    assert.deepEqual([...central.answers.keys()], [1, 2]);
    assert.equal(outbox.state().waiting, 0);
    assert.deepEqual(
      national.filter(({ cue }) => cue === "first:1").map(({ total }) => total),
      [1001],
    );
    const sent = central.requests.length;
    assert.ok(sent <= 2, `${sent} requests`);
    await pass(10_000);
    assert.equal(central.requests.length, sent);
  });
});

test("createUplink() sends again what got no reply, under the same numbers", async () => {
  let faults = 0;
  const central = fakeCentral((_, took) => {
    if (took && faults++ < 4) throw unreachable();
  });
  await withUplink(central, async ({ outbox, statuses, uplink, pass }) => {
    await statuses("b1", answer("first:1", "a"));
    await pass(1_000);
    assert.match(uplink.state().trouble ?? "", /nobody there/);
    await pass(120_000);
    assert.equal(outbox.state().waiting, 0);
    assert.equal(central.answers.size, 1);
    assert.equal(uplink.state().trouble, undefined);
  });
});

for (const jumps of [true, false]) {
  test(`createUplink() sets the one poisoned record aside, to a central that ${jumps ? "passes over" : "stays at"} gaps`, async () => {
    const central = fakeCentral((request, took) => {
      if (!took && request.answers.some(({ cue }) => cue === "first:7")) throw refusal(400);
    }, jumps);
    await withUplink(central, async ({ outbox, statuses, pass }) => {
      await statuses("b1", ...Array.from({ length: 40 }, (_, cue) => answer(`first:${cue}`, "a")));
      await pass(30_000);
      assert.equal(central.answers.size, 39);
      assert.equal(outbox.state().setAside, 1);
      assert.equal(outbox.state().waiting, 0);
      if (!jumps) return;
      const before = central.requests.length;
      for (let later = 100; later < 103; later++) {
        await statuses("b1", answer(`first:${later}`, "a"));
        await pass(2_000);
      }
      assert.ok(central.requests.length - before <= 6, "nothing is sent twice once the gap is passed");
      assert.equal(outbox.state().acknowledged, 43);
    });
  });
}

test("createUplink() does not empty the outbox into a way that refuses everything", async () => {
  let refusing = true;
  const central = fakeCentral((_, took) => {
    if (!took && refusing) throw refusal(400);
  });
  await withUplink(central, async ({ outbox, statuses, pass }) => {
    await statuses("b1", ...Array.from({ length: 60 }, (_, cue) => answer(`first:${cue}`, "a")));
    await pass(120_000);
    assert.ok(outbox.state().setAside <= 10, `${outbox.state().setAside} set aside`);
    refusing = false;
    await pass(120_000);
    assert.equal(outbox.state().waiting, 0);
    assert.equal(central.answers.size + outbox.state().setAside, 60);
  });
});

test("createUplink() sends again what a central restored from an older copy lost", async () => {
  const central = fakeCentral();
  await withUplink(central, async ({ outbox, statuses, pass }) => {
    await statuses("b1", ...["1", "2", "3"].map((cue) => answer(`first:${cue}`, "a")));
    await pass(2_000);
    assert.equal(outbox.state().waiting, 0);
    central.forget(1);
    await statuses("b1", answer("first:4", "a"));
    await pass(5_000);
    assert.deepEqual([...central.answers.keys()].sort(), [1, 2, 3, 4]);
    assert.equal(outbox.state().waiting, 0);
  });
});
