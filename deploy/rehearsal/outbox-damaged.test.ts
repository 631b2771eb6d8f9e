/** An edge whose outbox file is damaged: pulls go on, answers are taken, what is readable of the old one is counted. */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import {
  countedAt,
  createRig,
  type EdgeRig,
  fill,
  landed,
  placement,
  type Rig,
  status,
  until,
} from "./rig.ts";

const PAGE = 4096;
const OLD = 600;
let rig: Rig;
let edge: EdgeRig;

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  const when = { kind: "instant", atMs: Date.now() } as const;
  await rig.api.send("PUT", "/api/v1/placements/now", placement("now", { when }));
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

async function answerFrom(boxes: readonly string[]): Promise<number[]> {
  const statuses: number[] = [];
  for (const box of boxes) {
    const answer = { key: randomUUID(), cue: "now:once", interaction: "poll", version: 1, options: ["a"] };
    const reply = await fetch(`${edge.url}/v1/answers`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ box, answers: [{ ...answer, answeredAtMs: Date.now() }] }),
    });
    await reply.body?.cancel();
    statuses.push(reply.status);
  }
  return statuses;
}
const troubles = async () =>
  (await status(edge)).troubles as { code: string; grave: boolean; what: string }[];
const damagedTrouble = async () => (await troubles()).find(({ code }) => code === "outbox-damaged");

test("a damaged page costs what stood on it: the rest is counted, and the status page names the file", async () => {
  await rig.lines.central.set("refuse");
  const statuses = await answerFrom(Array.from({ length: OLD }, (_, at) => `old-${at}`));
  assert.ok(statuses.every((status) => status === 200));
  await edge.part.stop();
  // The end of the file, away from its schema: a page or two of answers, or of what finds them.
  const path = join(edge.dataDir, "outbox.db");
  assert.equal(
    await stat(`${path}-wal`).then(
      ({ size }) => size,
      () => 0,
    ),
    0,
  );
  const bytes = await readFile(path);
  bytes.fill(
    0x55,
    Math.floor(bytes.length / PAGE / 2) * PAGE,
    Math.floor(bytes.length / PAGE / 2 + 2) * PAGE,
  );
  await writeFile(path, bytes);
  await edge.start();
  assert.equal((await fetch(`${edge.url}/v1/channels/one/schedule`)).status, 200);
  // The first may meet the damage: refused and kept by its box, never acknowledged and gone.
  await until("an answer to be taken", async () => (await answerFrom([`new-${randomUUID()}`]))[0] === 200);
  await rig.lines.central.set("pass");
  await until("the damage to be found", damagedTrouble);
  const what = (await until("what was read", async () => {
    const found = await damagedTrouble();
    return found?.what.includes("go up") && found;
  })) as { grave: boolean; what: string };
  assert.equal(what.grave, true);
  const [, read = ""] = /: (?:all )?(\d+) /.exec(what.what) ?? [];
  assert.ok(Number(read) > OLD / 2, what.what);
  await until(
    "what was read at central",
    async () => (await countedAt(rig, "now:once")).total >= Number(read),
  );
  const names = await readdir(edge.dataDir);
  assert.ok(names.some((name) => /^outbox-damaged-.*\.db$/.test(name)));
  assert.ok(names.some((name) => /^outbox-damaged-.*\.txt$/.test(name)));
});

test("a file that is no database at all is set aside too, and the edge starts as ever", async () => {
  await edge.part.stop();
  await writeFile(join(edge.dataDir, "outbox.db"), "no database ".repeat(1000));
  await edge.start();
  assert.equal((await fetch(`${edge.url}/v1/channels/one/schedule`)).status, 200);
  assert.deepEqual(await answerFrom([`later-${randomUUID()}`]), [200]);
  assert.match((await damagedTrouble())?.what ?? "", /0 of an unknown number/);
  assert.ok(edge.lines.some((line) => line.includes('"outbox-set-aside"')));
});
