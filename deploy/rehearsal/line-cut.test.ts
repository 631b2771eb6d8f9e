/**
 * Central and its libSQL server are killed, or the line to them swallows everything: edges serve on, start again,
 * boxes fire, and no answer is lost.
 */
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import type { Line } from "./fault-proxy.ts";
import { countedAt, createRig, type EdgeRig, fill, landed, placement, type Rig, until } from "./rig.ts";

let rig: Rig;
let edge: EdgeRig;
const CUE = "now:once";

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  const when = { kind: "instant", atMs: Date.now() } as const;
  await rig.api.send("PUT", "/api/v1/placements/now", placement("now", { when, lateJoin: false }));
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

async function answer(box: string): Promise<void> {
  const reply = await fetch(`${edge.url}/v1/answers`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      box,
      answers: [
        {
          key: randomUUID(),
          cue: CUE,
          interaction: "poll",
          version: 1,
          options: ["a"],
          answeredAtMs: Date.now(),
        },
      ],
    }),
  });
  assert.equal(reply.status, 200);
  assert.equal(((await reply.json()) as { receipts: { status: string }[] }).receipts[0]?.status, "accepted");
}

async function slowestOf(replies: number): Promise<number> {
  let slowest = 0;
  for (let count = 0; count < replies; count++) {
    const from = performance.now();
    const reply = await fetch(`${edge.url}/v1/channels/one/schedule`);
    await reply.text();
    assert.equal(reply.status, 200);
    slowest = Math.max(slowest, performance.now() - from);
  }
  return slowest;
}

/** From placing a cue to its moment: publishing, cutting and a restart lie between. */
const AHEAD_MS = 20_000;
let answers = 0;
for (const line of ["refuse", "black-hole"] satisfies Line[]) {
  const what = line === "refuse" ? "central and sqld killed" : "the line a black hole";
  test(`with ${what}, an edge serves on and restarts within 2 s, boxes fire, answers arrive once`, async () => {
    const atMs = Date.now() + AHEAD_MS;
    const when = { kind: "instant", atMs } as const;
    const prefetch = { leadMs: AHEAD_MS, guardMs: 10_000 };
    await rig.api.send(
      "PUT",
      `/api/v1/placements/${line}`,
      placement(line, { when, prefetch, lateJoin: false }),
    );
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
    await slowestOf(20);
    const slowest = await slowestOf(500);
    assert.ok(slowest < 100, `slowest reply took ${slowest} ms`);
    await answer(`box-${line}-1`);

    edge.part.crash();
    await edge.part.exited;
    const from = performance.now();
    await edge.start();
    await until("the edge to be ready", async () => (await fetch(`${edge.url}/readyz`)).status === 200);
    assert.ok(performance.now() - from < 2000, `took ${performance.now() - from} ms to serve again`);
    await answer(`box-${line}-2`);
    answers += 2;

    const fired = await until("both boxes to fire", () => {
      const airings = boxes.airings.filter(
        ({ cue, outcome }) => cue === `${line}:once` && outcome === "shown",
      );
      return airings.length === 2 && airings;
    });
    for (const { firedMs = 0 } of fired)
      assert.ok(Math.abs(firedMs - atMs) <= 250, `fired ${firedMs - atMs} ms off`);

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
