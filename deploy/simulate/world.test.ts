import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { BINARIES } from "../local/binaries.mjs";
import { runWorld } from "./world.ts";

const MAIN = join(import.meta.dirname, "main.ts");
const run = promisify(execFile);

test("a world of a new seed keeps every invariant", async (t) => {
  const seed = crypto.getRandomValues(new Uint32Array(1))[0] as number;
  t.diagnostic(`seed ${seed}`);
  const { violations } = await runWorld({ seed, boxes: 6, days: 2 });
  assert.deepEqual(violations, [], `npm run simulate -- --seed ${seed} --boxes 6 --days 2 --years 0`);
});

test("a lower revision is not taken within a day, though the wall clock was wrong by years when it first came", async () => {
  assert.deepEqual((await runWorld({ seed: 2698936836, boxes: 6, days: 2 })).violations, []);
});

test("the same seed gives the same trace on Deno and on Node, another seed another", async () => {
  const size = ["--boxes", "3", "--days", "1", "--years", "0", "--json"];
  const hashOf = async (command: string, args: string[], seed: string) => {
    const { stdout } = await run(command, [...args, MAIN, "--seed", seed, ...size]);
    return (JSON.parse(stdout) as { hash: string }).hash;
  };
  const node = (seed: string) => hashOf(BINARIES.node24, ["--disable-warning=ExperimentalWarning"], seed);
  const deno = (seed: string) =>
    hashOf(BINARIES.deno, ["run", "--allow-all", "--no-check", "--no-lock", "--cached-only"], seed);
  const [first, again, onDeno, other] = await Promise.all([node("7"), node("7"), deno("7"), node("8")]);
  assert.match(first, /^[0-9a-f]{16}$/);
  assert.deepEqual([again, onDeno], [first, first]);
  assert.notEqual(other, first);
});
