/**
 * An answer is on disk before its reply: shown by the system calls of a running edge. A kill would prove
 * nothing: what the kernel has taken survives it without any sync.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startChild } from "../local/child.mjs";
import { runtimeCommand } from "../local/hand-over.mjs";
import { makeAnswer, postAnswers } from "./answers.ts";
import { fill, place } from "./content.ts";
import { createRig, type EdgeRig, landed, type Rig, RUNTIME, until } from "./rig.ts";

function hasStrace(): boolean {
  try {
    execFileSync("strace", ["-V"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
const skip = hasStrace() ? false : "left out: strace is not installed (Debian package strace)";

/**
 * Whether, in a trace, a sync of the answer log lies between its last write and each reply's send. Calls of several
 * threads end out of order: a call that was interrupted in the trace counts where it is resumed.
 */
export function syncsPrecedeReplies(trace: string): { replies: number; unsynced: number; writes: number } {
  let [replies, unsynced, writes] = [0, 0, 0];
  let dirty = false;
  /** What each thread's unfinished call is. */
  const unfinished = new Map<string, "write" | "sync">();
  for (const line of trace.split("\n")) {
    const thread = line.split(" ", 1)[0] ?? "";
    const begun = /\b(pwrite64|write|fdatasync)\(\d+<[^>]*answers\/\d+\.log>/.exec(line);
    const what = begun ? (begun[1] === "fdatasync" ? "sync" : "write") : undefined;
    if (what === "write") {
      dirty = true;
      writes++;
    }
    if (what && line.includes("unfinished")) unfinished.set(thread, what);
    else if (what === "sync" && /= 0$/.test(line)) dirty = false;
    else if (/resumed>.*= 0$/.test(line) && unfinished.get(thread) === "sync") dirty = false;
    if (line.includes("resumed>")) unfinished.delete(thread);
    if (/\b(write|writev|sendto|sendmsg)\(.*HTTP\/1\.1 200/.test(line)) {
      replies++;
      if (dirty) unsynced++;
    }
  }
  return { replies, unsynced, writes };
}

let rig: Rig;
let edge: EdgeRig;
before(async () => {
  if (skip) return;
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  await place(rig, "now", { when: { kind: "instant", atMs: Date.now() } });
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

test("syncsPrecedeReplies() finds a reply that went out before the sync", () => {
  const write = "1 pwrite64(9</d/answers/00000001.log>, x, 4096, 0) = 4096";
  const sync = "2 fdatasync(9</d/answers/00000001.log>) = 0";
  const reply = '1 writev(7<socket:[1]>, [{iov_base="HTTP/1.1 200 OK"}], 1) = 15';
  const begun = "2 fdatasync(9</d/answers/00000001.log> <unfinished ...>";
  const ended = "2 <... fdatasync resumed>) = 0";
  const told = (...lines: string[]) => syncsPrecedeReplies(lines.join("\n")).unsynced;
  assert.equal(told(write, sync, reply), 0);
  assert.equal(told(write, reply, sync), 1);
  assert.equal(told(write, begun, ended, reply), 0);
  assert.equal(told(write, begun, reply, ended), 1);
});

async function trace(
  pid: number | undefined,
  url: string,
  answers: number,
): Promise<ReturnType<typeof syncsPrecedeReplies>> {
  const output = join(rig.dir, `trace-${randomUUID()}`);
  const tracer = spawn(
    "strace",
    [
      "-f",
      "-y",
      "-s",
      "40",
      "-e",
      "trace=pwrite64,fsync,fdatasync,write,writev,sendto,sendmsg",
      "-o",
      output,
      "-p",
      String(pid),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  let said = "";
  tracer.stderr.on("data", (chunk) => {
    said += chunk;
  });
  await until("strace to attach", () => said.includes("attached"));
  for (let count = 0; count < answers; count++) {
    const reply = await postAnswers(url, `box-${count}`, [makeAnswer("now:once")]);
    assert.equal(reply.status, 200);
    await reply.text();
  }
  tracer.kill("SIGINT");
  await new Promise((resolve) => tracer.once("exit", resolve));
  return syncsPrecedeReplies(await readFile(output, "utf8"));
}

test("an answer's log is synced before its reply is sent", { skip }, async () => {
  const { replies, unsynced, writes } = await trace(edge.part.pid, edge.url, 20);
  assert.ok(replies >= 20 && writes >= 20, `only ${replies} replies and ${writes} writes seen`);
  assert.equal(unsynced, 0);
});

test("the same trace shows the fault when the outbox does not sync", { skip }, async () => {
  const program = runtimeCommand({
    runtime: RUNTIME,
    file: join(import.meta.dirname, "planted-outbox.ts"),
    args: [join(rig.dir, "planted", "outbox.db")],
  });
  let ready: (port: number) => void = () => {};
  const port = new Promise<number>((resolve) => {
    ready = resolve;
  });
  const child = startChild({
    name: "planted",
    ...program,
    onLine: (line) => line.startsWith("{") && ready(JSON.parse(line).port),
  });
  try {
    const { replies, unsynced } = await trace(child.pid, `http://127.0.0.1:${await port}`, 20);
    assert.ok(unsynced > 0, `all ${replies} replies were synced`);
  } finally {
    await child.stop();
  }
});
