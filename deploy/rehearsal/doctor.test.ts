/** `cuecast doctor` on running nodes, healthy and not, with the permissions that the command has. */
import assert from "node:assert/strict";
import { generateKeyPairSync, randomBytes, randomUUID } from "node:crypto";
import { chmod, chown, cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MARK_NAME, type Mark } from "../../edge/headend/outbox/mark.ts";
import type { Software } from "../../shared/runtime/software.ts";
import { checkAnswerLog } from "../doctor/answer-log.ts";
import { checkEdge, type EdgeChecks } from "../doctor/edge-checks.ts";
import { checkOutboxRow } from "../doctor/outbox-state.ts";
import { startPart } from "../local/part.ts";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
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
let placedMs = 0;
before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north");
  await placeNow(rig, "now");
  placedMs = Date.now();
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
  // Where it is asked is known of its start.
  const { code, text } = await doctor("--data", edge.dataDir);
  assert.equal(code, 0, text);
  assert.match(text, /central +good/);
  assert.match(text, /air +good/);
  assert.match(text, /version +good/);
  assert.match(text, /guide-ends-soon: Import a newer guide/);
  assert.match(text, /\n1 warning: see above\.$/);
  assert.match(text, /answers +good +1 files/);
  assert.match(text, /boxes +good +answered at http:/);
  const central = await findings("--data", join(rig.dir, "central"), "--central", rig.centralUrl);
  assert.equal(central.healthy, true, JSON.stringify(central.findings));
  assert.deepEqual(
    central.of("keys/").map(({ state }) => state),
    ["good", "good", "good"],
  );
});

/** What the doctor finds wrong or unknown in these files of a stopped edge, in this process. */
async function told(dataDir: string, more: Partial<EdgeChecks> = {}) {
  const findings = await checkEdge(dataDir, {
    ...{ adminUrl: "http://127.0.0.1:1", software, nowMs: Date.now(), stopped: true },
    ...{ boxesUrl: undefined, caMissing: undefined },
    ...more,
  });
  return findings.filter(({ state }) => state !== "good" && state !== "warning");
}

const software = { version: "0.0.0", runtime: "test" } as Software;
const publications = (dataDir: string) => join(dataDir, "publications");
const each = async (folder: string, change: (path: string) => Promise<unknown>) => {
  for (const name of await readdir(folder)) await change(join(folder, name));
};
const changeMark = async (dir: string, change: (mark: Mark) => Mark) => {
  const path = join(dir, "answers", MARK_NAME);
  await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, "utf8")))));
};
/** What is done to a copy of a stopped edge's files, the check that tells it, and its words. */
const BROKEN: [what: string, change: (dataDir: string) => Promise<unknown>, check: string, words: RegExp][] =
  [
    [
      "every copy is damaged",
      (dir) => each(publications(dir), (path) => truncate(path, 100)),
      "publications",
      /no copy on the disk holds/,
    ],
    [
      "the key of publications is another's",
      async (dir) => {
        const path = join(dir, "identity.json");
        const { sha256: _, ...identity } = JSON.parse(await readFile(path, "utf8"));
        const { publicKey } = generateKeyPairSync("ed25519");
        const publicationKey = publicKey.export({ type: "spki", format: "pem" });
        await writeFile(path, JSON.stringify({ ...identity, publicationKey }));
      },
      "publications",
      /no copy on the disk holds/,
    ],
    [
      "the copies are gone",
      (dir) => rm(publications(dir), { recursive: true }),
      "publications",
      /none on the disk/,
    ],
    [
      "the copies are gone, and the identity as well",
      async (dir) => {
        await rm(publications(dir), { recursive: true });
        for (const name of ["identity.json", "identity.kept.json"]) await writeFile(join(dir, name), "{");
      },
      "publications",
      /none on the disk/,
    ],
    [
      "the answers are gone",
      (dir) => rm(join(dir, "answers"), { recursive: true }),
      "answers",
      /log is gone/,
    ],
    [
      "a file of answers is gone",
      (dir) => each(join(dir, "answers"), (path) => rm(path)),
      "answers",
      /log is gone/,
    ],
    [
      "the answer log is random bytes",
      (dir) =>
        each(join(dir, "answers"), async (path) => writeFile(path, randomBytes((await stat(path)).size))),
      "answers",
      /not one group of answers/,
    ],
    [
      "a file stands where the answers should",
      async (dir) => {
        await rm(join(dir, "answers"), { recursive: true });
        await writeFile(join(dir, "answers"), "");
      },
      "answers",
      /a file stands where a directory should/,
    ],
    [
      "the log of outbox.db is gone after a kill",
      async (dir) => {
        for (const end of ["", "-wal", "-shm"]) await rm(join(dir, `outbox.db${end}`), { force: true });
        await writeFile(join(dir, "outbox.db"), "");
      },
      "outbox.db",
      /it holds nothing beside answers/,
    ],
    [
      "outbox.db is of an earlier moment",
      (dir) => changeMark(dir, (mark) => ({ ...mark, change: mark.change + 1 })),
      "outbox.db",
      /it is older than it was/,
    ],
    [
      "outbox.db is another edge's",
      (dir) => changeMark(dir, (mark) => ({ ...mark, outbox: randomUUID() })),
      "outbox.db",
      /that of another outbox/,
    ],
    [
      "a file stands where the copies should",
      async (dir) => {
        await rm(publications(dir), { recursive: true });
        await writeFile(publications(dir), "");
      },
      "publications",
      /it is a file, and should be a folder/,
    ],
    [
      "a folder stands where the clock should",
      async (dir) => {
        await rm(join(dir, "clock"), { force: true });
        await mkdir(join(dir, "clock"));
      },
      "clock",
      /it is a folder, and should be a file/,
    ],
    [
      "the identity is gone",
      async (dir) => {
        for (const name of ["identity.json", "identity.kept.json"]) await rm(join(dir, name));
      },
      "identity",
      /is missing, and so is its copy/,
    ],
    [
      "the outbox is not its user's",
      async (dir) => {
        const all = ["", ...(await readdir(dir, { recursive: true }))].map((name) => join(dir, name));
        for (const path of all) await chown(path, 65_534, 65_534);
        await chown(join(dir, "outbox.db"), 0, 0);
      },
      "owner",
      /may not read and write .*outbox\.db/,
    ],
  ];

