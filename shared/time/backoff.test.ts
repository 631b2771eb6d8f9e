import assert from "node:assert/strict";
import { test } from "node:test";
import { backoffMs } from "./backoff.ts";

const settings = { baseMs: 100, maxMs: 1000 };

test("backoffMs() doubles its bound with each failure and stops at the limit", () => {
  const bounds = [1, 2, 3, 4, 5, 60].map((failures) => backoffMs(failures, settings, () => 0.999999));
  assert.deepEqual(bounds, [99, 199, 399, 799, 999, 999]);
});

test("backoffMs() may be zero, and never undercuts what the other side asked for", () => {
  assert.equal(
    backoffMs(5, settings, () => 0),
    0,
  );
  assert.equal(
    backoffMs(1, settings, () => 0, 3000),
    3000,
  );
  assert.equal(
    backoffMs(1, settings, () => 0.5, 3000),
    3050,
  );
});
