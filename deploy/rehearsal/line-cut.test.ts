/** The line to central is cut in two ways: edges serve on, start again, and lose no answer. */
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
  await rig.api.send("PUT", "/api/v1/placements/now", placement("now", { when }));
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

let answers = 0;
for (const line of ["refuse", "black-hole"] satisfies Line[]) {
  test(`with the line to central in ${line}, an edge serves on, restarts within 2 s, and its answers arrive once`, async () => {
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
    assert.equal((await fetch(`${edge.url}/v1/channels/one/schedule`)).status, 200);
    await answer(`box-${line}-2`);
    answers += 2;

    await Promise.all([rig.lines.central.set("pass"), rig.lines.air.set("pass")]);
    const counted = await until(
      "the answers at central",
      async () => {
        const found = await countedAt(rig, CUE);
        return found.total >= answers && found;
      },
      60_000,
    );
    assert.equal(counted.total, answers);
  });
}
