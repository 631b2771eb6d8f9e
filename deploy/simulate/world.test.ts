import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { BINARIES, PROJECT_DIR } from "../local/binaries.mjs";
import { runWorld } from "./world.ts";

const WORLD = new URL("world.ts", import.meta.url).href;
const run = promisify(execFile);

test("a world of a new seed keeps every invariant", async (t) => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  t.diagnostic(`seed ${seed}`);
  const { violations } = await runWorld({ seed, boxes: 6, days: 2 });
  assert.deepEqual(violations, [], `npm run simulate -- --seed ${seed} --boxes 6 --days 2 --years 0`);
});

test("a lower revision is not taken within a day, though the wall clock was wrong by years when it first came", async () => {
  const { violations } = await runWorld({ seed: 2698936836, boxes: 6, days: 2, only: "box-6" });
  assert.deepEqual(violations, []);
});

test("an answer is shown as taken when the edge has it, though a slow store is still writing it", async () => {
  const { violations } = await runWorld({ seed: 500000, boxes: 40, days: 7, only: "box-16" });
  assert.deepEqual(violations, []);
});

test("a cue whose mark was torn by a power cut is lost, also while the wall clock is wrong by years", async () => {
  const { violations } = await runWorld({ seed: 500000, boxes: 40, days: 7, only: "box-14" });
  assert.deepEqual(violations, []);
});

/** The other runtime compares it with this one; once in `npm test` is enough. */
const skip = "Deno" in globalThis ? "left to Node" : false;

test("the same seed gives the same trace on Deno and on Node, another seed another", { skip }, async () => {
  const size = { boxes: 2, days: 1 };
  const here = async (seed: number) => (await runWorld({ seed, ...size })).hash;
  const program = `
    import { runWorld } from ${JSON.stringify(WORLD)};
    process.stdout.write((await runWorld({ seed: 7, ...${JSON.stringify(size)} })).hash);
  `;
  const args = ["eval", "--no-lock", "--cached-only", "--ext=ts", program];
  const onDeno = run(BINARIES.deno, args, { cwd: PROJECT_DIR });
  const first = await here(7);
  assert.match(first, /^[0-9a-f]{16}$/);
  assert.deepEqual([await here(7), (await onDeno).stdout], [first, first]);
  assert.notEqual(await here(8), first);
});
