/** A box's pulls: the edge by itself, and as shipped behind nginx, beside nginx serving the same bytes as files. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setDefaultCACertificates } from "node:tls";
import { createAuthority } from "../../shared/testing/certificates.ts";
import { startShippedNginx } from "../nginx/start-nginx.ts";
import { type Bench, type Cost, costsBeside, has, type Target } from "./figures.ts";
import { createLoneEdge } from "./lone-edge.ts";
import { startNginx } from "./peer-nginx.ts";
import { started } from "./started.ts";

const CONNECTIONS = 32;
/** Turns that the three take: the least of more of them is nearer to what it costs. */
const ROUNDS = 4;
/** Of the answer, not of the way. */
const NOT_COPIED = [
  "content-length",
  "content-type",
  "content-encoding",
  "etag",
  "date",
  "connection",
  "keep-alive",
];
const GZIP = { "Accept-Encoding": "gzip" };

interface Way {
  name: string;
  headers: Record<string, string>;
  /** Whether it is asked with the tag of what it holds. */
  knows?: boolean;
}

const WAYS: readonly Way[] = [
  { name: "", headers: {} },
  { name: ", gzip", headers: GZIP },
  { name: ", 304", headers: {}, knows: true },
  { name: ", gzip 304", headers: GZIP, knows: true },
  { name: ", new connection", headers: { Connection: "close" } },
];

interface Server {
  pids: readonly number[];
  url: string;
}

async function targetOf({ pids, url }: Server, { headers, knows }: Way): Promise<Target> {
  if (!knows) return { pids, url, headers };
  const reply = await fetch(url, { headers: { "accept-encoding": "identity", ...headers } });
  await reply.arrayBuffer();
  return { pids, url, headers: { ...headers, "If-None-Match": reply.headers.get("etag") ?? "" } };
}

/** @param others by who they are; what they cost is told as a multiple of the peer's cost */
async function compare(
  bench: Bench,
  what: string,
  peer: Server,
  others: Record<string, Server>,
): Promise<void> {
  for (const way of WAYS) {
    const name = `${what}${way.name}`;
    if (!bench.wants(name)) continue;
    const targets = await Promise.all([peer, ...Object.values(others)].map((each) => targetOf(each, way)));
    const options = { seconds: bench.seconds, connections: CONNECTIONS, rounds: ROUNDS };
    const [file, ...costs] = (await costsBeside(targets, options)) as [Cost, ...Cost[]];
    bench.note(`${name}: nginx, a file`, file.microseconds, "µs", `p99 ${file.p99Ms} ms`);
    for (const [place, who] of Object.keys(others).entries()) {
      const { microseconds, p99Ms } = costs[place] as Cost;
      const ratio = (microseconds / file.microseconds).toFixed(2);
      bench.note(`${name}: ${who}`, microseconds, "µs", `${ratio}× nginx, p99 ${p99Ms} ms`);
    }
  }
}

export async function pulls(bench: Bench): Promise<void> {
  if (!has(bench, "wrk", "wrk") || !has(bench, "nginx", "nginx")) return;
  const frontDir = join(bench.dir, "front");
  const flags = ["--front", frontDir];
  const edge = await createLoneEdge(join(bench.dir, "edge"), { runtime: bench.runtime, flags });
  const edgePid = edge.part.pid ?? 0;
  // By itself as `npm start` has it: it looks for no nginx.
  const alone = await createLoneEdge(join(bench.dir, "alone"), { runtime: bench.runtime });
  const edgePort = Number(new URL(edge.url).port);
  const shipped = started(await startShippedNginx(join(bench.dir, "shipped"), edgePort, "off", { frontDir }));
  const tls = { cert: join(bench.dir, "cert.pem"), key: join(bench.dir, "key.pem") };
  const authority = createAuthority();
  const issued = authority.issue();
  await writeFile(tls.cert, issued.cert);
  await writeFile(tls.key, issued.key, { mode: 0o600 });
  setDefaultCACertificates([authority.cert]);
  const shippedTls = started(
    await startShippedNginx(join(bench.dir, "shipped-tls"), edgePort, tls, { frontDir }),
  );
  try {
    for (const [what, path] of [
      ["schedule", "/v1/channels/small/schedule"],
      ["schedule", "/v1/channels/large/schedule"],
      ["interaction", "/v1/interactions/poll?version=1"],
    ] as const) {
      const sample = await fetch(`${edge.url}${path}`, { headers: { "accept-encoding": "identity" } });
      const body = new Uint8Array(await sample.arrayBuffer());
      const headers = Object.fromEntries([...sample.headers].filter(([name]) => !NOT_COPIED.includes(name)));
      const files = join(bench.dir, `nginx-${body.length}`);
      const peer = await startNginx(files, body, headers);
      const peerTls = await startNginx(`${files}-tls`, body, headers, tls);
      try {
        await compare(
          bench,
          `${what}, ${body.length} bytes`,
          { pids: [peer.pid], url: peer.url },
          {
            "edge alone": { pids: [alone.part.pid ?? 0], url: `${alone.url}${path}` },
            "as shipped": { pids: [edgePid, shipped.pid], url: `${shipped.url}${path}` },
          },
        );
        await compare(
          bench,
          `${what}, ${body.length} bytes, TLS`,
          { pids: [peerTls.pid], url: peerTls.url },
          { "as shipped": { pids: [edgePid, shippedTls.pid], url: `${shippedTls.url}${path}` } },
        );
      } finally {
        await peer.stop();
        await peerTls.stop();
      }
    }
  } finally {
    await shipped.stop();
    await shippedTls.stop();
    await edge.stop();
    await alone.stop();
  }
}
