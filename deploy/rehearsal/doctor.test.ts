/** `cuecast doctor` on running nodes, healthy and not, with the permissions that the command has. */
import assert from "node:assert/strict";
import { chmod, readdir, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startPart } from "../local/part.ts";
import { fill, place, placeNow } from "./content.ts";
import { createRig, type EdgeRig, landed, type Rig, RUNTIME, until } from "./rig.ts";

interface Finding {
  check: string;
  state: string;
  what: string;
  action?: string;
}

let rig: Rig;
let edge: EdgeRig;
before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  await placeNow(rig, "now");
  await landed(edge, await rig.publish());
  const recurring = { kind: "instant", atMs: Date.now() + 60_000 } as const;
  await place(rig, "later", { when: recurring });
  await landed(edge, await rig.publish());
});
after(() => rig?.stop());

async function doctor(...words: string[]): Promise<{ code: number | null; text: string }> {
  const lines: string[] = [];
  const part = startPart({
    name: "doctor",
    words: ["doctor", ...words],
    runtime: RUNTIME,
    onLine: (line) => lines.push(line),
  });
  const { code } = await part.exited;
  return { code, text: lines.join("\n") };
}
async function findings(...words: string[]) {
  const { code, text } = await doctor("--json", ...words);
  const { healthy, findings } = JSON.parse(text) as { healthy: boolean; findings: Finding[] };
  assert.equal(code, healthy ? 0 : 1);
  const of = (check: string) => findings.filter((finding) => finding.check.startsWith(check));
  return { healthy, findings, of };
}

test("doctor finds nothing bad on a healthy edge and a healthy central, as a table and as JSON", async () => {
  // The guide of this rehearsal ends within the day, of which the edge warns.
  const { code, text } = await doctor("--data", edge.dataDir, "--admin-url", edge.adminUrl);
  assert.equal(code, 0, text);
  assert.match(text, /central +good/);
  assert.match(text, /air +good/);
  assert.match(text, /version +good/);
  assert.match(text, /guide-ends-soon: Import a newer guide/);
  assert.match(text, /Nothing is wrong\.$/);
  const central = await findings("--data", join(rig.dir, "central"), "--central", rig.centralUrl);
  assert.equal(central.healthy, true, JSON.stringify(central.findings));
  assert.deepEqual(
    central.of("keys/").map(({ state }) => state),
    ["good", "good", "good"],
  );
});

test("doctor tells open rights, a damaged copy, a dead line and a stopped edge, with what to do", async () => {
  await edge.part.stop();
  await chmod(join(edge.dataDir, "identity.json"), 0o644);
  const folder = join(edge.dataDir, "publications");
  const [oldest = ""] = (await readdir(folder)).sort();
  await truncate(join(folder, oldest), 5000);
  await writeFile(join(edge.dataDir, "outbox.db"), "damaged ".repeat(1000));
  // Its log would make it whole again.
  for (const more of ["-wal", "-shm"]) await rm(join(edge.dataDir, `outbox.db${more}`), { force: true });
  await writeFile(join(edge.dataDir, "clock"), `${Date.now() + 86_400_000}\n`);
  await Promise.all([rig.lines.central.set("refuse"), rig.lines.air.set("black-hole")]);
  const { healthy, of } = await findings("--data", edge.dataDir, "--admin-url", edge.adminUrl);
  assert.equal(healthy, false);
  assert.match(of("rights")[0]?.action ?? "", /^chmod go= .*identity\.json/);
  assert.equal(of(`publications/${oldest}`)[0]?.state, "warning");
  assert.equal(of("outbox.db")[0]?.state, "bad");
  assert.match(of("own clock")[0]?.what ?? "", /behind a moment/);
  assert.match(of("central")[0]?.action ?? "", /Start central/);
  assert.match(of("air")[0]?.action ?? "", /Check the firewall for its port/);
  assert.equal(of("running")[0]?.state, "unknown");
  await Promise.all([rig.lines.central.set("pass"), rig.lines.air.set("pass")]);
});

test("doctor refuses a folder that is no node's, with exit code 2", async () => {
  const { code, text } = await doctor("--data", join(rig.dir, "nothing"));
  assert.equal(code, 2);
  assert.match(text, /no data directory of an edge or of central/);
});

test("an edge whose outbox and clock were damaged starts and serves", async () => {
  await edge.start();
  await until("the edge to serve", async () => (await fetch(`${edge.url}/readyz`)).status === 200);
});
