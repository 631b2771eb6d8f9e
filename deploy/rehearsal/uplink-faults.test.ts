/**
 * Answers on their way up: a central that takes a batch and dies before it replies, boxes that send twice and out of
 * order, an edge killed meanwhile, and a record that central refuses. Each answer counts once, and nothing holds up.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { type Entry, entryFromLine, entryToLine } from "../../edge/headend/outbox/log/entry.ts";
import { linesOf, packRecord } from "../../edge/headend/outbox/log/record.ts";
import { type Scanned, scan } from "../../edge/headend/outbox/log/scan.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { startPart } from "../local/part.ts";
import { makeAnswer } from "./answers.ts";
import { fill, placeNow } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, RUNTIME, status, until } from "./rig.ts";

const BOXES = 300;
const DUPLICATED = 0.3;
let rig: Rig;
let edge: EdgeRig;

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  for (const id of ["unheard", "poisoned"]) {
    await placeNow(rig, id);
  }
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

interface Sending {
  box: string;
  key: string;
}
const newSendings = (prefix: string, count: number): Sending[] =>
  Array.from({ length: count }, (_, at) => ({ box: `${prefix}-${at}`, key: randomUUID() }));

/** As a box does it: again with the same key until there is a receipt. */
async function send(cue: string, { box, key }: Sending): Promise<string> {
  const answer = { ...makeAnswer(cue), key };
  return until(`a receipt for ${box}`, async () => {
    const reply = await fetch(`${edge.url}/v1/answers`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ box, answers: [answer] }),
      signal: AbortSignal.timeout(5_000),
    });
    const body = (await reply.json()) as { receipts: { status: string }[] };
    return reply.status === 200 && body.receipts[0]?.status;
  });
}

const outboxOf = async () =>
  ((await status(edge)) as { outbox: { waiting: number; setAside: number } }).outbox;
const total = async (cue: string) => (await countedAt(rig, cue)).total;

test("a central that takes answers and dies before it replies, twice-sent and disordered ones: each counts once", async () => {
  const random = createSeededRandom(29);
  const once = newSendings("unheard", BOXES);
  const all = once.concat(once.filter(() => random() < DUPLICATED));
  for (let at = all.length - 1; at > 0; at--) {
    const other = Math.floor(random() * (at + 1));
    [all[at], all[other]] = [all[other] as Sending, all[at] as Sending];
  }
  assert.ok(all.length > BOXES * 1.2);
  await rig.lines.central.set("no-reply");
  for (const [at, sending] of all.entries()) {
    assert.equal(await send("unheard:once", sending), "accepted");
    if (at === 100 || at === 250) {
      edge.part.crash();
      await edge.part.exited;
      await edge.start();
    }
  }
  // Half of what central takes is never told to the edge, which sends it again.
  await until("all answers at central", async () => (await total("unheard:once")) === BOXES);
  await rig.lines.central.set("pass");
  await until("the outbox to be empty", async () => (await outboxOf()).waiting === 0);
  assert.equal(await total("unheard:once"), BOXES);
});

test("an answer that central refuses is set aside, counted and shown, and holds nothing up", async () => {
  await rig.lines.central.set("refuse");
  for (const sending of newSendings("poisoned", 20)) await send("poisoned:once", sending);
  await edge.part.stop();
  const path = join(edge.dataDir, "answers", "00000001.log");
  const log = await readFile(path);
  // The record of the tenth before the last, each sent by itself: made anew with a version that there cannot be.
  const file = {
    ...{ read: async (at: number, bytes: number) => log.subarray(at, at + bytes) },
    ...{ readNow: (at: number, bytes: number) => log.subarray(at, at + bytes) },
    ...{
      write: async () => {},
      cut: async () => {},
      size: async () => log.length,
      isThere: () => true,
      close() {},
    },
  };
  const records: Scanned[] = [];
  for await (const one of scan(file, 0, log.length)) records.push(one);
  const poisoned = records.at(-10) as Scanned;
  const lines = linesOf(poisoned.record).map((line) => {
    const entry = entryFromLine(line) as Entry;
    return entryToLine({ ...entry, version: 0 }, 0);
  });
  log.set(packRecord(lines.join(""), poisoned.head), poisoned.at);
  await writeFile(path, log);
  await edge.start();
  await rig.lines.central.set("pass");
  await until("the others at central", async () => (await total("poisoned:once")) === 19).catch((error) => {
    throw new Error(`${error.message}: ${edge.lines.slice(-12).join("\n")}`);
  });
  await until("the outbox to be empty", async () => (await outboxOf()).waiting === 0);
  assert.equal((await outboxOf()).setAside, 1);
  const page = await (await fetch(`${edge.adminUrl}/status?lang=en`)).text();
  assert.match(page, /Central refused single answers; they were set aside/);
  assert.match(await (await fetch(`${edge.adminUrl}/metrics`)).text(), /cuecast_edge_outbox_set_aside 1\n/);
});

async function setAside(...words: string[]): Promise<{ code: number | null; text: string }> {
  const lines: string[] = [];
  const part = startPart({
    name: "doctor",
    words: ["doctor", "--data", edge.dataDir, "--set-aside", ...words],
    runtime: RUNTIME,
    onLine: (line) => lines.push(line),
  });
  const { code } = await part.exited;
  return { code, text: lines.join("\n") };
}

test("doctor lists what was set aside beside a running edge, sends it again, and drops it only when told twice", async () => {
  const listed = await setAside("list");
  assert.match(
    listed.text,
    /^number.*\n\d+ .*poisoned:once +poll@0 +.*it refused: answers\.0\.version/,
    listed.text,
  );
  assert.equal(listed.code, 0);
  const whole = JSON.parse((await setAside("list", "--json")).text);
  assert.equal(whole.setAside[0].answer.cue, "poisoned:once");
  const again = await setAside("send");
  assert.match(again.text, /Central took 0 answers; 1 answer refused again, kept$/);
  assert.equal(again.code, 1);
  const asked = await setAside("drop");
  assert.match(asked.text, /^Cannot drop 1 answer without --yes/);
  assert.equal(asked.code, 2);
  assert.equal((await outboxOf()).setAside, 1);
  assert.match((await setAside("drop", "--number", "999", "--yes")).text, /Dropped 0 answers/);
  assert.match((await setAside("drop", "--yes")).text, /Dropped 1 answer$/);
  await until("the edge to see it", async () => (await outboxOf()).setAside === 0);
  assert.match((await setAside("list")).text, /^No answer was set aside$/);
});
