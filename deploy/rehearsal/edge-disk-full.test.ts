/**
 * An edge whose disk fills under load: pulls go on, answers are refused in words, nothing acknowledged is lost, and
 * all of it ends by itself once there is room.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { PROBLEM_MEDIA_TYPE } from "../../shared/protocol/problem.ts";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
import { fill, placeNow } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, metric, type Rig, status, until } from "./rig.ts";
import { createSmallDisk, type SmallDisk, whyNoSmallDisk } from "./small-disk.ts";

const skip = (await whyNoSmallDisk()) ?? false;
let rig: Rig;
let disk: SmallDisk;
let edge: EdgeRig;

before(async () => {
  if (skip) return;
  rig = await createRig();
  await fill(rig, Date.now());
  disk = await createSmallDisk(24 * 1024 * 1024);
  edge = await rig.addEdge("edge-north", "north", ["--sync-every-ms", "1000"], { disk });
  for (const id of ["loaded", "refused"]) await placeNow(rig, id);
  await landed(edge, await rig.publish());
});
after(async () => {
  loading = false;
  ended = true;
  await rig?.stop();
  await disk?.close();
});

const refusing = async () => {
  const { state, troubles } = (await status(edge)) as {
    state: string;
    troubles: { code: string; what: string }[];
  };
  const trouble = troubles.find(({ code }) => code === "outbox-refuses");
  return trouble && { state, what: trouble.what };
};

const stored = new Set<string>();
let refusals = 0;
/** Receipts of the boxes that were to be refused and were not: they count. */
const foundRoom: string[][] = [];
/** New boxes come as long as this; each goes on until it has its receipt. */
let loading = true;
let ended = false;
let workers = 0;

/** Boxes that answer once each, and ask again with the same key until they have a receipt. */
async function load(worker: number) {
  workers++;
  for (let turn = 0; loading; turn++) {
    const box = `box-${worker}-${turn}`;
    const answer = makeAnswer("loaded:once");
    while (!ended) {
      const reply = await postAnswers(edge.url, box, [answer]).catch(() => undefined);
      if (reply?.status === 200) {
        assert.deepEqual(await receiptsOf(reply), ["accepted"]);
        stored.add(box);
        break;
      }
      await reply?.body?.cancel();
      if (reply) {
        assert.equal(reply.status, 503);
        assert.ok(Number(reply.headers.get("retry-after")) >= 1, "503 without Retry-After");
        refusals++;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
  workers--;
}

test("an edge whose disk fills refuses answers with 503 and says so; pulls go on", { skip }, async () => {
  for (let worker = 0; worker < 4; worker++) load(worker);
  await until("some load", () => stored.size >= 100);
  await disk.fill();
  await until("refusals", () => refusals >= 20);

  // What the log of answers gives back when it is folded is room for some more.
  const reply = await until("a refusal of two answers", async () => {
    const asked = await postAnswers(edge.url, `box-refused-${foundRoom.length}`, [
      makeAnswer("refused:once"),
      makeAnswer("refused:once"),
    ]);
    if (asked.status !== 200) return asked;
    foundRoom.push(await receiptsOf(asked));
    return undefined;
  });
  assert.equal(reply.status, 503);
  assert.equal(reply.headers.get("content-type"), PROBLEM_MEDIA_TYPE);
  assert.ok(Number(reply.headers.get("retry-after")) >= 1);
  const problem = (await reply.json()) as { type: string; detail: string };
  assert.equal(problem.type, "/problems/outbox-unavailable");
  assert.match(problem.detail, /disk is full/);

  const pull = await fetch(`${edge.url}/v1/channels/one/schedule`);
  assert.equal(pull.status, 200);
  assert.equal(((await pull.json()) as { cues: unknown[] }).cues.length, 2);
  const again = { headers: { "if-none-match": pull.headers.get("etag") ?? "" } };
  assert.equal((await fetch(`${edge.url}/v1/channels/one/schedule`, again)).status, 304);
  assert.equal((await fetch(`${edge.url}/readyz`)).status, 200);

  const told = await until("the alarm", refusing);
  assert.equal(told.state, "alarm");
  assert.match(told.what, /disk is full/);
  await until("its metric", async () => (await metric(edge, "cuecast_edge_outbox_refusing")) === 1);
});

test("on a full disk it serves on what it had when central publishes, and starts again", {
  skip,
}, async () => {
  await placeNow(rig, "newer");
  const newer = await rig.publish();
  const pid = edge.part.pid;
  await until("the edge to say that it cannot take it", async () => {
    const { troubles } = (await status(edge)) as { troubles: { code: string; what: string }[] };
    return troubles.some(({ code, what }) => code === "sync-fails" && /disk is full/.test(what));
  });
  assert.ok(edge.part.running() && edge.part.pid === pid);

  edge.part.crash();
  await edge.part.exited;
  await edge.start();
  // What the one that was killed had open, and has no name any more, is room again.
  await disk.fill();
  const before = refusals;
  await until("refusals by the edge that started", () => refusals >= before + 4);
  assert.equal((await fetch(`${edge.url}/v1/channels/one/schedule`)).status, 200);
  await until("the alarm", async () => /full/.test((await refusing())?.what ?? ""));
  await until("its metric", async () => (await metric(edge, "cuecast_edge_outbox_refusing")) === 1);

  await disk.clear();
  const storedBefore = stored.size;
  await until("receipts again", () => stored.size >= storedBefore + 100, 30_000);
  await until("the alarm to end", async () => (await refusing()) === undefined);
  assert.equal(await metric(edge, "cuecast_edge_outbox_refusing"), 0);
  await landed(edge, newer);
});

test("central counts what was acknowledged once, and nothing of what was refused", { skip }, async (t) => {
  loading = false;
  await until("every box to have its receipt", () => workers === 0);
  await until("every answer at central", async () => {
    const { outbox } = (await status(edge)) as { outbox: { waiting: number } };
    return outbox.waiting === 0 && (await countedAt(rig, "loaded:once")).total >= stored.size;
  });
  t.diagnostic(`${stored.size} acknowledged, ${refusals} refused in between`);
  assert.equal((await countedAt(rig, "loaded:once")).total, stored.size);
  assert.equal((await countedAt(rig, "refused:once").catch(() => ({ total: 0 }))).total, foundRoom.length);
});
