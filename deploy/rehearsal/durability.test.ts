/**
 * An answer is on disk before its reply: shown by the system calls of a running edge. A kill would prove
 * nothing: what the kernel has taken survives it without any sync.
 */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { readdir, readFile, readlink } from "node:fs/promises";
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
 * Whether, in a trace, every write to the answer log is on disk before each reply's send: it is once the call has ended
 * where its file was opened with `O_DSYNC`, and never else. Calls of several threads end out of order: a call that was
 * interrupted in the trace ends where it is resumed.
 *
 * @param durable numbers of the files that were opened so
 */
export function syncsPrecedeReplies(
  trace: string,
  durable: ReadonlySet<number>,
): { replies: number; unsynced: number; writes: number } {
  let [replies, unsynced, writes] = [0, 0, 0];
  let dirty = false;
  /** Threads whose write has not ended. */
  const unfinished = new Set<string>();
  for (const line of trace.split("\n")) {
    const thread = line.split(" ", 1)[0] ?? "";
    const begun = /\bp?write(?:64)?\((\d+)<[^>]*answers\/\d+\.log>/.exec(line);
    if (begun) {
      writes++;
      if (!durable.has(Number(begun[1]))) dirty = true;
      else if (line.includes("unfinished")) unfinished.add(thread);
      else assert.match(line, /= \d+$/);
    } else if (line.includes("resumed>")) unfinished.delete(thread);
    if (/\b(write|writev|sendto|sendmsg)\(.*HTTP\/1\.1 200/.test(line)) {
      replies++;
      if (dirty || unfinished.size > 0) unsynced++;
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
  const write = "2 pwrite64(9</d/answers/00000001.log>, x, 4096, 0) = 4096";
  const begun = "2 pwrite64(9</d/answers/00000001.log>, x, 4096, 0 <unfinished ...>";
  const ended = "2 <... pwrite64 resumed>) = 4096";
  const reply = '1 writev(7<socket:[1]>, [{iov_base="HTTP/1.1 200 OK"}], 1) = 15';
  const told = (durable: number[], ...lines: string[]) =>
    syncsPrecedeReplies(lines.join("\n"), new Set(durable)).unsynced;
  assert.equal(told([9], write, reply), 0);
  assert.equal(told([8], write, reply), 1);
  assert.equal(told([9], begun, ended, reply), 0);
  assert.equal(told([9], begun, reply, ended), 1);
});

/** Numbers of a process's open files of the answer log whose writes end once they are on disk. */
async function durableFiles(pid: number | undefined): Promise<Set<number>> {
  const found = new Set<number>();
  for (const fd of await readdir(`/proc/${pid}/fd`)) {
    const path = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => "");
    if (!/answers\/\d+\.log$/.test(path)) continue;
    const flags = /^flags:\s+(\d+)$/m.exec(await readFile(`/proc/${pid}/fdinfo/${fd}`, "utf8"))?.[1];
    if (Number.parseInt(flags ?? "0", 8) & constants.O_DSYNC) found.add(Number(fd));
  }
  return found;
}

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
  return syncsPrecedeReplies(await readFile(output, "utf8"), await durableFiles(pid));
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
