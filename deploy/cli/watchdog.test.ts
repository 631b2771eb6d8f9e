import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { startWatchdog } from "./watchdog.mjs";

const PID = 4711;
const QUICK = { everyMs: 10, withinMs: 100, missesMax: 3 };

/** An edge's admin port that hangs when it is told to. */
async function edge(t: TestContext) {
  const dataDir = await mkdtemp(join(tmpdir(), "cuecast-watchdog-"));
  const state = { hangs: false, asked: 0 };
  const server = createServer((_, reply) => {
    state.asked++;
    if (!state.hangs) reply.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address && typeof address === "object");
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await rm(dataDir, { recursive: true, force: true });
  });
  const file = join(dataDir, "started.json");
  const started = (pid = PID) =>
    writeFile(file, JSON.stringify({ pid, adminUrl: `http://127.0.0.1:${address.port}` }));
  const asked = async (more: number) => {
    const least = state.asked + more;
    while (state.asked < least) await new Promise((resolve) => setTimeout(resolve, 5));
  };
  return { dataDir, file, state, started, asked };
}

test("an edge that answered and then hangs is told of once, after as many misses as are allowed", async (t) => {
  const { dataDir, state, started, asked } = await edge(t);
  await started();
  const hung: number[] = [];
  let tell = () => {};
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const stop = startWatchdog(
    dataDir,
    PID,
    (silentForMs) => {
      hung.push(silentForMs);
      tell();
    },
    QUICK,
  );
  await asked(5);
  assert.deepEqual(hung, []);
  state.hangs = true;
  await told;
  assert.ok((hung[0] ?? 0) >= 300, `${hung}`);
  const last = state.asked;
  await new Promise((resolve) => setTimeout(resolve, 50));
  assert.deepEqual([hung.length, state.asked], [1, last]);
  stop();
});

test("an edge that never answered is left alone: it may be starting, and its file another's", async (t) => {
  const { dataDir, state, started, asked } = await edge(t);
  let hung = 0;
  const stop = startWatchdog(dataDir, PID, () => hung++, QUICK);
  state.hangs = true;
  await started();
  await asked(5);
  assert.equal(hung, 0);
  stop();
});

test("a file that goes, or that another edge writes, is not the silence of this one", async (t) => {
  const { dataDir, file, started, asked } = await edge(t);
  let hung = 0;
  const stop = startWatchdog(dataDir, PID, () => hung++, QUICK);
  await started();
  await asked(2);
  await rm(file);
  await asked(QUICK.missesMax + 2);
  await writeFile(file, JSON.stringify({ pid: PID + 1, adminUrl: "http://127.0.0.1:1" }));
  await asked(QUICK.missesMax + 2);
  assert.equal(hung, 0);
  stop();
});

test("an address that an edge before it left there is not asked", async (t) => {
  const { dataDir, state, started, asked } = await edge(t);
  await started(PID - 1);
  let hung = 0;
  const stop = startWatchdog(dataDir, PID, () => hung++, QUICK);
  await new Promise((resolve) => setTimeout(resolve, 10 * QUICK.everyMs));
  assert.equal(state.asked, 0);
  await started();
  await asked(1);
  assert.equal(hung, 0);
  stop();
});
