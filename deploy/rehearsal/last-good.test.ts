/**
 * The last good one: whatever happens to the files of an edge's data directory, it never serves a wrong byte, serves
 * as long as a good copy is anywhere, and heals by itself once central is reached. Seeded; over the modules that an
 * edge starts with, since a thousand starts of processes would take an hour; `edge-damaged.test.ts` does some.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { createClient, type InStatement } from "@libsql/client";
import type { Identity } from "../../edge/headend/identity.ts";
import { createOutbox } from "../../edge/headend/outbox/outbox.ts";
import { OUTBOX_MIGRATIONS } from "../../edge/headend/outbox/outbox-tables.ts";
import { loadIdentity, saveIdentity } from "../../edge/headend/platform/identity-file.ts";
import { createLogFolder } from "../../edge/headend/platform/log-files.ts";
import { createPublicationFiles } from "../../edge/headend/platform/publication-files.ts";
import { folderBytes, spawnReplicaProcess } from "../../edge/headend/platform/spawn-child.ts";
import { createPublications, publicationName } from "../../edge/headend/sync/publications.ts";
import { createReplicaProcess, type ReplicaProcess } from "../../edge/headend/sync/replica-process.ts";
import { createSigner } from "../../edge/headend/testing/sample-publication.ts";
import { silentLog } from "../../shared/log.ts";
import type { Position } from "../../shared/publication/manifest.ts";
import { systemClock, systemTimers } from "../../shared/runtime/clock.ts";
import { openDatabase } from "../../shared/runtime/database.ts";
import { freePort } from "../../shared/runtime/ports.ts";
import { createSeededRandom } from "../../shared/testing/seeded-random.ts";
import { BINARIES } from "../local/binaries.mjs";
import { type Damage, damageFiles, filesBelow } from "./damage.ts";
import { until } from "./rig.ts";

/** 1,000 by `npm run rehearse`. */
const TRIALS = Number(process.env.CUECAST_REHEARSE_TRIALS ?? 40);
/** Replays one failing trial. */
const ONLY = process.env.CUECAST_REHEARSE_SEED;
/** Syncs that healing may take: a damaged replica fails some before it is wiped. */
const HEALING_SYNCS_MAX = 12;

const signer = createSigner();
/** About twenty pages, each unlike the others. */
const text = (revision: number) =>
  JSON.stringify(
    Array.from({ length: 800 }, (_, at) => `${revision}-${at * 7919}-${"abcdefgh".slice(at % 8)}`),
  );
const one = signer.publication(1, 1, text(1));
const two = signer.publication(1, 2, text(2), [one.position]);
const three = signer.publication(1, 3, text(3), [one.position, two.position]);
const texts = new Map([one, two, three].map(({ position }) => [position.hash, text(position.revision)]));

const identity: Identity = {
  central: "http://127.0.0.1:1",
  ...{ edge: "e", region: "north", uplinkToken: "u", publicationKey: signer.publicPem, boxKey: "b" },
  air: { url: "http://127.0.0.1:1", token: "t", expiresAtMs: 5 },
};

let data = "";
let url = "";
let sqld: ChildProcess;
let replica: ReplicaProcess;
/** The data directory of a healthy edge that serves `two`. */
const template = () => join(data, "template");
let outboxId = "";

const publicationsOf = (folder: string) =>
  createPublications(
    {
      files: createPublicationFiles(join(folder, "publications"), {
        rescue: { replicaFile: join(folder, "replica", "air.db"), into: join(folder, "candidate.db") },
      }),
      log: silentLog,
    },
    { publicationKey: signer.publicPem },
  );

async function write(statements: InStatement[]) {
  const client = createClient({ url });
  await client.batch(statements, "write");
  client.close();
}

const sync = (folder: string, served: Position | undefined, fresh: boolean) =>
  replica.sync({
    ...{ do: "sync", url, token: "", publicationKey: signer.publicPem },
    ...{ replica: join(folder, "replica"), into: join(folder, "candidate.db") },
    ...(served && { served }),
    ...(fresh && { fresh }),
  });

async function openOutboxOf(folder: string) {
  const database = await openDatabase(join(folder, "outbox.db"), OUTBOX_MIGRATIONS);
  const answerFiles = createLogFolder(join(folder, "answers"));
  const ports = { database, folder: answerFiles, clock: systemClock, timers: systemTimers };
  return createOutbox({ ...ports, log: silentLog, newId: randomUUID }).catch((error) => {
    database.close();
    throw error;
  });
}

const known = { cue: () => undefined, interaction: () => undefined };
const answers = Array.from({ length: 50 }, (_, at) => ({
  key: randomUUID(),
  ...{ cue: `c${at % 5}:once`, interaction: "i", version: 1, options: ["a"], answeredAtMs: Date.now() },
}));

