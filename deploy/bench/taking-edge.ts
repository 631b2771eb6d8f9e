/**
 * An edge's serving process as far as it takes publications, for measuring: the edge's own replica process, reading,
 * compiling, roll-over and hot replies, and a loop that is watched from within. `quiet` on stdin: from here on nothing is
 * taken; any other line lets it take what is on air and tell what that took.
 */
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { gzip } from "../../edge/headend/platform/gzip.ts";
import { createPace } from "../../edge/headend/platform/pace.ts";
import { createPublicationFiles } from "../../edge/headend/platform/publication-files.ts";
import { folderBytes, spawnReplicaProcess } from "../../edge/headend/platform/spawn-child.ts";
import { createRollOver } from "../../edge/headend/serve/roll-over.ts";
import { compileSnapshot, type Snapshot } from "../../edge/headend/serve/snapshot.ts";
import { createPublications } from "../../edge/headend/sync/publications.ts";
import { createReplicaProcess } from "../../edge/headend/sync/replica-process.ts";
import { silentLog } from "../../shared/log.ts";
import { systemClock, systemTimers } from "../../shared/runtime/clock.ts";
import { serve } from "../../shared/runtime/serve.ts";
import { REGION } from "./lone-publication.ts";
import { type LoopWatched, watchLoop } from "./loop-watch.ts";

export interface TakingSettings {
  dir: string;
  airUrl: string;
  publicationKey: string;
}

export interface Took {
  syncMs: number;
  /** From the synced copy until its schedules are served. */
  ms: number;
  /** The loop since the line `quiet`. */
  quiet: LoopWatched;
  /** The loop while it was taken. */
  busy: LoopWatched;
}

const { dir, airUrl, publicationKey } = JSON.parse(process.argv[2] ?? "{}") as TakingSettings;
const ports = { clock: systemClock, timers: systemTimers, log: silentLog };
let snapshot: Snapshot | undefined;
let replies = 0;
const { pause, serving, isAsked } = createPace({ ...ports, replies: () => replies });
const publications = createPublications(
  { files: createPublicationFiles(join(dir, "publications"), { pause }), log: silentLog },
  { publicationKey },
);
const rollOver = createRollOver({ ...ports, snapshot: () => snapshot, pause });
const replicaFolder = join(dir, "replica");
const replica = createReplicaProcess(
  {
    ...ports,
    spawn: (airUrl) => spawnReplicaProcess({ folders: [dir], airUrl }),
    progress: () => folderBytes(replicaFolder),
  },
  { timeoutMs: 60_000 },
);

async function take() {
  const fromMs = performance.now();
  const served = snapshot?.position;
  const reply = await replica.sync({
    ...{ do: "sync", url: airUrl, token: "none", publicationKey, ...(served && { served }) },
    ...{ replica: replicaFolder, into: join(dir, "candidate.db"), isAsked: isAsked() },
  });
  if (!reply.ok || reply.path === undefined) throw new Error(`Cannot measure: ${JSON.stringify(reply)}`);
  const syncedMs = performance.now();
  const { manifest, position, content } = await publications.open(reply.path);
  const publication = { manifest, hash: position.hash, content };
  const next = await compileSnapshot(publication, { region: REGION, gzip, pause }, snapshot);
  await next.survey(pause);
  await publications.promote(reply.path, position);
  await rollOver.ready(next);
  snapshot = next;
  return { syncMs: syncedMs - fromMs, ms: performance.now() - syncedMs };
}

await take();
serving();
const server = await serve(() => new Response(null, { status: 404 }), {
  hostname: "127.0.0.1",
  port: 0,
  tls: undefined,
  hot(request) {
    replies++;
    return snapshot?.channel(request.url.slice(1))?.scheduleAt(Date.now()).reply(request);
  },
});
const loop = watchLoop();
console.log(JSON.stringify({ port: server.port }));
for await (const line of createInterface({ input: process.stdin })) {
  if (line === "quiet") loop.begin();
  else {
    const quiet = loop.end();
    loop.begin();
    const took = await take();
    console.log(JSON.stringify({ ...took, quiet, busy: loop.end() } satisfies Took));
  }
}
await replica.stop();
process.exit(0);
