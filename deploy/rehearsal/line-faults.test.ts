/**
 * Every way in which the line to central and to air fails, over TLS with a private authority: an edge serves on, its
 * status page says what a technician does about it, and all heals by itself. Each edge has a line of its own, so that
 * they can fail at once.
 */
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { importPKCS8, SignJWT } from "jose";
import { createAuthority } from "../../shared/testing/certificates.ts";
import { fill, place } from "./content.ts";
import { createFaultProxy, type FaultProxy, type Line } from "./fault-proxy.ts";
import { createRig, type EdgeRig, landed, type Rig, status, until } from "./rig.ts";

interface Place {
  edge: EdgeRig;
  central: FaultProxy;
  air: FaultProxy;
}
interface Trouble {
  code: string;
  fault?: string;
  what: string;
}

let rig: Rig;
let revisions = 0;
const places = new Map<string, Place>();
const otherAuthority = createAuthority("Somebody else's authority");

/** What each fault of the line to central, and of the one to air, is told as. */
const FAULTS: [line: Line, central: string, air: string, words: RegExp][] = [
  ["refuse", "refused", "refused", /Start central, or correct --central/],
  ["black-hole", "silent", "silent", /Check cable, route and firewall/],
  ["reset", "cut", "cut", /a firewall, a proxy or a balancer that resets/],
  ["slow", "silent", "silent", /far too slow/],
  ["wrong-certificate", "certificate", "certificate", /Unknown issuer: give --ca/],
];

async function publish(): Promise<{ epoch: number; revision: number; hash: string }> {
  const when = { kind: "instant", atMs: Date.now() + 3_600_000 } as const;
  await place(rig, "p", { when, priority: revisions++ });
  return rig.publish();
}

interface Identity {
  air: { url: string; token: string; expiresAtMs: number };
}

const identityPath = (edge: EdgeRig) => join(edge.dataDir, "identity.json");

/** Without its hash: then it counts as edited by hand. */
async function identityOf(edge: EdgeRig): Promise<Identity> {
  const { sha256: _, ...identity } = JSON.parse(await readFile(identityPath(edge), "utf8"));
  return identity;
}

async function changeIdentity(edge: EdgeRig, change: (identity: Identity) => void) {
  const identity = await identityOf(edge);
  change(identity);
  await writeFile(identityPath(edge), JSON.stringify(identity));
}

/** An edge behind two proxies of its own. */
async function addPlace(name: string): Promise<Place> {
  const wrong = otherAuthority.issue();
  const central = await createFaultProxy(Number(new URL(rig.centralUrl).port), wrong);
  const air = await createFaultProxy(rig.lines.air.port, wrong);
  const edge = await rig.addEdge(name, "north", [
    ...["--central", `https://127.0.0.1:${central.port}`],
    ...["--sync-every-ms", "1000", "--sync-timeout-ms", "8000"],
  ]);
  const made = { edge, central, air };
  await askThroughProxy(made);
  return made;
}

/** An edge that met a fault of its own, on a busy machine, has asked central where air is and goes around the proxy. */
async function askThroughProxy({ edge, air }: Place): Promise<void> {
  const url = `https://127.0.0.1:${air.port}`;
  if ((await identityOf(edge)).air.url === url) return;
  await edge.part.stop();
  await changeIdentity(edge, (identity) => {
    identity.air.url = url;
  });
  await edge.start();
}

async function troublesOf(edge: EdgeRig): Promise<Trouble[]> {
  return ((await status(edge)) as { troubles: Trouble[] }).troubles;
}

/** The trouble with that code and fault, once the edge tells it. */
const told = (edge: EdgeRig, code: string, fault: string, withinMs = 60_000) =>
  until(
    `${edge.name} to tell ${code} as ${fault}; it tells ${JSON.stringify(edge.lines.slice(-3))}`,
    async () => (await troublesOf(edge)).find((trouble) => trouble.code === code && trouble.fault === fault),
    withinMs,
  );

const healed = (edge: EdgeRig) =>
  until(`${edge.name} to be without trouble`, async () => {
    const troubles = await troublesOf(edge);
    return !troubles.some(({ code }) => ["central-unreachable", "sync-fails", "outbox-waits"].includes(code));
  });

