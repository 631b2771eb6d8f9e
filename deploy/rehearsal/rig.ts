/**
 * A whole system for a test: real central, real sqld, real edges and boxes as processes of their own, with a
 * fault proxy on the line between headends and central, all in one temporary directory.
 */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { freePort } from "../../shared/runtime/ports.ts";
import { type Authority, type Certificate, createAuthority } from "../../shared/testing/certificates.ts";
import { type Api, createApi } from "../cli/api.ts";
import { type Part, type Runtime, startPart } from "../local/part.ts";
import { createFaultProxy, type FaultProxy } from "./fault-proxy.ts";
import type { SmallDisk } from "./small-disk.ts";

export const RUNTIME: Runtime = process.env.CUECAST_REHEARSE_RUNTIME === "node" ? "node" : "deno";

/** Asks again every 50 ms until the answer is something; fails with what it waited for. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  withinMs = 60_000,
): Promise<T> {
  const end = performance.now() + withinMs;
  let last: unknown;
  for (;;) {
    try {
      const found = await ask();
      if (found !== undefined && found !== false) return found;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end) {
      throw new Error(`Waited ${withinMs} ms in vain for ${what}${last ? `: ${String(last)}` : ""}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export interface EdgeRig {
  name: string;
  region: string;
  url: string;
  adminUrl: string;
  dataDir: string;
  part: Part;
  /** Lines of its output. */
  lines: string[];
  start(): Promise<void>;
}

export interface AiringLine {
  box: string;
  cue: string;
  outcome: string;
  reason?: string;
  /** By the machine's own clock, which is the edge's too. */
  wallMs: number;
  dueMs: number;
  firedMs?: number;
  errorMs?: number;
  source?: string;
}

export interface BoxRig {
  part: Part;
  airings: AiringLine[];
  start(): void;
}

export interface EdgePlace {
  /** This machine's own unless told. */
  disk?: SmallDisk;
  /** RUNTIME unless told. */
  runtime?: Runtime;
}

export interface Rig {
  dir: string;
  api: Api;
  /** With `tls`: what signed central's certificate, and the file that edges trust it by. */
  authority?: Authority & { path: string };
  central: Part;
  centralUrl: string;
  /** Before central's port, and before the libSQL server's: what edges go through. */
  lines: { central: FaultProxy; air: FaultProxy };
  /** @param dataDir its own unless told: after a restore elsewhere */
  startCentral(dataDir?: string): Promise<void>;
  /** Puts a new edge into a region, enrolled with a fresh code. */
  addEdge(name: string, region: string, flags?: string[], on?: EdgePlace): Promise<EdgeRig>;
  addBoxes(name: string, flags: string[]): BoxRig;
  publish(options?: { newEpoch?: boolean }): Promise<{ epoch: number; revision: number; hash: string }>;
  stop(): Promise<void>;
}

/** A certificate with its key as files: flags for central or an edge. */
async function tlsFlags(dir: string, name: string, { cert, key }: Certificate): Promise<string[]> {
  const [certPath, keyPath] = [join(dir, `${name}.pem`), join(dir, `${name}.key`)];
  await writeFile(certPath, cert);
  await writeFile(keyPath, key, { mode: 0o600 });
  return ["--tls-cert", certPath, "--tls-key", keyPath];
}

async function makeAuthority(dir: string): Promise<Authority & { path: string }> {
  const authority = createAuthority();
  const path = join(dir, "authority.pem");
  await writeFile(path, authority.cert);
  // This process asks central and the edges as well.
  setDefaultCACertificates([...getCACertificates("default"), authority.cert]);
  return { ...authority, path };
}

/**
 * @param options `tls`: central, air and edges speak TLS alone, with certificates of an authority of their own;
 *   `disk`: central's, this machine's own unless told; `centralFlags`: more of them, the last of a name holds;
 *   `isDirect`: edges go to central and `air` past the fault proxies, which take their own part of a measurement
 */
