/**
 * What `/status`, the doctor and docs/install.md tell a technician of a revoked edge, of one that moves to another
 * region and of a code that does not work: done here to the letter, with the commands that they name.
 */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../../shared/runtime/ports.ts";
import { type Part, startPart } from "../local/part.ts";
import { fill, placeNow } from "./content.ts";
import { createRig, type EdgeRig, landed, type Rig, RUNTIME, status, until } from "./rig.ts";

let rig: Rig;
let edge: EdgeRig;
let restarted: Part | undefined;
before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  await placeNow(rig, "now");
  await landed(edge, await rig.publish());
});
after(async () => {
  await restarted?.stop();
  await rig?.stop();
});

/** `cuecast enrol REGION` at central. */
async function newCode(region: string): Promise<string> {
  const lines: string[] = [];
  const part = startPart({
    name: "enrol",
    words: ["enrol", region, "--central", rig.centralUrl, "--data", join(rig.dir, "central")],
    runtime: RUNTIME,
    onLine: (line) => lines.push(line),
  });
  await part.exited;
  return /^Code: (\S+)/m.exec(lines.join("\n"))?.[1] ?? assert.fail(lines.join("\n"));
}

/** With `CUECAST_ENROL` in its env file and nothing else changed; central's address is not there. */
async function restart(code: string): Promise<void> {
  await (restarted ?? edge.part).stop();
  const [port, adminPort] = await Promise.all([freePort(), freePort()]);
  const ports = ["--port", String(port), "--admin-port", String(adminPort), "--public-url", edge.url];
  edge.adminUrl = `http://127.0.0.1:${adminPort}`;
  restarted = startPart({
    name: "restarted",
    words: ["edge", "--data", edge.dataDir, ...ports],
    runtime: RUNTIME,
    env: { CUECAST_ENROL: code },
    onLine: () => {},
  });
  await restarted.ready;
}

interface Told {
  state: string;
  identity: { edge: string; region: string };
  central: { up: boolean };
  snapshot?: object;
  troubles: { code: string; what: string }[];
}
const told = async () => (await status(edge)) as unknown as Told;

test("a revoked edge that is restarted with a new code is let in again", async () => {
  const before = await told();
  await rig.api.send("DELETE", `/api/v1/edges/${before.identity.edge}`);
  await restart(await newCode("north"));
  await until("central to let it in", async () => (await told()).central.up);
  const now = await told();
  assert.notEqual(now.identity.edge, before.identity.edge);
  assert.ok(now.snapshot);
});

test("a code that does not work leaves an edge serving as who it is, and the page says so", async () => {
  const before = await told();
  await restart("12345678");
  const now = await told();
  assert.deepEqual(now.identity, before.identity);
  assert.ok(now.snapshot);
  const trouble = now.troubles.find(({ code }) => code === "not-enrolled-anew");
  assert.match(trouble?.what ?? "", /^Cannot enrol at central/);
  const page = await (await fetch(`${edge.adminUrl}/status`)).text();
  assert.match(page, /goes on as who it was/);
});

test("an edge that is restarted with another region's code serves that region at once", async () => {
  await restart(await newCode("south"));
  const now = await told();
  assert.equal(now.identity.region, "south");
  assert.ok(now.snapshot);
  await until("central to let it in", async () => (await told()).central.up);
});
