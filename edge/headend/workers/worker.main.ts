/**
 * A worker: one of the processes that answer boxes where an edge uses more than one core. It serves a publication from
 * memory as the single process does; what boxes send goes to main, which alone has the outbox, syncs and promotes.
 */
import { createInterface } from "node:readline";
import type { Log, LogLevel } from "../../../shared/log.ts";
import { systemClock, systemTimers } from "../../../shared/runtime/clock.ts";
import { type Server, serve } from "../../../shared/runtime/serve.ts";
import { readDistFiles } from "../platform/dist-files.ts";
import { gzip, pause } from "../platform/gzip.ts";
import { createPace } from "../platform/pace.ts";
import { createPublicationFiles } from "../platform/publication-files.ts";
import { createSourceAddress } from "../platform/source-address.ts";
import { createLineWriter } from "../platform/tell-parent.ts";
import { createAdmission } from "../serve/admission.ts";
import { acceptAnyBox, createBoxCheck } from "../serve/box-token.ts";
import { createCounters, repliesOf } from "../serve/counters.ts";
import { createPressure } from "../serve/pressure.ts";
import { createRollOver } from "../serve/roll-over.ts";
import { createEdgeApp } from "../serve/routes.ts";
import { compileSnapshot, type Snapshot } from "../serve/snapshot.ts";
import { createPublications } from "../sync/publications.ts";
import { createRemoteIntake, toToldError } from "./hand-over.ts";
import type { FromWorker, ToWorker, WorkerSettings } from "./messages.ts";

/** How often main is told what was counted, ms. */
const COUNT_EVERY_MS = 1_000;

const clock = systemClock;
const timers = systemTimers;
const writeLine = createLineWriter();
const tell = (message: FromWorker) => writeLine(JSON.stringify(message));
const write =
  (level: LogLevel): Log["info"] =>
  (event, fields) =>
    tell({ is: "logging", level, event, ...(fields && { fields }) });
const log: Log = { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") };

const counters = createCounters();
const intake = createRemoteIntake({ send: (asks) => tell({ is: "asking", asks }), pause });
const pace = createPace({ clock, timers, replies: () => repliesOf(counters) });
const rollOver = createRollOver({ snapshot: () => snapshot, clock, timers, pause: pace.pause, log });
let snapshot: Snapshot | undefined;
/** Loaded, and not yet switched to. */
let loaded: Snapshot | undefined;
let server: Server | undefined;
let load: (path: string) => Promise<Snapshot>;

async function begin(settings: WorkerSettings, path: string | undefined): Promise<void> {
  const { region, publicationKey } = settings;
  const publications = createPublications(
    { files: createPublicationFiles("", { pause: pace.pause }), log },
    { publicationKey },
  );
  load = async (from) => {
    const { manifest, position, content } = await publications.open(from);
    const publication = { manifest, hash: position.hash, content };
    return compileSnapshot(publication, { region, gzip, pause: pace.pause }, snapshot);
  };
  if (path !== undefined) snapshot = await load(path);
  pace.serving();
  const { inFlightBytesMax, postsPerSourcePerSecond, trustedProxies } = settings;
  const admission = createAdmission(
    { clock, random: Math.random, source: createSourceAddress(trustedProxies) },
    { inFlightBytesMax, postsPerSourcePerSecond },
  );
  const none: Snapshot["view"]["revocations"] = new Map();
  const pressure = createPressure({ clock, timers, random: Math.random });
  const { hot, handle } = createEdgeApp({
    snapshot: () => snapshot,
    intake,
    checkBox:
      settings.boxTokens === "required"
        ? await createBoxCheck(settings.boxKey, clock, () => snapshot?.view.revocations ?? none)
        : acceptAnyBox,
    ...{ admission, counters, clock, log, gzip },
    pressure,
    files: readDistFiles(settings.distDir),
    software: settings.software,
  });
  const { host: hostname, port, tls } = settings;
  server = await serve(handle, {
    hostname,
    port,
    tls,
    hot,
    sharedPort: true,
    onBroken: (why) => log.error("listening-again", { why }),
  });
  const count = () => {
    const suppressed = snapshot?.suppressed(clock.wallMs()) ?? {};
    const inFlightBytes = admission.inFlightBytes();
    tell({
      is: "counting",
      figures: { counters, inFlightBytes, residentBytes: process.memoryUsage().rss, suppressed },
    });
    timers.after(COUNT_EVERY_MS, count);
  };
  count();
  tell({ is: "listening", port: server.port });
  pressure.begin();
  void rollOver.promoted();
}

async function obey(message: ToWorker): Promise<void> {
  if (message.do === "told") intake.told(message.told);
  else if (message.do === "begin") await begin(message.settings, message.path);
  else if (message.do === "load") {
    loaded = await load(message.path);
    await rollOver.ready(loaded);
    tell({ is: "loaded" });
  } else if (message.do === "switch") {
    snapshot = loaded ?? snapshot;
    loaded = undefined;
    void rollOver.promoted();
  } else {
    rollOver.stop();
    await server?.close();
    process.exit(0);
  }
}

// Both reach the whole group; main ends this process in its own order.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => {});
for await (const line of createInterface({ input: process.stdin })) {
  // Not awaited: what boxes wait for is told while a publication is loaded.
  obey(JSON.parse(line) as ToWorker).catch((error) => tell({ is: "refused", error: toToldError(error) }));
}
// Main is gone: what was not told to be on disk is not acknowledged.
process.exit(0);