export async function createRig({
  tls = false,
  disk,
  centralFlags = [],
  isDirect = false,
}: {
  tls?: boolean;
  disk?: SmallDisk;
  centralFlags?: string[];
  isDirect?: boolean;
} = {}): Promise<Rig> {
  const dir = await mkdtemp(join(tmpdir(), "cuecast-rig-"));
  const [port, airPort, airAdminPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const authority = tls ? await makeAuthority(dir) : undefined;
  const scheme = tls ? "https" : "http";
  const lines = { central: await createFaultProxy(port), air: await createFaultProxy(airPort) };
  const centralUrl = `${scheme}://127.0.0.1:${port}`;
  const edgesPorts = isDirect
    ? { central: port, air: airPort }
    : { central: lines.central.port, air: lines.air.port };
  const centralData = disk?.path ?? join(dir, "central");
  const centralSeen = disk?.seen(centralData) ?? centralData;
  const parts = new Set<Part>();
  const launch = (
    name: string,
    words: string[],
    onLine: (line: string, stream: string) => void,
    on: EdgePlace = {},
  ) => {
    const { runtime = RUNTIME } = on;
    const part = startPart({ name, words, runtime, onLine, within: on.disk?.within });
    parts.add(part);
    void part.exited.then(() => parts.delete(part));
    return part;
  };
  const words = [
    "--port",
    String(port),
    "--air-port",
    String(airPort),
    "--air-admin-port",
    String(airAdminPort),
    "--air-public-url",
    `${scheme}://127.0.0.1:${edgesPorts.air}`,
    ...(authority ? await tlsFlags(dir, "central", authority.issue()) : []),
    ...centralFlags,
  ];
  const rig = {
    dir,
    authority,
    centralUrl,
    lines,
    async startCentral(dataDir = centralData) {
      rig.central = launch("central", ["central", "--data", dataDir, ...words], () => {}, disk && { disk });
      await rig.central.ready;
      const seen = dataDir === centralData ? centralSeen : dataDir;
      const token = (await readFile(join(seen, "token"), "utf8")).trim();
      rig.api = createApi({ central: centralUrl, token, data: dataDir, json: false });
    },
    async addEdge(name: string, region: string, flags: string[] = [], on: EdgePlace = {}) {
      const [edgePort, adminPort] = await Promise.all([freePort(), freePort()]);
      const { code } = (await rig.api.send("POST", "/api/v1/edges/codes", { region })) as { code: string };
      const url = `${scheme}://127.0.0.1:${edgePort}`;
      const dataDir = on.disk?.path ?? join(dir, name);
      const edgeWords = [
        "edge",
        "--data",
        dataDir,
        "--central",
        `${scheme}://127.0.0.1:${edgesPorts.central}`,
        "--port",
        String(edgePort),
        "--admin-port",
        String(adminPort),
        "--public-url",
        url,
        ...(authority ? ["--ca", authority.path, ...(await tlsFlags(dir, name, authority.issue()))] : []),
        ...flags,
      ];
      let first = true;
      const edge = {
        name,
        region,
        url,
        adminUrl: `http://127.0.0.1:${adminPort}`,
        dataDir,
        lines: [] as string[],
        async start() {
          const keep = (line: string) => {
            edge.lines.push(line);
            if (edge.lines.length > 500) edge.lines.shift();
          };
          edge.part = launch(name, first ? [...edgeWords, "--enrol", code] : edgeWords, keep, on);
          first = false;
          await edge.part.ready;
        },
      } as EdgeRig;
      await edge.start();
      return edge;
    },
    addBoxes(name: string, flags: string[]) {
      const boxes = {
        airings: [] as AiringLine[],
        start() {
          boxes.part = launch(
            name,
            [
              "box",
              "--data",
              join(dir, name),
              "--id",
              name,
              ...(authority ? ["--ca", authority.path] : []),
              ...flags,
            ],
            (line, stream) => {
              if (stream === "stdout" && line.includes('"outcome"')) boxes.airings.push(JSON.parse(line));
            },
          );
        },
      } as BoxRig;
      boxes.start();
      return boxes;
    },
    async publish(options = {}) {
      const reply = (await rig.api.send("POST", "/api/v1/publish", options)) as {
        position: { epoch: number; revision: number; hash: string };
      };
      return reply.position;
    },
    async stop() {
      await Promise.all([...parts].map((part) => part.stop()));
      await Promise.all([lines.central.close(), lines.air.close()]);
      await rm(dir, { recursive: true, force: true });
    },
  } as unknown as Rig & { central: Part; api: Api };
  try {
    await rig.startCentral();
  } catch (error) {
    await rig.stop();
    throw error;
  }
  return rig;
}

/** The edge serves this publication. */
export async function landed(
  edge: EdgeRig,
  position: { epoch: number; revision: number },
  withinMs?: number,
) {
  await until(
    `${edge.name} to serve ${position.epoch}/${position.revision}`,
    async () => {
      const { snapshot } = (await status(edge)) as { snapshot?: { epoch: number; revision: number } };
      return snapshot?.epoch === position.epoch && snapshot.revision === position.revision;
    },
    withinMs,
  );
}

export async function status(edge: EdgeRig): Promise<Record<string, unknown>> {
  return (await (await fetch(`${edge.adminUrl}/status.json`)).json()) as Record<string, unknown>;
}

/** A figure of the edge's metrics, its labels left aside; NaN when it has none of that name. */
export async function metric(edge: EdgeRig, name: string): Promise<number> {
  const text = await (await fetch(`${edge.adminUrl}/metrics`)).text();
  return Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, "m").exec(text)?.[1]);
}

/** What central counted for a cue, from raw answers. */
export async function countedAt(
  rig: Rig,
  cue: string,
): Promise<{ total: number; options: Record<string, number> }> {
  const { counted } = (await rig.api.get(`/api/v1/results/${cue}`)) as {
    counted: { total: number; options: Record<string, number> };
  };
  return counted;
}
