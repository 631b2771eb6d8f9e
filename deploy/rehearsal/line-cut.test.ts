/**
 * Central and its libSQL server are killed, or the line to them swallows everything: edges serve on, start again,
 * boxes fire, and no answer is lost.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
import { fill, place } from "./content.ts";
import type { Line } from "./fault-proxy.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, until } from "./rig.ts";
import { assertWithin, starvedMs } from "./within.ts";

let rig: Rig;
let edge: EdgeRig;
const CUE = "now:once";

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  const when = { kind: "instant", atMs: Date.now() } as const;
  await place(rig, "now", { when, lateJoin: false });
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

async function answer(box: string): Promise<void> {
  const reply = await postAnswers(edge.url, box, [makeAnswer(CUE)]);
  assert.equal(reply.status, 200);
  assert.deepEqual(await receiptsOf(reply), ["accepted"]);
}

const PATHS = [
  "/v1/channels/one/schedule",
  "/v1/channels",
  "/v1/time?n=1",
  "/v1/interactions/poll?version=1",
];
/** Less what the edge and we waited for a processor that other work had: that says nothing of the edge. */
async function timeOf(path: string): Promise<number> {
  const waited = () => starvedMs(edge.part.pid) + starvedMs(process.pid);
  const before = waited();
  const from = performance.now();
  const reply = await fetch(`${edge.url}${path}`);
  await reply.text();
  assert.equal(reply.status, 200);
  return performance.now() - from - (waited() - before);
}

/** Asks all the time for what boxes ask for, until told to end: how many replies, and the slowest of them. */
async function watchReplies() {
  // The first ones compile code and open connections.
  for (let turn = 0; turn < 20; turn++) for (const path of PATHS) await timeOf(path);
  const seen = { replies: 0, slowestMs: 0 };
  let watching = true;
  const asking = (async () => {
    while (watching) {
      for (const path of PATHS) {
        seen.slowestMs = Math.max(seen.slowestMs, await timeOf(path));
        seen.replies++;
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  // Judged at the end; until then a failure waits.
  asking.catch(() => {});
  return async () => {
    watching = false;
    await asking;
    return seen;
  };
}

const CUT_MS = 6_000;
/** From placing a cue to its moment: publishing, cutting and a restart lie between. */
const AHEAD_MS = 20_000;
let answers = 0;
for (const line of ["refuse", "black-hole"] satisfies Line[]) {
  const what = line === "refuse" ? "central and sqld killed" : "the line a black hole";
  test(`with ${what}, an edge serves on and restarts within 2 s, boxes fire, answers arrive once`, async (t) => {
    const atMs = Date.now() + AHEAD_MS;
    const when = { kind: "instant", atMs } as const;
    const prefetch = { leadMs: AHEAD_MS, guardMs: 10_000 };
    await place(rig, line, { when, prefetch, lateJoin: false });
    await landed(edge, await rig.publish());
    const boxes = rig.addBoxes(`boxes-${line}`, [
      "--edge",
      edge.url,
      "--channel",
      "one",
      "--count",
      "2",
      "--answer",
      "random",
    ]);

    if (line === "refuse") {
      // Its keeper ends sqld with it.
      rig.central.crash();
      await rig.central.exited;
    }
    await Promise.all([rig.lines.central.set(line), rig.lines.air.set(line)]);
    const cut = await watchReplies();
    await answer(`box-${line}-1`);
    // Long enough for a sync, a hint and a batch to run into the cut line.
    await new Promise((resolve) => setTimeout(resolve, CUT_MS));
    const before = await cut();

    edge.part.crash();
    await edge.part.exited;
    const from = performance.now();
    await edge.start();
    await until("the edge to be ready", async () => (await fetch(`${edge.url}/readyz`)).status === 200);
    assertWithin(t, "restarted, served", performance.now() - from, 2_000);
    const again = await watchReplies();
    await answer(`box-${line}-2`);
    answers += 2;

    const fired = await until("both boxes to fire", () => {
      const airings = boxes.airings.filter(
        ({ cue, outcome }) => cue === `${line}:once` && outcome === "shown",
      );
      return airings.length === 2 && airings;
    });
    const offsMs = fired.map(({ firedMs = 0 }) => Math.abs(firedMs - atMs));
    assertWithin(t, "boxes fired, off their moment", Math.max(...offsMs), 250);

    const after = await again();
    const [replies, slowestMs] = [
      before.replies + after.replies,
      Math.max(before.slowestMs, after.slowestMs),
    ];
    assert.ok(replies > 200, `only ${replies} replies were seen`);
    const told = `the slowest of ${replies} replies took ${Math.round(slowestMs)} ms`;
    t.diagnostic(told);
    assert.ok(slowestMs < 100, told);

    await Promise.all([rig.lines.central.set("pass"), rig.lines.air.set("pass")]);
    if (line === "refuse") await rig.startCentral();
    const arrived = (cue: string, expected: number) =>
      until(`${expected} answers of ${cue} at central`, async () => {
        const found = await countedAt(rig, cue);
        return found.total >= expected && found;
      });
    assert.equal((await arrived(CUE, answers)).total, answers);
    assert.equal((await arrived(`${line}:once`, 2)).total, 2);
    await boxes.part.stop();
  });
}
