/** Central backs up while it runs, loses its disk, is restored elsewhere, and the fleet follows; no answer is lost. */
import assert from "node:assert/strict";
import { copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startPart } from "../local/part.ts";
import { makeAnswer, postAnswers, receiptsOf } from "./answers.ts";
import { fill, place } from "./content.ts";
import { countedAt, createRig, type EdgeRig, landed, type Rig, RUNTIME, status, until } from "./rig.ts";

const CUE = "now:once";
let rig: Rig;
let edge: EdgeRig;

before(async () => {
  rig = await createRig();
  await fill(rig, Date.now());
  edge = await rig.addEdge("edge-north", "north", ["--sync-every-ms", "1000"]);
});
after(() => rig?.stop());

async function cuecast(...words: string[]): Promise<{ code: number | null; text: string }> {
  const lines: string[] = [];
  const part = startPart({
    name: words[0] ?? "",
    words,
    runtime: RUNTIME,
    onLine: (line) => lines.push(line),
  });
  const { code } = await part.exited;
  return { code, text: lines.join("\n") };
}
async function publishOne(id: string, atMs: number) {
  await place(rig, id, { when: { kind: "instant", atMs } });
  const position = await rig.publish();
  await landed(edge, position);
  return position;
}
const answerFrom = async (box: string) =>
  assert.deepEqual(await receiptsOf(await postAnswers(edge.url, box, [makeAnswer(CUE)])), ["accepted"]);
const counted = (total: number) =>
  until(`${total} answers at central`, async () => (await countedAt(rig, CUE)).total === total);
const cues = async () => {
  const reply = await fetch(`${edge.url}/v1/channels/one/schedule`);
  return ((await reply.json()) as { cues: { id: string }[] }).cues.map(({ id }) => id).sort();
};
const servedFrom = async () => {
  const { snapshot } = (await status(edge)) as { snapshot?: { epoch: number; revision: number } };
  return `${snapshot?.epoch}/${snapshot?.revision}`;
};

test("a restored central goes on where its backup ends, in a new epoch; answers given since count once", async () => {
  const central = join(rig.dir, "central");
  const archive = join(rig.dir, "backups", "one.tar.gz");
  await mkdir(join(rig.dir, "backups"));
  await publishOne("now", Date.now());
  await answerFrom("before");
  await counted(1);

  const made = await cuecast("backup", archive, "--data", central, "--json");
  assert.equal(made.code, 0, made.text);
  assert.deepEqual(JSON.parse(made.text).onAir.revision, 1);
  assert.equal((await stat(archive)).mode & 0o777, 0o600);

  const last = await publishOne("later", Date.now() + 3_600_000);
  assert.equal((await cues()).length, 2);
  await answerFrom("between");
  await counted(2);

  rig.central.crash();
  await rig.central.exited;
  await rm(central, { recursive: true, force: true });
  await answerFrom("while-away");

  const elsewhere = join(rig.dir, "elsewhere");
  const restored = await cuecast("restore", archive, "--data", elsewhere);
  assert.equal(restored.code, 0, restored.text);
  assert.match(restored.text, /new epoch/);
  await rig.startCentral(elsewhere);
  const seen = new Set<string>();
  const raised = `${last.epoch + 1}/1`;
  await until(`the edge to follow to ${raised}`, async () => {
    seen.add(await servedFrom());
    return seen.has(raised);
  });
  // It went from the one to the other, by nothing lower in between.
  seen.delete(raised);
  assert.deepEqual([...seen], [`${last.epoch}/${last.revision}`]);
  assert.deepEqual(await cues(), [CUE]);
  await counted(3);
  const { publications } = (await rig.api.get("/api/v1/publications")) as {
    publications: { kind: string; comment?: string }[];
  };
  assert.match(publications[0]?.comment ?? "", /^restored from the backup of /);
  assert.ok(!(await readdir(elsewhere)).includes("restored.json"));
  // The next publication goes on from there as any other.
  assert.equal((await publishOne("after", Date.now() + 3_600_000)).revision, 2);
});

test("a restore refuses what it must not touch, and a damaged archive, in words and with an exit code", async () => {
  const archive = join(rig.dir, "backups", "one.tar.gz");
  const running = await cuecast("restore", archive, "--data", join(rig.dir, "elsewhere"), "--force");
  assert.equal(running.code, 1);
  assert.match(running.text, /^Cannot use .*another process is using it/);
  const there = join(rig.dir, "there");
  await mkdir(there);
  await writeFile(join(there, "token"), "mine\n");
  const refused = await cuecast("restore", archive, "--data", there);
  assert.equal(refused.code, 2);
  assert.match(refused.text, /token is there already.*--force/);
  const damaged = join(rig.dir, "backups", "damaged.tar.gz");
  await copyFile(archive, damaged);
  const bytes = await readFile(damaged);
  // Not one bit alone: a run of zeros unpacks the same from whichever of them it is copied.
  bytes.fill(0xff, bytes.length >> 1, (bytes.length >> 1) + 64);
  await writeFile(damaged, bytes);
  const broken = await cuecast("restore", damaged, "--data", there, "--force");
  assert.equal(broken.code, 1);
  assert.match(broken.text, /^Cannot trust the backup .* damaged at /);
  assert.equal(await readFile(join(there, "token"), "utf8"), "mine\n");
  assert.equal((await cuecast("restore", join(rig.dir, "nowhere"), "--data", there)).code, 2);
  assert.equal((await cuecast("backup", archive, "--data", join(rig.dir, "elsewhere"))).code, 2);
  assert.equal((await cuecast("backup", join(rig.dir, "x"), "--data", rig.dir)).code, 2);
});

test("central backs up by itself into its folder, and status tells", async () => {
  await rig.central.stop();
  const folder = join(rig.dir, "by-itself");
  process.env.CUECAST_BACKUP_DIR = folder;
  try {
    await rig.startCentral(join(rig.dir, "elsewhere"));
  } finally {
    delete process.env.CUECAST_BACKUP_DIR;
  }
  await rig.api.send("POST", "/api/v1/backups", {});
  const { backup } = await until("a backup", async () => {
    const now = (await rig.api.get("/api/v1/status")) as {
      backup: { running: boolean; trouble?: string; backups: { name: string }[] };
    };
    assert.equal(now.backup.trouble, undefined);
    return now.backup.backups.length > 0 && !now.backup.running && now;
  });
  assert.deepEqual(await readdir(folder), [backup.backups[0]?.name]);
  assert.equal((await stat(folder)).mode & 0o777, 0o700);
});
