import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../shared/log.ts";
import type { Position } from "../../shared/publication/manifest.ts";
import { createAirWatch } from "./air-watch.ts";

const at = (revision: number): Position => ({ epoch: 1, revision, hash: String(revision).repeat(64) });

function watched(onAir: Position | undefined, there: Position | undefined | Error) {
  const state = { onAir, there, changes: 0 };
  const watch = createAirWatch({
    onAir: () => state.onAir,
    async there() {
      if (state.there instanceof Error) throw state.there;
      return state.there;
    },
    exclusive: (task) => task(),
    onChanged: () => {
      state.changes++;
    },
    log: silentLog,
  });
  return { watch, state };
}

test("createAirWatch() tells edges of an older air, once, and of what is on air again when that is mended", async () => {
  const { watch, state } = watched(at(5), at(3));
  assert.equal(watch.position()?.revision, 5);
  await watch.look();
  await watch.look();
  assert.deepEqual([watch.position()?.revision, state.changes], [3, 1]);
  state.onAir = { ...at(6), epoch: 2 };
  state.there = state.onAir;
  await watch.look();
  assert.deepEqual([watch.position()?.epoch, state.changes], [2, 2]);
});

test("createAirWatch() says nothing of an air that is as believed, empty, away, or not published yet", async () => {
  for (const { watch, state } of [
    watched(at(5), at(5)),
    watched(at(5), undefined),
    watched(at(5), new Error("away")),
    watched(undefined, at(5)),
  ]) {
    await watch.look();
    assert.deepEqual([watch.position()?.revision, state.changes], [state.onAir?.revision, 0]);
  }
});
