/**
 * What viewers of one region see of a vote that others take part in: the nation's counts, at every edge, while they
 * move, after the close, and after a start.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
import { fill, placeNow } from "./content.ts";
import { createRig, type EdgeRig, landed, type Rig, until } from "./rig.ts";

let rig: Rig;
let north: EdgeRig;
let south: EdgeRig;

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  north = await rig.addEdge("edge-north", "north");
  south = await rig.addEdge("edge-south", "south");
});
after(() => rig?.stop());

/** A cue that is open from now on, for a minute. */
async function open(id: string): Promise<string> {
  await placeNow(rig, id);
  const position = await rig.publish();
  await Promise.all([landed(north, position), landed(south, position)]);
  return `${id}:once`;
}

interface Seen {
  scope: string;
  total: number;
}
const see = async (cue: string, { url }: EdgeRig): Promise<Seen> => {
  const { scope, total } = (await (await fetch(`${url}/v1/cues/${cue}/results`)).json()) as Seen;
  return { scope, total };
};
async function vote(cue: string, edge: EdgeRig, ...boxes: string[]) {
  for (const box of boxes) {
    assert.deepEqual(await receiptsOf(await postAnswers(edge.url, box, [makeAnswer(cue)])), ["accepted"]);
  }
}
const shows = (cue: string, edge: EdgeRig, total: number) =>
  until(`${edge.name} to show ${total} of the nation`, async () => {
    const seen = await see(cue, edge);
    return seen.scope === "national" && seen.total === total;
  });

test("an edge shows the nation's counts as they move elsewhere, at once after a start, and never its own again", async () => {
  const cue = await open("elsewhere");
  await vote(cue, north, "n-1");
  await shows(cue, north, 1);
  await vote(cue, south, "s-1", "s-2", "s-3");
  await shows(cue, south, 4);
  await shows(cue, north, 4);
  north.part.crash();
  await north.part.exited;
  await north.start();
  assert.deepEqual(await see(cue, north), { scope: "national", total: 4 });
  await vote(cue, south, "s-4");
  const seen = new Set<string>();
  await until("the fifth at the other edge", async () => {
    const { scope, total } = await see(cue, north);
    seen.add(scope);
    return total === 5;
  });
  assert.deepEqual([...seen], ["national"]);
});

test("with central away an edge shows what central told last, and goes on from its own when that is more", async () => {
  const cue = await open("away");
  await vote(cue, north, "n-1");
  await vote(cue, south, "s-1", "s-2", "s-3", "s-4");
  await shows(cue, south, 5);
  await rig.lines.central.set("refuse");
  await vote(cue, south, "s-5");
  assert.deepEqual(await see(cue, south), { scope: "national", total: 5 });
  await vote(cue, south, "s-6", "s-7", "s-8");
  await until("the region's own counts", async () => {
    const { scope, total } = await see(cue, south);
    return scope === "edge" && total === 8;
  });
  await rig.lines.central.set("pass");
  await shows(cue, south, 9);
  await shows(cue, north, 9);
});