test("doctor names what is wrong with each broken copy of a node, and what to do, and nothing of a whole one", async () => {
  const answer = { ...makeAnswer("now:once"), answeredAtMs: placedMs };
  const reply = await postAnswers(edge.url, "box-doctor", [answer]);
  assert.deepEqual(await receiptsOf(reply), ["accepted"]);
  await edge.part.stop();
  const whole = join(rig.dir, "whole");
  await cp(edge.dataDir, whole, { recursive: true });
  assert.deepEqual(await told(whole), []);
  for (const [what, change, check, words] of BROKEN) {
    if (check === "owner" && process.getuid?.() !== 0) continue;
    const dir = join(rig.dir, "broken");
    await rm(dir, { recursive: true, force: true });
    await cp(edge.dataDir, dir, { recursive: true });
    await change(dir);
    const found = (await told(dir)).filter((finding) => finding.check.startsWith(check));
    assert.ok(
      found.some(({ state, what: said, action }) => state === "bad" && words.test(said) && action),
      `${what}: ${JSON.stringify(found)}`,
    );
  }
  await edge.start();
});

test("doctor tells bytes of the answer log that cannot be read, and an end that is gone, where no number is missing", async () => {
  await edge.part.stop();
  const dir = join(rig.dir, "cut");
  await cp(edge.dataDir, dir, { recursive: true });
  const path = join(dir, "answers", "00000001.log");
  const whole = await readFile(path);
  const warnings = async () =>
    (await checkAnswerLog(dir, (await checkOutboxRow(dir)).row)).map(
      ({ state, what }) => `${state}: ${what}`,
    );
  for (const [bytes, words] of [
    [Buffer.concat([Buffer.alloc(9, 0x55), whole]), /^warning: 9 bytes of it cannot be read$/],
    [whole.subarray(0, -7), /^warning: its end is gone, or cannot be read$/],
  ] as const) {
    await writeFile(path, bytes);
    const found = await warnings();
    assert.ok(
      found.some((each) => words.test(each)),
      JSON.stringify(found),
    );
    assert.ok(!found.some((each) => each.startsWith("good")));
  }
  await edge.start();
});

test("doctor tells an edge that does not run, unless it is meant to be stopped, and another edge that answers", async () => {
  const adminUrl = edge.adminUrl;
  const [dead] = await told(edge.dataDir, { stopped: false });
  assert.deepEqual([dead?.check, dead?.state], ["running", "bad"]);
  const moved = join(rig.dir, "moved");
  await cp(edge.dataDir, moved, { recursive: true });
  const identity = JSON.parse(await readFile(join(moved, "identity.json"), "utf8"));
  const { sha256: _, ...other } = { ...identity, edge: "edge-other" };
  await writeFile(join(moved, "identity.json"), JSON.stringify(other));
  const found = await told(moved, { adminUrl, stopped: false });
  assert.match(
    found.find(({ check }) => check === "running")?.what ?? "",
    /and this directory is that of edge-other/,
  );
  const [deaf] = await told(edge.dataDir, { adminUrl, boxesUrl: "http://127.0.0.1:1", stopped: false });
  assert.deepEqual([deaf?.check, deaf?.state], ["boxes", "bad"]);
  const missing = await told(edge.dataDir, { adminUrl, stopped: false, caMissing: "/none.pem" });
  assert.deepEqual(
    missing.map(({ check }) => check),
    ["authorities"],
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
  assert.equal(of("running")[0]?.state, "bad");
  assert.match(of("running")[0]?.action ?? "", /^Start the edge/);
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
