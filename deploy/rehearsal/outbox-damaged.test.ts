/** An edge whose outbox is damaged on disk: pulls go on, answers are taken, whatever can be read is counted. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { makeAnswer, postAnswers } from "./answers.ts";
import { fill, placeNow } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, status, until } from "./rig.ts";

const PAGE = 4096;
const OLD = 600;
let rig: Rig;
let edge: EdgeRig;

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  await placeNow(rig, "now");
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

async function answerFrom(boxes: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const box of boxes) {
    const reply = await postAnswers(edge.url, box, [makeAnswer("now:once")]);
    await reply.body?.cancel();
    statuses.push(reply.status);
  }
  return statuses;
}
const troubles = async () =>
  (await status(edge)).troubles as { code: string; grave: boolean; what: string }[];
const damagedTrouble = async () => (await troubles()).find(({ code }) => code === "outbox-damaged");

test("damage in the answer log costs what stood on it: the rest is counted, and the status page names the file", async () => {
  await rig.lines.central.set("refuse");
  const statuses = await answerFrom(Array.from({ length: OLD }, (_, at) => `old-${at}`));
  assert.ok(statuses.every((status) => status === 200));
  await edge.part.stop();
  const path = join(edge.dataDir, "answers", "00000001.log");
  const bytes = await readFile(path);
  const middle = Math.floor(bytes.length / 2);
  bytes.fill(0x55, middle, middle + PAGE);
  await writeFile(path, bytes);
  await edge.start();
  assert.equal((await fetch(`${edge.url}/v1/channels/one/schedule`)).status, 200);
  assert.deepEqual(await answerFrom([`new-${randomUUID()}`]), [200]);
  await rig.lines.central.set("pass");
  const { grave, what } = (await until("the damage to be found", damagedTrouble)) as {
    grave: boolean;
    what: string;
  };
  assert.equal(grave, true);
  const lost = Number(/^00000001\.log: (\d+) answers from number \d+ on could not be read/.exec(what)?.[1]);
  // A page holds about thirty.
  assert.ok(lost > 0 && lost < 60, what);
  const rest = OLD + 1 - lost;
  await until("the rest at central", async () => (await countedAt(rig, "now:once")).total >= rest);
  assert.equal((await countedAt(rig, "now:once")).total, rest);
});

test("a database that is none is set aside, the edge starts as ever, and its answers go up", async () => {
  await rig.lines.central.set("refuse");
  assert.deepEqual(await answerFrom(["waits-1", "waits-2"]), [200, 200]);
  const before = (await countedAt(rig, "now:once")).total;
  await edge.part.stop();
  await writeFile(join(edge.dataDir, "outbox.db"), "no database ".repeat(1000));
  await edge.start();
  assert.equal((await fetch(`${edge.url}/v1/channels/one/schedule`)).status, 200);
  assert.deepEqual(await answerFrom([`later-${randomUUID()}`]), [200]);
  const { what } = (await until("the file to be named", async () => {
    const found = await damagedTrouble();
    return found?.what.includes("outbox-damaged-") && found;
  })) as { what: string };
  assert.match(what, /outbox-damaged-.*\.db: .*the answers are apart and go up/);
  await rig.lines.central.set("pass");
  const counted = async () => (await countedAt(rig, "now:once")).total;
  await until("what waited at central", async () => (await counted()) >= before + 3);
  assert.equal(await counted(), before + 3);
  assert.ok(edge.lines.some((line) => line.includes('"outbox-set-aside"')));
});
