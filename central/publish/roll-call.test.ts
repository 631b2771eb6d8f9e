import assert from "node:assert/strict";
import { test } from "node:test";
import type { EdgeRecord } from "../store/fleet.ts";
import { createRollCall } from "./roll-call.ts";

const edge = (id: string, more: Partial<EdgeRecord> = {}): EdgeRecord => ({
  ...{ id, region: "north", url: undefined, enrolledAtMs: 0, revokedAtMs: undefined, lastSeenMs: 1 },
  ...{ report: undefined, highest: undefined, ...more },
});

function rollCall(edges: EdgeRecord[], withinMs = 1000) {
  let ring = () => {};
  const timers = {
    after(_: number, run: () => void) {
      ring = run;
      return () => {};
    },
  };
  const call = createRollCall({ list: async () => edges, timers }, withinMs);
  let done = false;
  const wait = () => call.complete().then(() => (done = true));
  const settled = async () => {
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
    return done;
  };
  return { call, wait, settled, ring: () => ring() };
}

test("complete() waits for every edge that has ever spoken and may", async () => {
  const edges = [
    edge("a"),
    edge("b"),
    edge("gone", { revokedAtMs: 1 }),
    edge("new", { lastSeenMs: undefined }),
  ];
  const { call, wait, settled } = rollCall(edges);
  void wait();
  call.heard("a");
  assert.equal(await settled(), false);
  call.heard("b");
  assert.equal(await settled(), true);
});

test("complete() waits no longer than it was told", async () => {
  const { wait, settled, ring } = rollCall([edge("a")]);
  void wait();
  assert.equal(await settled(), false);
  ring();
  assert.equal(await settled(), true);
});

test("complete() does not wait without edges, nor when told not to", async () => {
  for (const { wait, settled } of [rollCall([]), rollCall([edge("a")], 0)]) {
    void wait();
    assert.equal(await settled(), true);
  }
});
