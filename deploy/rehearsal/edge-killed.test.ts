/** Edges killed under load and rebuilt, and boxes without any edge: nothing acknowledged is lost, nothing fires twice. */
import assert from "node:assert/strict";
import { rm } from "node:fs/promises";
import { after, before, test } from "node:test";
import type { Answer } from "../../shared/protocol/answers.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
import { fill, placement, placeNow } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, until } from "./rig.ts";
import { assertWithin } from "./within.ts";

/** 200 by `npm run rehearse`; the short form is enough to see a lost commit. */
const KILLS = Number(process.env.CUECAST_REHEARSE_KILLS ?? 4);
/** How many are sent again, out of order. */
const DUPLICATED = 0.3;
let rig: Rig;
let north: EdgeRig;
let south: EdgeRig;
let position: { epoch: number; revision: number; hash: string };

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  north = await rig.addEdge("edge-north", "north");
  south = await rig.addEdge("edge-south", "south");
  for (const id of ["killed", "rebuilt", "twice"]) {
    await placeNow(rig, id);
  }
  position = await rig.publish();
  await Promise.all([landed(north, position), landed(south, position)]);
});
after(() => rig?.stop());

async function send(edge: EdgeRig, box: string, answers: Answer[]): Promise<string[]> {
  const reply = await postAnswers(edge.url, box, answers);
  // Not now, and nothing of it stored: a box asks again with the same key.
  if (reply.status === 503) throw new Error("the edge cannot store now");
  assert.equal(reply.status, 200);
  return await receiptsOf(reply);
}
const total = async (cue: string) => (await countedAt(rig, cue)).total;
const counted = (cue: string, expected: number) =>
  until(`${expected} answers of ${cue} at central`, async () => (await total(cue)) >= expected, 60_000);

test(`an edge killed ${KILLS} times during load: every acknowledged answer is at central once`, async (t) => {
  const fromMs = performance.now();
  let acknowledged = 0;
  let sent = 0;
  let loading = true;
  const random = createSeededRandom(KILLS);
  /** Sent before, some not acknowledged: any may be sent again, at any time. */
  const earlier: { box: string; answer: Answer }[] = [];
  let again = 0;
  const load = Array.from({ length: 8 }, async (_, worker) => {
    while (loading) {
      const box = `box-${worker}-${sent++}`;
      const answer = makeAnswer("killed:once");
      earlier.push({ box, answer });
      if (random() < DUPLICATED) {
        const one = earlier[Math.floor(random() * earlier.length)] as (typeof earlier)[number];
        await send(north, one.box, [one.answer]).then(
          ([status]) => {
            assert.equal(status, "accepted");
            again++;
          },
          // Killed meanwhile: its own worker sends it until it is taken.
          (error) => assert.ok(!(error instanceof assert.AssertionError), error),
        );
      }
      // The same key until a receipt comes, as a box does.
      while (loading) {
        try {
          const [status] = await send(north, box, [answer]);
          assert.equal(status, "accepted");
          acknowledged++;
          break;
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
    north.part.crash();
    await north.part.exited;
    await north.start();
  }
  loading = false;
  await Promise.all(load);
  assert.ok(acknowledged >= KILLS * 50 && again > acknowledged / 10, `${again} sent again`);
  await counted("killed:once", acknowledged);
  // What was stored but whose receipt was lost may come on top: at most one for each worker.
  const found = await total("killed:once");
  const seconds = Math.round((performance.now() - fromMs) / 100) / 10;
  t.diagnostic(
    `${KILLS} kills, ${acknowledged} acknowledged, ${again} of them again, ${found} counted, ${seconds} s`,
  );
  assert.ok(
    found >= acknowledged && found <= sent,
    `${found} counted, ${acknowledged} acknowledged, ${sent} sent`,
  );
});

test("an edge whose disk is lost and rebuilt loses nothing that central had, and counts on", async () => {
  await send(north, "box-rebuilt-1", [makeAnswer("rebuilt:once")]);
  await counted("rebuilt:once", 1);
  await north.part.stop();
  await rm(north.dataDir, { recursive: true, force: true });
  const again = await rig.addEdge("edge-north-again", "north");
  await landed(again, position);
  await send(again, "box-rebuilt-2", [makeAnswer("rebuilt:once")]);
  await counted("rebuilt:once", 2);
  assert.equal(await total("rebuilt:once"), 2);
  north = again;
});

test("the same answer sent to two edges counts once, one of them a revision behind", async () => {
  await rig.lines.air.set("refuse");
  await south.part.stop();
  await rig.lines.air.set("pass");
  await placeNow(rig, "newer");
  const newer = await rig.publish();
  await landed(north, newer);
  await rig.lines.air.set("refuse");
  await south.start();
  const answer = makeAnswer("newer:once");
  assert.deepEqual(await send(north, "box-two", [answer]), ["accepted"]);
  assert.deepEqual(await send(south, "box-two", [answer]), ["accepted"]);
  await rig.lines.air.set("pass");
  await landed(south, newer, 60_000);
  await send(south, "box-other", [makeAnswer("newer:once")]);
  await counted("newer:once", 2);
  assert.equal(await total("newer:once"), 2);
});

test("a box whose edge is killed fires on time from its store, answers later, and never repeats the cue", async (t) => {
  const atMs = Date.now() + 20_000;
  const late = placement("alone", { when: { kind: "instant", atMs }, windowMs: 120_000 });
  await rig.api.send("PUT", "/api/v1/placements/alone", {
    ...late,
    prefetch: { leadMs: 18_000, guardMs: 8_000 },
  });
  await landed(north, await rig.publish());
  const box = rig.addBoxes("box-alone", [
    "--edge",
    north.url,
    "--channel",
    "one",
    "--answer",
    "random",
    "--seed",
    "3",
  ]);
  // Its fetch window ends 8 s before the moment; after that the edge is not needed.
  await until("the fetch window to end", () => Date.now() > atMs - 6000, 30_000);
  north.part.crash();
  await north.part.exited;
  const shown = await until(
    "the box to fire",
    () => box.airings.find(({ cue }) => cue === "alone:once"),
    20_000,
  );
  assert.equal(shown.outcome, "shown");
  assert.equal(shown.source, "store");
  assertWithin(t, "the box fired, off its moment", Math.abs((shown.firedMs ?? 0) - atMs), 250);

  await north.start();
  await counted("alone:once", 1);
  await box.part.stop();
  const before = box.airings.length;
  box.start();
  // It knows the cue again (its window is open for two minutes) and must not show it.
  await new Promise((resolve) => setTimeout(resolve, 6000));
  assert.deepEqual(
    box.airings.slice(before).filter(({ cue, outcome }) => cue === "alone:once" && outcome === "shown"),
    [],
  );
  assert.equal(await total("alone:once"), 1);
});
