/**
 * Clients that never end their request hold up nobody, and nginx in front keeps them from the edge altogether. 5,000 of
 * them are measured by `npm run bench -- slow`.
 */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createLoneEdge, type LoneEdge } from "../bench/lone-edge.ts";
import { openSlowSockets } from "../bench/slow-sockets.ts";
import { hasNginx, startShippedNginx } from "../nginx/start-nginx.ts";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
import { RUNTIME, until } from "./rig.ts";
import { assertWithin } from "./within.ts";

const SLOW = 500;
const PULLS = 100;
/** Far more than a pull takes; far less than any of the slow ones. */
const PULL_MAX_MS = 1_000;
const skip = hasNginx() ? false : "nginx is not installed (Debian package nginx)";
let dir: string;
let edge: LoneEdge;
/** What it has open when nobody asks. */
let atRest: number;

before(async () => {
  dir = await mkdtemp(join(tmpdir(), "cuecast-slow-"));
  edge = await createLoneEdge(join(dir, "edge"), { runtime: RUNTIME });
  atRest = await opened();
});
after(async () => {
  await edge?.stop();
  await rm(dir, { recursive: true, force: true });
});

/** Files and connections that the edge's process has open. */
const opened = async () => (await readdir(`/proc/${edge.part.pid}/fd`)).length;

async function slowestPull(url: string): Promise<number> {
  let slowest = 0;
  for (let pull = 0; pull < PULLS; pull++) {
    const from = performance.now();
    const reply = await fetch(`${url}/v1/channels/small/schedule`);
    assert.equal(reply.status, 200);
    await reply.arrayBuffer();
    slowest = Math.max(slowest, performance.now() - from);
  }
  return slowest;
}

test(`an edge by itself answers others at once while ${SLOW} clients never end their request`, async (t) => {
  await slowestPull(edge.url);
  const sockets = await openSlowSockets(edge.url, SLOW);
  try {
    assert.ok(sockets.open() > SLOW * 0.9, `${sockets.open()} open`);
    assertWithin(t, "the slowest pull took", await slowestPull(edge.url), PULL_MAX_MS);
    const reply = await postAnswers(edge.url, "box-slow", [makeAnswer("now:once")]);
    assert.deepEqual(await receiptsOf(reply), ["accepted"]);
  } finally {
    sockets.close();
  }
});

test("an edge that has no file descriptor left goes on once there are some again, as the same process", async () => {
  const limit = (files: number) =>
    execFileSync("prlimit", ["--pid", String(edge.part.pid), `--nofile=${files}:`]);
  await until("the connections of before to be closed", async () => (await opened()) < atRest + 50);
  limit((await opened()) + 100);
  const sockets = await openSlowSockets(edge.url, 300);
  try {
    await until("some to be cut or refused", () => sockets.open() < 200);
    assert.ok(edge.part.running());
  } finally {
    sockets.close();
    limit(4_096);
  }
  await until("a reply", async () => (await slowestPull(edge.url)) > 0, 10_000);
  assert.ok(edge.part.running());
});

test(`behind nginx ${SLOW} such clients do not reach the edge, and others are answered at once`, {
  skip,
}, async (t) => {
  const nginx = await startShippedNginx(join(dir, "nginx"), Number(new URL(edge.url).port), "off");
  try {
    await slowestPull(nginx.url);
    const before = await opened();
    const sockets = await openSlowSockets(nginx.url, SLOW);
    try {
      assert.ok(sockets.open() > SLOW * 0.9, `${sockets.open()} open`);
      assertWithin(t, "the slowest pull took", await slowestPull(nginx.url), PULL_MAX_MS);
      const reply = await postAnswers(nginx.url, "box-held", [makeAnswer("now:once")]);
      assert.deepEqual(await receiptsOf(reply), ["accepted"]);
      const now = await opened();
      assert.ok(now < before + SLOW / 5, `the edge has ${now} files open, ${before} before`);
    } finally {
      sockets.close();
    }
  } finally {
    await nginx.stop();
  }
});
