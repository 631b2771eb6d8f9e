/** Central's libSQL server loses its data, or gets an older copy back: no edge drops or lowers what it serves. */
import assert from "node:assert/strict";
import { cp, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fill, place } from "./content.ts";
import { createRig, type EdgeRig, landed, metric, type Rig, status, until } from "./rig.ts";

let rig: Rig;
let edge: EdgeRig;
const central = () => join(rig.dir, "central");

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north", ["--sync-every-ms", "1000"]);
});
after(() => rig?.stop());

async function publishOne(id: string) {
  const when = { kind: "instant", atMs: Date.now() + 3_600_000 } as const;
  await place(rig, id, { when });
  const position = await rig.publish();
  await landed(edge, position);
  return position;
}
const cues = async () => {
  const reply = await fetch(`${edge.url}/v1/channels/one/schedule`);
  assert.equal(reply.status, 200);
  return ((await reply.json()) as { cues: { id: string }[] }).cues.map(({ id }) => id).sort();
};
const stopCentral = async () => {
  await rig.central.stop();
};

for (const [what, damage] of [
  ["wiped", async () => rm(join(central(), "air"), { recursive: true, force: true })],
  [
    "restored from an older copy",
    async () => {
      await rm(join(central(), "air"), { recursive: true, force: true });
      await cp(join(rig.dir, "older-air"), join(central(), "air"), { recursive: true });
    },
  ],
] as const) {
  test(`air ${what}: the edge serves on, says why, and a new epoch heals it`, async () => {
    await publishOne(`before-${what.length}`);
    await stopCentral();
    await cp(join(central(), "air"), join(rig.dir, "older-air"), { recursive: true, force: true });
    await rig.startCentral();
    const position = await publishOne(`after-${what.length}`);
    const served = await cues();

    await stopCentral();
    await damage();
    await rig.startCentral();
    await until("the edge to say why", async () => {
      const { sync } = (await status(edge)) as { sync: { refused?: string } };
      return sync.refused?.includes("new epoch");
    });
    assert.equal(await metric(edge, "cuecast_edge_sync_refused"), 1);
    assert.deepEqual(await cues(), served);
    await assert.rejects(rig.publish(), { status: 409 });

    const healed = await rig.publish({ newEpoch: true });
    assert.equal(healed.epoch, position.epoch + 1);
    await landed(edge, healed);
    assert.deepEqual(await cues(), served);
    assert.equal(await metric(edge, "cuecast_edge_sync_refused"), 0);
  });
}

test("a central whose databases were both restored older refuses to publish below what its edges report", async () => {
  await publishOne("early");
  await stopCentral();
  await cp(central(), join(rig.dir, "older-central"), { recursive: true });
  await rig.startCentral();
  const position = await publishOne("late");
  const served = await cues();
  await stopCentral();
  await rm(central(), { recursive: true, force: true });
  await cp(join(rig.dir, "older-central"), central(), { recursive: true });
  await rig.startCentral();
  await place(rig, "other", { when: { kind: "instant", atMs: Date.now() + 7_200_000 } });
  await assert.rejects(rig.publish(), { status: 409, message: /new epoch/ });
  assert.deepEqual(await cues(), served);
  const healed = await rig.publish({ newEpoch: true });
  assert.equal(healed.epoch, position.epoch + 1);
  await landed(edge, healed);
});
