import assert from "node:assert/strict";
import { test } from "node:test";
import { silentLog } from "../../../shared/log.ts";
import { createSimulatedTime } from "../../../shared/testing/simulated-time.ts";
import { settle } from "../testing/outbox-fixture.ts";
import { createFilesWatch } from "./files-watch.ts";

test("what was written again is told until the process ends, what cannot be written until it can, and logged once", async () => {
  const { timers, advance } = createSimulatedTime(0);
  const logged: string[] = [];
  const error = (event: string) => void logged.push(event);
  let [identityWords, isFull]: [string | undefined, boolean] = [undefined, false];
  let released = false;
  const watch = createFilesWatch({
    identity: { look: async () => identityWords },
    copy: {
      async look() {
        if (isFull) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" });
        return undefined;
      },
      async release() {
        released = true;
      },
    },
    timers,
    log: { ...silentLog, error },
  });
  const turn = async () => {
    advance(5_000);
    await settle();
  };
  watch.start();
  await turn();
  assert.deepEqual([watch.damage(), logged], [[], []]);
  identityWords = "identity.json: it was missing";
  isFull = true;
  await turn();
  identityWords = undefined;
  await turn();
  const cannot = "publications: it cannot be read or written again: ENOSPC: no space left";
  assert.deepEqual(watch.damage(), ["identity.json: it was missing", cannot]);
  assert.deepEqual(logged, ["file-written-again", "file-not-written-again"]);
  isFull = false;
  await turn();
  assert.deepEqual(watch.damage(), ["identity.json: it was missing"]);
  await watch.stop();
  assert.equal(released, true);
  isFull = true;
  await turn();
  assert.equal(logged.length, 2);
});
