import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { BINARIES } from "./binaries.mjs";
import { type Child, startChild } from "./child.mjs";

/** A Node process that runs `code`, and a way to wait for one of its lines. */
function start(
  code: string,
  more: { stopWithinMs?: number } = {},
): { child: Child; line: (text: string) => Promise<void>; lines: string[] } {
  const lines: string[] = [];
  const waiting: { text: string; resolve: () => void }[] = [];
  const child = startChild({
    name: "it",
    command: BINARIES.node24,
    args: ["-e", code],
    onLine: (line) => {
      lines.push(line);
      for (const { text, resolve } of waiting) if (line.startsWith(text)) resolve();
    },
    ...more,
  });
  const line = (text: string) =>
    new Promise<void>((resolve) => {
      if (lines.some((known) => known.startsWith(text))) resolve();
      else waiting.push({ text, resolve });
    });
  return { child, line, lines };
}

const STAYS = "setTimeout(() => {}, 20_000);";

/** A process that has ended and waits for its parent to ask how is dead too. */
function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

test("startChild() hands on whole lines of both streams, the last one too", async () => {
  const { child, lines } = start(
    'console.log("one\\ntwo"); console.error("three"); process.stdout.write("four");',
  );
  assert.deepEqual(await child.exited, { code: 0, signal: null, killed: false });
  assert.deepEqual(lines.toSorted(), ["four", "one", "three", "two"]);
  assert.equal(child.running(), false);
});

test("startChild() tells how the child ended", async () => {
  assert.deepEqual(await start("process.exit(7)").child.exited, { code: 7, signal: null, killed: false });
});

test("startChild() ends with 127 and words when there is no such program", async () => {
  const lines: string[] = [];
  const child = startChild({ name: "none", command: "/nowhere/none", onLine: (line) => lines.push(line) });
  assert.equal((await child.exited).code, 127);
  assert.match(lines[0] ?? "", /^Cannot start \/nowhere\/none: /);
});

test("stop() lets a child end in its own way", async () => {
  const { child, line, lines } = start(`
    process.on("SIGTERM", () => { console.log("ending"); process.exit(0); });
    console.log("ready"); ${STAYS}`);
  await line("ready");
  const [first, second] = await Promise.all([child.stop(), child.stop()]);
  assert.deepEqual([first, second], [{ code: 0, signal: null, killed: false }, first]);
  assert.deepEqual(lines, ["ready", "ending"]);
});

test("stop() kills a child that does not end in time", async () => {
  const { child, line } = start(`process.on("SIGTERM", () => {}); console.log("ready"); ${STAYS}`, {
    stopWithinMs: 50,
  });
  await line("ready");
  assert.deepEqual(await child.stop(), { code: null, signal: "SIGKILL", killed: true });
});

test("startChild() leaves nothing of the child's group when the child dies", async () => {
  const { child, line, lines } = start(`
    const { spawn } = require("node:child_process");
    const inner = spawn(process.execPath, ["-e", ${JSON.stringify(STAYS)}], { stdio: "inherit" });
    console.log("inner " + inner.pid); ${STAYS}`);
  await line("inner");
  const inner = Number(lines[0]?.split(" ")[1]);
  assert.ok(isAlive(inner));
  child.signal("SIGKILL");
  assert.equal((await child.exited).signal, "SIGKILL");
  // It closes its output a moment before it counts as ended.
  for (let turn = 0; turn < 100_000 && isAlive(inner); turn++)
    await new Promise((resolve) => setImmediate(resolve));
  assert.equal(isAlive(inner), false);
});

test("startChild() lets a child learn that its parent was killed", async () => {
  // The parent in the middle is a launcher of ours; it is killed, and its child must say goodbye by itself.
  const inner = `process.stdin.on("end", () => { console.log("orphan"); process.exit(0); }).resume(); console.log("inner " + process.pid); setTimeout(() => {}, 20_000);`;
  const { child, line, lines } = start(`
    import(${JSON.stringify(new URL("./child.mjs", import.meta.url).href)}).then(({ startChild }) => {
      startChild({ name: "x", command: process.execPath, args: ["-e", ${JSON.stringify(inner)}], output: "inherit" });
    });`);
  await line("inner");
  child.signal("SIGKILL");
  await child.exited;
  await line("orphan");
  assert.deepEqual(lines.slice(1), ["orphan"]);
});
