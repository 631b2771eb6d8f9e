/**
 * An edge alone, for measuring: enrolled by hand, with a publication on its disk and a central that is away.
 * It is the shipped command with the shipped permissions.
 */
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packedPath } from "../../edge/headend/platform/packed-copy.ts";
import { publicationName } from "../../edge/headend/sync/publications.ts";
import { freePort } from "../../shared/runtime/ports.ts";
import { type Part, type Runtime, startPart } from "../local/part.ts";
import { until } from "../rehearsal/rig.ts";
import {
  type LonePublicationSettings,
  makeLonePublication,
  REGION,
  writeLonePublication,
} from "./lone-publication.ts";

export interface LoneEdge {
  url: string;
  adminUrl: string;
  dataDir: string;
  part: Part;
  start(): Promise<void>;
  /** Removes the packed forms of its copies: as an older release left them, or a full disk. */
  unpack(): Promise<void>;
  /** Until what it serves has its packed form. */
  packed(): Promise<unknown>;
  stop(): Promise<void>;
}

export async function createLoneEdge(
  dataDir: string,
  settings: { runtime?: Runtime; flags?: string[] } & Partial<LonePublicationSettings> = {},
): Promise<LoneEdge> {
  const { runtime = "deno", flags = [], ...more } = settings;
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const publicPem = publicKey.export({ type: "spki", format: "pem" }).toString();
  const nowMs = Date.now();
  await mkdir(join(dataDir, "publications"), { recursive: true });
  const publication = makeLonePublication({
    nowMs,
    privateKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    ...more,
  });
  const database = join(dataDir, "publications", publicationName(publication.position));
  const packed = packedPath(database);
  await writeLonePublication(database, publication);
  const identity = {
    // Nobody listens on it: refused at once.
    central: "http://127.0.0.1:9",
    edge: "edge-bench",
    region: REGION,
    air: { url: "http://127.0.0.1:9", token: "none", expiresAtMs: nowMs + 86_400_000 },
    uplinkToken: randomUUID(),
    publicationKey: publicPem,
    boxKey: publicPem,
  };
  await writeFile(join(dataDir, "identity.json"), JSON.stringify(identity), { mode: 0o600 });
  const [port, adminPort] = await Promise.all([freePort(), freePort()]);
  const words = [
    "edge",
    "--data",
    dataDir,
    "--port",
    String(port),
    "--admin-port",
    String(adminPort),
    ...flags,
  ];
  const edge = {
    url: `http://127.0.0.1:${port}`,
    adminUrl: `http://127.0.0.1:${adminPort}`,
    dataDir,
    async start() {
      edge.part = startPart({ name: "edge", words, runtime, onLine() {} });
      await edge.part.ready;
    },
    unpack: () => rm(packed, { force: true }),
    packed: () =>
      until("the packed form", () =>
        stat(packed).then(
          ({ size }) => size > 0,
          () => false,
        ),
      ),
    async stop() {
      await edge.part.stop();
    },
  } as LoneEdge;
  await edge.start();
  return edge;
}
