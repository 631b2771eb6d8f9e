import assert from "node:assert/strict";
import { test } from "node:test";
import { createSeededRandom } from "../../../shared/testing/seeded-random.ts";
import { createPressure } from "./pressure.ts";

/** A loop whose turns take as long as told: the timer comes by that much late. */
function loop({ begun = true } = {}) {
  let nowMs = 0;
  let due: (() => void) | undefined;
  const pressure = createPressure({
    clock: { monotonicMs: () => nowMs, wallMs: () => nowMs },
    timers: {
      after(_, run) {
        due = run;
        return () => {
          due = undefined;
        };
      },
    },
    random: createSeededRandom(7),
  });
  if (begun) pressure.begin();
  return {
    pressure,
    armed: () => due !== undefined,
    turn(lateMs: number) {
      nowMs += 100 + lateMs;
      due?.();
    },
    /** How many of 1,000 pulls are turned away. */
    shed: () => Array.from({ length: 1000 }, () => pressure.shed()).filter((reply) => reply !== undefined),
  };
}

test("createPressure() turns nothing away while turns are short, nor after a single long one", () => {
  const { turn, shed, pressure } = loop();
  for (const lateMs of [0, 5, 240, 240, 3_000, 10]) {
    turn(lateMs);
    assert.equal(shed().length, 0, `after a turn that was ${lateMs} ms late`);
  }
  assert.equal(pressure.behindMs(), 10);
});

test("createPressure() takes the long turns of a start for no overload", () => {
  const { turn, shed, pressure } = loop({ begun: false });
  for (const lateMs of [900, 900, 900]) turn(lateMs);
  assert.equal(shed().length, 0);
  pressure.begin();
  turn(0);
  assert.equal(shed().length, 0);
  for (const lateMs of [900, 900]) turn(lateMs);
  assert.ok(shed().length > 0);
});

test("createPressure() turns away more the longer turns take, never all, and nothing once they are short", () => {
  const { turn, shed } = loop();
  let before = 0;
  for (const lateMs of [400, 600, 900]) {
    turn(lateMs);
    turn(lateMs);
    const now = shed().length;
    assert.ok(now > before && now < 1000, `${now} after ${before}`);
    before = now;
  }
  turn(60_000);
  turn(60_000);
  const most = shed().length;
  assert.ok(most > 850 && most < 950, `${most} of 1000`);
  turn(0);
  assert.equal(shed().length, 0);
});

test("createPressure() tells those it turns away to come back at moments spread over nine seconds", () => {
  const { turn, shed } = loop();
  turn(2_000);
  turn(2_000);
  const replies = shed();
  const seconds = new Map<string, number>();
  for (const { status, headers } of replies) {
    assert.equal(status, 503);
    assert.equal(headers["content-type"], "application/problem+json");
    assert.equal(headers["cache-control"], "no-store");
    const after = headers["retry-after"] ?? "";
    seconds.set(after, (seconds.get(after) ?? 0) + 1);
  }
  assert.deepEqual(
    [...seconds.keys()].map(Number).sort((a, b) => a - b),
    [2, 3, 4, 5, 6, 7, 8, 9, 10],
  );
  for (const many of seconds.values()) assert.ok(many < replies.length / 4);
});

test("createPressure() arms nothing once it was stopped", () => {
  const { pressure, turn, armed } = loop();
  turn(0);
  assert.equal(armed(), true);
  pressure.stop();
  assert.equal(armed(), false);
});
