/**
 * An edge alone, for measuring: enrolled by hand, with a publication on its disk and a central that is away.
 * It is the shipped command with the shipped permissions.
 */
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writePackedCopy } from "../../edge/headend/platform/packed-copy.ts";
import { createPublicationFiles } from "../../edge/headend/platform/publication-files.ts";
import { createPublications, publicationName } from "../../edge/headend/sync/publications.ts";
import { silentLog } from "../../shared/log.ts";
import { type Part, type Runtime, startPart } from "../local/part.ts";
import { freePort } from "../rehearsal/rig.ts";
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
  /** Writes the packed form of what it serves, which it has itself of all that it synced. */
  pack(): Promise<void>;
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
  await writeLonePublication(
    join(dataDir, "publications", publicationName(publication.position)),
    publication,
  );
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
    async pack() {
      const files = createPublicationFiles(join(dataDir, "publications"));
      const publications = createPublications({ files, log: silentLog }, { publicationKey: publicPem });
      const { publication } = await publications.loadLastGood();
      if (publication) await writePackedCopy(publication.path, publication);
    },
    async stop() {
      await edge.part.stop();
    },
  } as LoneEdge;
  await edge.start();
  return edge;
}
