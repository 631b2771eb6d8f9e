import assert from "node:assert/strict";
import { test } from "node:test";
import { createCapacity } from "./capacity.ts";

/** A clock that a request moves on. */
function ports(costsMs: number[]) {
  let nowMs = 0;
  let asked = 0;
  const due: { delayMs: number; run(): void }[] = [];
  return {
    ask: async () => {
      nowMs += costsMs[Math.min(asked, costsMs.length - 1)] ?? 1;
      asked++;
    },
    clock: { wallMs: () => nowMs, monotonicMs: () => nowMs },
    pause: async () => {},
    timers: {
      after(delayMs: number, run: () => void) {
        due.push({ delayMs, run });
        return () => due.splice(0);
      },
    },
    due,
    asked: () => asked,
  };
}

test("perSecond() is that of the best burst, and the first request is not in it", async () => {
  const capacity = createCapacity();
  const slowThenFast = ports([500, ...new Array(50).fill(2), 0.5]);
  await capacity.measure(slowThenFast.ask, slowThenFast);
  assert.equal(capacity.perSecond(), 2_000);
});

test("measure() ends after its bursts, and says nothing of an edge that does not answer", async () => {
  const capacity = createCapacity();
  const slow = ports([60]);
  await capacity.measure(slow.ask, slow);
  assert.equal(slow.asked(), 11);
  assert.deepEqual(
    slow.due.map(({ delayMs }) => delayMs),
    [600_000],
  );
  capacity.stop();
  assert.equal(slow.due.length, 0);
  const silent = createCapacity();
  await silent.measure(() => Promise.reject(new Error("refused")), slow);
  assert.equal(silent.perSecond(), undefined);
});