async function servesOn(edge: EdgeRig): Promise<void> {
  const reply = await fetch(`${edge.url}/v1/channels/one/schedule`);
  assert.equal(reply.status, 200);
  await reply.text();
}

before(async () => {
  rig = await createRig({ tls: true });
  await fill(rig, Date.now());
  for (const [line] of FAULTS) places.set(line, await addPlace(`edge-${line}`));
  const position = await publish();
  for (const { edge } of places.values()) await landed(edge, position);
});
after(async () => {
  await rig?.stop();
  for (const { central, air } of places.values()) {
    await central.close();
    await air.close();
  }
});

test("every fault of the line to air is told as what it is, and heals by itself", async () => {
  for (const place of places.values()) await askThroughProxy(place);
  for (const [line] of FAULTS) await places.get(line)?.air.set(line);
  const position = await publish();
  const seen: string[] = [];
  await Promise.all(
    FAULTS.map(async ([line, , fault]) => {
      const { edge, air } = places.get(line) as Place;
      // Its first failure may be the cut of the connection that it had; then it asks central where air is, and goes
      // around this line: whichever is seen first.
      const toldIt = told(edge, "sync-fails", fault).then(() => void seen.push(line));
      await Promise.any([toldIt, landed(edge, position)]);
      await servesOn(edge);
      await air.set("pass");
      await landed(edge, position);
      await healed(edge);
    }),
  );
  assert.ok(seen.length >= FAULTS.length - 3, `told as what they are: ${seen}`);
});

test("every fault of the line to central is told with what to do, and heals by itself", async () => {
  for (const [line] of FAULTS) await places.get(line)?.central.set(line);
  await Promise.all(
    FAULTS.map(async ([line, fault, , words]) => {
      const { edge, central } = places.get(line) as Place;
      await told(edge, "central-unreachable", fault);
      const page = await (await fetch(`${edge.adminUrl}/status?lang=en`)).text();
      assert.match(page, words);
      await servesOn(edge);
      await central.set("pass");
      await healed(edge);
    }),
  );
});

test("an edge with an expired token renews it and goes on", async () => {
  const { edge } = places.get("refuse") as Place;
  await edge.part.stop();
  const key = await importPKCS8(await readFile(join(rig.dir, "central/keys/air.pem"), "utf8"), "EdDSA");
  const expired = await new SignJWT({ a: "ro" })
    .setProtectedHeader({ alg: "EdDSA" })
    .setExpirationTime(Math.floor(Date.now() / 1000) - 60)
    .sign(key);
  await changeIdentity(edge, (identity) => {
    // As if its clock had not noticed: the server must be the one to refuse it.
    identity.air = { ...identity.air, token: expired, expiresAtMs: Date.now() + 3_600_000 };
  });
  const position = await publish();
  await edge.start();
  await landed(edge, position);
  await healed(edge);
});

test("an edge goes on when sqld is killed, and when a new epoch begins", async () => {
  const pid = Number((await readFile(join(rig.dir, "central/sqld.pid"), "utf8")).trim());
  process.kill(pid, "SIGKILL");
  await until("sqld to be started again", async () => {
    const now = Number((await readFile(join(rig.dir, "central/sqld.pid"), "utf8").catch(() => "")).trim());
    return now > 0 && now !== pid;
  });
  const { edge } = places.get("reset") as Place;
  await landed(edge, await until("a publication", () => publish()));
  const position = await rig.publish({ newEpoch: true });
  assert.ok(position.epoch > 1);
  await landed(edge, position);
  await healed(edge);
});

test("a revoked edge serves on, says so, and says how it comes back", async () => {
  const { edge } = places.get("slow") as Place;
  const { edges } = (await rig.api.get("/api/v1/edges")) as { edges: { id: string; url?: string }[] };
  const own = edges.find(({ url }) => url === edge.url);
  assert.ok(own, JSON.stringify(edges));
  await rig.api.send("DELETE", `/api/v1/edges/${own.id}`);
  await told(edge, "central-unreachable", "token");
  const page = await (await fetch(`${edge.adminUrl}/status?lang=en`)).text();
  assert.match(page, /make a new code there .* and restart this edge with --enrol/);
  await servesOn(edge);
});
