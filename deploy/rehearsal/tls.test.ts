/** TLS without anything in front: central, air and the edge with certificates of a private authority. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../../shared/runtime/ports.ts";
import { startPart } from "../local/part.ts";
import { fill, place } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, RUNTIME, until } from "./rig.ts";

let rig: Rig;
let edge: EdgeRig;
before(async () => {
  rig = await createRig({ tls: true });
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
});
after(() => rig?.stop());

test("an edge with --ca syncs over TLS, and a box with --ca fires and answers over TLS", async () => {
  const atMs = Date.now() + 12_000;
  await place(rig, "soon", { when: { kind: "instant", atMs }, prefetch: { leadMs: 5_000, guardMs: 1_000 } });
  await landed(edge, await rig.publish());
  const identity = JSON.parse(await readFile(join(edge.dataDir, "identity.json"), "utf8"));
  assert.match(identity.air.url, /^https:/);
  assert.match(identity.central, /^https:/);
  const box = rig.addBoxes("box", ["--edge", edge.url, "--channel", "one", "--answer", "random"]);
  await until("the box to fire", () =>
    box.airings.some(({ cue, outcome }) => cue === "soon:once" && outcome === "shown"),
  );
  await until("its answer at central", async () => (await countedAt(rig, "soon:once")).total === 1);
});

test("an edge without --ca does not enrol, and says what to do", async () => {
  const { code } = (await rig.api.send("POST", "/api/v1/edges/codes", { region: "north" })) as {
    code: string;
  };
  const lines: string[] = [];
  const part = startPart({
    name: "edge-doubting",
    words: [
      ...["edge", "--data", join(rig.dir, "doubting"), "--central", rig.centralUrl, "--enrol", code],
      ...["--port", String(await freePort()), "--admin-port", String(await freePort())],
    ],
    runtime: RUNTIME,
    onLine: (line) => lines.push(line),
  });
  assert.equal((await part.exited).code, 4);
  assert.match(lines.join("\n"), /certificate/i);
});
