/**
 * A central whose disk fills, its libSQL server's with it: it refuses in words what it cannot keep, edges keep what
 * boxes answered, and once there is room everything is published and counted once.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { textUpload } from "../cli/upload.ts";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
import { fill, guideFrom, placeNow } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, status, until } from "./rig.ts";
import { createSmallDisk, type SmallDisk, whyNoSmallDisk } from "./small-disk.ts";

const skip = (await whyNoSmallDisk()) ?? false;
let rig: Rig;
let disk: SmallDisk;
let edge: EdgeRig;

before(async () => {
  if (skip) return;
  disk = await createSmallDisk(32 * 1024 * 1024);
  rig = await createRig({ disk });
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  for (const id of ["answered", "later"]) await placeNow(rig, id);
  await landed(edge, await rig.publish());
});
after(async () => {
  await rig?.stop();
  await disk?.close();
});

const answered: string[] = [];
async function answer(count: number) {
  for (let turn = 0; turn < count; turn++) {
    const box = `box-${answered.length}`;
    const reply = await postAnswers(edge.url, box, [makeAnswer("answered:once")]);
    assert.deepEqual(await receiptsOf(reply), ["accepted"]);
    answered.push(box);
  }
}
const counted = (least: number) =>
  until(`${least} answers at central`, async () => {
    const { total } = await countedAt(rig, "answered:once");
    return total >= least && total;
  });
/** Until nothing more can be kept: what fits into pages that are there already still goes through. */
async function untilRefused(what: string, ask: (turn: number) => Promise<unknown>) {
  for (let turn = 0; turn < 500; turn++) {
    const refused = await ask(turn).then(
      () => undefined,
      (error: Error & { status?: number }) => error,
    );
    if (refused) return refused;
  }
  throw new Error(`Cannot see ${what} refused: 500 were taken on a full disk`);
}

test("on a full disk central refuses drafts, guides and publications in words, and lives", {
  skip,
}, async () => {
  await answer(20);
  await counted(20);
  await disk.fill();
  const pid = rig.central.pid;
  for (const [what, ask] of [
    ["a draft", (turn: number) => placeNow(rig, `drafted-${turn}`)],
    [
      "a guide",
      (turn: number) => rig.api.upload("/api/v1/guide", textUpload(guideFrom(Date.now() + turn * 3_600_000))),
    ],
    ["a publication", () => rig.publish({ newEpoch: true })],
  ] as const) {
    const refused = await untilRefused(what, ask);
    assert.equal(refused.status, 503, `${what}: ${refused.message}`);
    assert.match(refused.message, /full/, what);
    assert.doesNotMatch(refused.message, /\.ts:\d+|node_modules/);
  }
  assert.ok(rig.central.running() && rig.central.pid === pid);
  // Reading goes on.
  assert.equal((await countedAt(rig, "answered:once")).total, 20);
});

test("edges serve on, take answers and keep them while central cannot", { skip }, async () => {
  await until(
    "central to refuse a batch",
    async () => {
      await answer(20);
      const { outbox, troubles } = (await status(edge)) as {
        outbox: { waiting: number };
        troubles: { code: string; what: string }[];
      };
      const told = troubles.find(({ code }) => code === "outbox-waits");
      return outbox.waiting > 0 && told !== undefined && /full/.test(told.what);
    },
    30_000,
  );
  const schedule = await fetch(`${edge.url}/v1/channels/one/schedule`);
  assert.equal(schedule.status, 200);
});

test("killed on the full disk, central starts again or says in words why not", { skip }, async () => {
  rig.central.crash();
  await rig.central.exited;
  // Its libSQL server may want to write before it serves.
  const refused = await rig.startCentral().catch((error: Error) => error);
  if (refused) {
    assert.match(refused.message, /disk is full|no room left/);
    assert.doesNotMatch(refused.message, /backtrace|panicked|bug|\.ts:\d+/i);
  }
  await answer(20);
});

test("once there is room it publishes, and counts every answer once", { skip }, async (t) => {
  await disk.clear();
  if (!rig.central.running()) await rig.startCentral();
  await placeNow(rig, "roomy");
  const position = await rig.publish();
  await landed(edge, position, 90_000);
  assert.equal(await counted(answered.length), answered.length);
  t.diagnostic(`${answered.length} answers acknowledged and counted`);
});