before(async () => {
  data = await mkdtemp(join(tmpdir(), "cuecast-last-good-"));
  const port = await freePort();
  url = `http://127.0.0.1:${port}`;
  sqld = spawn(
    BINARIES.sqld,
    ["-d", join(data, "air"), "--http-listen-addr", `127.0.0.1:${port}`, "--no-welcome"],
    {
      stdio: "ignore",
      env: { ...process.env, RUST_LOG: "off" },
    },
  );
  await until("sqld", async () => (await fetch(`${url}/health`)).ok);
  replica = createReplicaProcess(
    {
      spawn: (airUrl) => spawnReplicaProcess({ folders: [data], airUrl }),
      timers: systemTimers,
      log: silentLog,
      progress: () => folderBytes(join(template(), "replica")),
    },
    { timeoutMs: 20_000 },
  );
  await saveIdentity(join(template(), "identity.json"), identity);
  let served: Position | undefined;
  for (const { statements } of [one, two]) {
    await write(statements);
    const reply = await sync(template(), served, false);
    assert.ok(reply.ok && reply.path !== undefined, JSON.stringify(reply));
    await publicationsOf(template()).promote(reply.path, reply.position);
    served = reply.position;
  }
  const outbox = await openOutboxOf(template());
  for (const [at, answer] of answers.entries())
    await outbox.append({ box: `box-${at}`, answers: [answer] }, known);
  outboxId = outbox.state().id;
  await outbox.close();
  // libSQL lets go of a closed file a little later.
  await until(
    "the outbox's file to be let go",
    async () => !(await filesBelow(template())).includes("outbox.db-shm"),
  );
  await write(three.statements);
});
after(async () => {
  replica?.stop();
  sqld?.kill("SIGKILL");
  await rm(data, { recursive: true, force: true });
});

/** What of the template's files is still whole, whatever its name is now. */
async function goodCopies(folder: string) {
  const whole = async (name: string) => readFile(join(template(), name));
  const now = await Promise.all(
    (await filesBelow(folder)).map(async (name) => [name, await readFile(join(folder, name))] as const),
  );
  const same = (name: string, bytes: Uint8Array) =>
    now.some(([at, found]) => at === name && found.equals(bytes));
  const inPublications = async (position: Position) => {
    const bytes = await whole(`publications/${publicationName(position)}`);
    return now.some(
      ([name, found]) => /^publications\/.*-[0-9a-f]{12}\.db$/.test(name) && found.equals(bytes),
    );
  };
  const untouched = async (names: string[]) =>
    (await Promise.all(names.map(async (name) => same(name, await whole(name))))).every(Boolean);
  const all = await filesBelow(template());
  return {
    one: await inPublications(one.position),
    two: await inPublications(two.position),
    replica: await untouched(all.filter((name) => name.startsWith("replica/"))),
    outbox: await untouched(
      all.filter((name) => name.startsWith("outbox.db") || name.startsWith("answers/")),
    ),
    identity: (await untouched(["identity.json"])) || (await untouched(["identity.kept.json"])),
  };
}

async function trial(seed: number): Promise<Damage[]> {
  const folder = join(data, `trial-${seed}`);
  await cp(template(), folder, { recursive: true, preserveTimestamps: true });
  const damages = await damageFiles(folder, createSeededRandom(seed));
  const tell = `seed ${seed}: ${damages.map(({ kind, name }) => `${kind} ${name}`).join(", ")}`;
  const good = await goodCopies(folder);

  const who = await loadIdentity(join(folder, "identity.json")).catch(() => undefined);
  if (who) assert.deepEqual(who.identity, identity, `a wrong identity; ${tell}`);
  else assert.ok(!good.identity, `no identity; ${tell}`);

  const { publication } = await publicationsOf(folder).loadLastGood();
  const check = (found: typeof publication, expected: Position) => {
    assert.deepEqual(found?.position, expected, tell);
    assert.equal(found?.content.get("channels")?.get("cctv1"), texts.get(expected.hash), tell);
  };
  if (good.two) check(publication, two.position);
  else if (good.one || good.replica) assert.ok(publication, `nothing is served; ${tell}`);
  if (publication) check(publication, publication.position);

  if (good.outbox) {
    const outbox = await openOutboxOf(folder);
    assert.deepEqual([outbox.state().id, outbox.state().waiting], [outboxId, answers.length], tell);
    await outbox.close();
  }

  let served = publication?.position;
  let ended = 0;
  for (let tries = 0; served?.hash !== three.position.hash; tries++) {
    assert.ok(tries < HEALING_SYNCS_MAX, `not healed; ${tell}`);
    // As the synchroniser does it after some processes that died or hung.
    const reply = await sync(folder, served, ended >= 5).catch(() => undefined);
    if (!reply) ended++;
    if (!reply?.ok || reply.path === undefined) continue;
    const publications = publicationsOf(folder);
    const opened = await publications.open(reply.path);
    await publications.promote(reply.path, opened.position);
    served = opened.position;
  }
  check((await publicationsOf(folder).loadLastGood()).publication, three.position);
  await rm(folder, { recursive: true, force: true });
  return damages;
}

test(`${TRIALS} seeded damages of an edge's files: no wrong byte, service while a copy is good, healed by a sync`, async () => {
  const seen = new Map<string, number>();
  const seeds = ONLY === undefined ? Array.from({ length: TRIALS }, (_, at) => at + 1) : [Number(ONLY)];
  for (const seed of seeds) {
    for (const { kind } of await trial(seed)) seen.set(kind, (seen.get(kind) ?? 0) + 1);
  }
  if (ONLY === undefined && TRIALS >= 50)
    assert.ok(seen.size >= 6, `only ${[...seen.keys()].join(", ")} were tried`);
});
