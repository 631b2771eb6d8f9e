/** A box's pulls: the edge by itself, and as shipped behind nginx, beside nginx serving the same bytes as files. */
import { join } from "node:path";
import { startShippedNginx } from "../nginx/start-nginx.ts";
import { type Bench, type Cost, costsBeside, has } from "./figures.ts";
import { createLoneEdge } from "./lone-edge.ts";
import { startNginx } from "./peer-nginx.ts";
import { started } from "./started.ts";

const CONNECTIONS = 32;
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

export async function pulls(bench: Bench): Promise<void> {
  if (!has(bench, "wrk", "wrk") || !has(bench, "nginx", "nginx")) return;
  const edge = await createLoneEdge(join(bench.dir, "edge"), { runtime: bench.runtime });
  const shipped = started(
    await startShippedNginx(join(bench.dir, "shipped"), Number(new URL(edge.url).port), "off"),
  );
  const edgePid = edge.part.pid ?? 0;
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
      const nginx = await startNginx(files, body, headers);
      const etag = async (url: string) => {
        const reply = await fetch(url, { headers: { "accept-encoding": "identity" } });
        await reply.arrayBuffer();
        return reply.headers.get("etag") ?? "";
      };
      const known = async (url: string) => ({ "If-None-Match": await etag(url) });
      const ways = [
        ["", async () => ({})],
        [", gzip", async () => ({ "Accept-Encoding": "gzip" })],
        [", 304", known],
        [", new connection", async () => ({ Connection: "close" })],
      ] as const;
      try {
        for (const [way, headersFor] of ways) {
          const of = async (pids: number[], url: string) => ({ pids, url, headers: await headersFor(url) });
          const [peer, alone, both] = (await costsBeside(
            [
              await of([nginx.pid], nginx.url),
              await of([edgePid], `${edge.url}${path}`),
              await of([edgePid, shipped.pid], `${shipped.url}${path}`),
            ],
            { seconds: bench.seconds, connections: CONNECTIONS },
          )) as [Cost, Cost, Cost];
          const name = `${what}, ${body.length} bytes${way}`;
          bench.note(`${name}: nginx, a file`, peer.microseconds, "µs", `p99 ${peer.p99Ms} ms`);
          for (const [who, own] of [
            ["edge alone", alone],
            ["as shipped", both],
          ] as const) {
            const ratio = (own.microseconds / peer.microseconds).toFixed(2);
            bench.note(`${name}: ${who}`, own.microseconds, "µs", `${ratio}× nginx, p99 ${own.p99Ms} ms`);
          }
        }
      } finally {
        await nginx.stop();
      }
    }
  } finally {
    await shipped.stop();
    await edge.stop();
  }
}
