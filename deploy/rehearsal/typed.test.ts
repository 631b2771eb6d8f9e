/** What is typed into `npx cuecast box` reaches the boxes, and the end of a launcher still is the end of its child. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { freePort } from "../../shared/runtime/ports.ts";
import { BINARIES, PROJECT_DIR } from "../local/binaries.mjs";
import { readLines } from "../local/child.mjs";
import { until } from "./rig.ts";

/** As in a terminal: the end of what is typed is not the end of a parent. */
const TYPED = { ...process.env, CUECAST_STDIN_IS_PARENT: "" };

/** Not by `startChild`: its pipe on stdin is what is looked at here. */
async function withBoxes(run: (launcher: ChildProcess, lines: string[], words: string[]) => Promise<void>) {
  const dir = await mkdtemp(join(tmpdir(), "cuecast-typed-"));
  const edge = `http://127.0.0.1:${await freePort()}`;
  const words = ["box", "--edge", edge, "--channel", "one", "--count", "2", "--id", "b", "--data", dir];
  const launcher = spawn(BINARIES.node24, [join(PROJECT_DIR, "deploy/cli/cuecast.mjs"), ...words], {
    stdio: ["pipe", "pipe", "pipe"],
    env: TYPED,
  });
  const lines: string[] = [];
  for (const stream of [launcher.stdout, launcher.stderr]) readLines(stream, (line) => lines.push(line));
  // Both ends: of the launcher, and of what it started, which holds the same output.
  const closed = new Promise((resolve) => launcher.once("close", resolve));
  try {
    await until("the boxes to start", () => lines.some((line) => line.includes('"started"')), 20_000);
    await run(launcher, lines, words);
  } finally {
    launcher.kill("SIGKILL");
    await closed;
    await rm(dir, { recursive: true, force: true });
  }
}

const happened = (lines: string[], event: string, box: string) =>
  lines.some((line) => line.startsWith(`{"event":"${event}","box":"${box}"`));

test("lines typed into cuecast box tune its boxes, tell their state, and are refused in words", () =>
  withBoxes(async (launcher, lines) => {
    const type = (text: string) => launcher.stdin?.write(`${text}\n`);
    type("state");
    await until("two states", () => happened(lines, "state", "b-1") && happened(lines, "state", "b-2"));
    type("tune two b-2");
    await until("box 2 to tune", () =>
      lines.some((line) => line.includes('"tuned","box":"b-2"') && line.includes('"channel":"two"')),
    );
    assert.ok(!lines.some((line) => line.includes('"tuned","box":"b-1"') && line.includes('"two"')));
    for (const [text, words] of [
      ["tune", "say tune CHANNEL [BOX], or state"],
      ["tune a/b", "that is no channel's id"],
      ["tune two b-9", "there is no box b-9 here"],
    ]) {
      type(text ?? "");
      await until(`"${text}" to be refused`, () => lines.includes(`Cannot take "${text}": ${words}`));
    }
    // What was typed has an end; the boxes have not.
    launcher.stdin?.end();
    const seen = lines.length;
    await until("the boxes to go on", () => lines.length > seen, 20_000);
    launcher.kill("SIGTERM");
    assert.equal(await new Promise((resolve) => launcher.once("exit", resolve)), 0);
  }));

test("a killed launcher of cuecast box leaves no boxes", () =>
  withBoxes(async (launcher) => {
    const closed = new Promise((resolve) => launcher.once("close", resolve));
    launcher.kill("SIGKILL");
    let ended = false;
    void closed.then(() => {
      ended = true;
    });
    await until("the boxes to end", () => ended, 15_000);
  }));

test("a second process is refused the data directory of one that runs", () =>
  withBoxes(async (_, __, words) => {
    const second = spawnSync(BINARIES.node24, [join(PROJECT_DIR, "deploy/cli/cuecast.mjs"), ...words], {
      encoding: "utf8",
      env: TYPED,
      timeout: 30_000,
    });
    assert.equal(second.status, 1, second.stdout);
    assert.match(second.stderr, /Cannot use .*: another process is using it; .* another --data/);
    assert.doesNotMatch(second.stdout, /started/);
  }));

test("boxes end quietly when nobody reads what they print", () =>
  withBoxes(async (launcher) => {
    const told: string[] = [];
    readLines(launcher.stderr as NonNullable<typeof launcher.stderr>, (line) => told.push(line));
    launcher.stdout?.destroy();
    const exited = new Promise((resolve) => launcher.once("exit", (code, signal) => resolve(signal ?? code)));
    launcher.stdin?.write("state\n");
    assert.equal(await exited, 0, told.join("\n"));
    assert.deepEqual(told, []);
  }));
