/** An edge with two workers: as the single process, also when one of them is killed under load. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
import { fill, place, placeNow } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, metric, type Rig, status, until } from "./rig.ts";

const KILLS = Number(process.env.CUECAST_REHEARSE_WORKER_KILLS ?? 2);
let rig: Rig;
let edge: EdgeRig;

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north", ["--workers", "2"]);
  await placeNow(rig, "worked");
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

/** The processes that answer boxes, below the edge's. */
function workers(): number[] {
  const lines = execFileSync("ps", ["-eo", "pid=,ppid=,args="]).toString().split("\n");
  const rows = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? []);
  const below = new Set([String(edge.part.pid)]);
  // Parents come before their children, or the next round finds them.
  for (let round = 0; round < 3; round++) {
    for (const [, pid = "", parent = ""] of rows) if (below.has(parent)) below.add(pid);
  }
  return rows
    .filter(([, pid = "", , args = ""]) => below.has(pid) && args.includes("workers/worker.main.ts"))
    .map(([, pid]) => Number(pid));
}

/** What replies say on many connections, so that both workers are met. */
async function said(path: string, read: (reply: Response) => Promise<unknown>): Promise<unknown[]> {
  const replies = Array.from({ length: 24 }, async () => {
    const reply = await fetch(`${edge.url}${path}`, { headers: { connection: "close" } });
    return JSON.stringify([reply.status, await read(reply)]);
  });
  return [...new Set(await Promise.all(replies))].map((text) => JSON.parse(text));
}

const schedule = "/v1/channels/one/schedule";
const bytesAndTag = async (reply: Response) => [reply.headers.get("etag"), await reply.text()];

test("two workers give the same bytes under one tag, and a publication reaches both", async () => {
  assert.equal(workers().length, 2);
  const before = await said(schedule, bytesAndTag);
  assert.equal(before.length, 1);
  const when = { kind: "instant", atMs: Date.now() + 60_000 } as const;
  await place(rig, "newer", { when });
  await landed(edge, await rig.publish());
  const after = await said(schedule, bytesAndTag);
  assert.equal(after.length, 1);
  assert.notDeepEqual(after, before);
  assert.match(JSON.stringify(after), /newer:once/);
});

test(`${KILLS} kills of a worker during load: every acknowledged answer is at central once, and each is replaced`, async (t) => {
  let acknowledged = 0;
  let sent = 0;
  let loading = true;
  const load = Array.from({ length: 8 }, async (_, client) => {
    while (loading) {
      const box = `box-${client}-${sent++}`;
      const answer = makeAnswer("worked:once");
      // The same key until a receipt comes, as a box does.
      for (let taken = false; !taken && loading; ) {
        try {
          const reply = await postAnswers(edge.url, box, [answer]);
          if (reply.status === 503) continue;
          assert.equal(reply.status, 200);
          assert.deepEqual(await receiptsOf(reply), ["accepted"]);
          taken = true;
          acknowledged++;
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          await new Promise((resolve) => setTimeout(resolve, 20));
        }
      }
    }
  });
  for (let kill = 0; kill < KILLS; kill++) {
    const goal = acknowledged + 50;
    await until("some load", () => acknowledged >= goal);
    const victim = workers()[kill % 2] as number;
    process.kill(victim, "SIGKILL");
    await until("another in its place", async () => {
      const { workers: count } = (await status(edge)) as { workers: { serving: number; replaced: number } };
      return count.serving === 2 && count.replaced === kill + 1;
    });
    assert.ok(!workers().includes(victim));
  }
  loading = false;
  await Promise.all(load);
  assert.ok(acknowledged >= KILLS * 50);
  const found = await until("them at central", async () => {
    const { total } = await countedAt(rig, "worked:once");
    return total >= acknowledged && total;
  });
  t.diagnostic(`${KILLS} kills, ${acknowledged} acknowledged, ${found} counted`);
  // What was stored but whose receipt was lost may come on top: at most one for each client and kill.
  assert.ok(found <= acknowledged + 8 * (KILLS + 1), `${found} counted, ${acknowledged} acknowledged`);
});

test("the status page and the metrics show the sum of the workers, and results are the same from each", async () => {
  const told = async () => metric(edge, "cuecast_edge_pulls_total");
  const before = await told();
  for (let turn = 0; turn < 3; turn++) await said(schedule, async () => "");
  await until("72 more pulls", async () => (await told()) >= before + 72, 10_000);
  assert.equal(await metric(edge, "cuecast_edge_workers"), 2);
  const results = await said("/v1/cues/worked:once/results", async (reply) => {
    const { total, options } = (await reply.json()) as { total: number; options: unknown };
    return { total, options };
  });
  assert.equal(results.length, 1);
});

test("an edge that is killed takes its workers with it, and one that is stopped ends them", async () => {
  const before = workers();
  edge.part.crash();
  await edge.part.exited;
  const lives = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  await until("them to end", () => !before.some(lives), 10_000);
  await edge.start();
  const next = workers();
  assert.equal((await said(schedule, bytesAndTag)).length, 1);
  await edge.part.stop();
  assert.ok(!next.some(lives));
});
