/**
 * An edge's serving process: wiring only. It serves from what is on its disk before it asks anybody, keeps
 * what boxes send, and lets the synchroniser bring what is new. Central may be away the whole time.
 */
import { randomUUID } from "node:crypto";
import { dirname, join, resolve } from "node:path";
import type { Registry } from "prom-client";
import { errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import { systemClock, systemTimers } from "../../shared/runtime/clock.ts";
import { type Database, openDatabase, tellsDamage } from "../../shared/runtime/database.ts";
import { holdFolder } from "../../shared/runtime/folder-lock.ts";
import { createJsonLog } from "../../shared/runtime/log.ts";
import { checkPort, openAt } from "../../shared/runtime/ports.ts";
import { announce, endWith, onShutdown } from "../../shared/runtime/process.ts";
import { serve } from "../../shared/runtime/serve.ts";
import { readSoftware } from "../../shared/runtime/software.ts";
import { loadTlsFiles } from "../../shared/runtime/tls-files.ts";
import { createOutboxKeeper } from "./outbox/keeper.ts";
import { createNationalResults } from "./outbox/national-results.ts";
import { createOutbox } from "./outbox/outbox.ts";
import { OUTBOX_MIGRATIONS } from "./outbox/outbox-tables.ts";
import { createUplink } from "./outbox/uplink.ts";
import { createCentralClient } from "./platform/central-client.ts";
import { createDamagedOutboxes } from "./platform/damaged-outboxes.ts";
import { readDistFiles } from "./platform/dist-files.ts";
import { createFilesWatch } from "./platform/files-watch.ts";
import { openFrontFolder } from "./platform/front-folder.ts";
import { gzip, pause } from "./platform/gzip.ts";
import { createHeldCopy } from "./platform/held-copy.ts";
import { identify, identityPath } from "./platform/identify.ts";
import { removeLeftovers } from "./platform/leftovers.ts";
import { createLogFolder } from "./platform/log-files.ts";
import { createOwnIdentity } from "./platform/own-identity.ts";
import { createPace } from "./platform/pace.ts";
import { createPublicationFiles } from "./platform/publication-files.ts";
import { createSourceAddress } from "./platform/source-address.ts";
import { folderBytes, spawnReplicaProcess, spawnWorker } from "./platform/spawn-child.ts";
import { saveStarted } from "./platform/started-file.ts";
import { loadPassed, savePassed, watchVitals } from "./platform/vitals.ts";
import { ADMISSION_DEFAULTS, createAdmission } from "./serve/admission.ts";
import { acceptAnyBox, createBoxCheck } from "./serve/box-token.ts";
import { createCounters, repliesOf } from "./serve/counters.ts";
import { createFrontFiles, type FrontFolder } from "./serve/front-files.ts";
import { createIntake } from "./serve/intake.ts";
import { createPressure } from "./serve/pressure.ts";
import { createRollOver } from "./serve/roll-over.ts";
import { createEdgeApp } from "./serve/routes.ts";
import { compileSnapshot, type Snapshot } from "./serve/snapshot.ts";
import type { EdgeSettings } from "./settings.ts";
import { createBoxesEstimate } from "./status/boxes-estimate.ts";
import { createCapacity } from "./status/capacity.ts";
import { createOwnClock } from "./status/own-clock.ts";
import { createRecentLog } from "./status/recent-log.ts";
import { createStatusApp } from "./status/routes.ts";
import { createWatch } from "./status/watch.ts";
import type { LoadedPublication } from "./sync/contract.ts";
import { createPublications } from "./sync/publications.ts";
import { createReplicaProcess } from "./sync/replica-process.ts";
import { createSynchroniser } from "./sync/synchroniser.ts";
import { createIntakeDesk } from "./workers/hand-over.ts";
import { createWorkers } from "./workers/pool.ts";

/** @returns undefined when none are wanted, or cannot be kept: what is served is the same without them */
async function openFront({ frontDir, workers }: EdgeSettings, log: Log): Promise<FrontFolder | undefined> {
  if (frontDir === undefined) return undefined;
  try {
    const folder = await openFrontFolder(resolve(frontDir));
    // Each worker would know of its own replies alone.
    return workers > 1 ? undefined : folder;
  } catch (error) {
    log.error("front-unusable", { why: errorMessage(error) });
    return undefined;
  }
}

/** How long a start rests once it has a schedule to give, ms. */
const FIRST_REPLIES_MS = 10;
/** Before the first publication. */
const NONE_REVOKED = new Map<string, never>();
/**
 * Runs an edge until it is told to stop.
 *
 * @throws {CuecastError} `not-enrolled`, `bad-identity`, `cannot-listen`, as `holdFolder`, and as `Central.enrol`
 */
export async function runEdge(settings: EdgeSettings): Promise<void> {
  const clock = systemClock;
  const { log, recent } = createRecentLog(createJsonLog("edge"), clock);
  const timers = systemTimers;
  const random = Math.random;
  const startedAtMs = clock.wallMs();
  const software = await readSoftware();
  const source = createSourceAddress(settings.trustedProxies);
  const tls = await loadTlsFiles(settings.tlsCertFile, settings.tlsKeyFile);
  await holdFolder(settings.dataDir, endWith(log));
  await removeLeftovers(settings.dataDir, log);
  // Before a code is used up, which works once.
  await checkPort(settings.host, settings.port);
  await checkPort(settings.adminHost, settings.adminPort);
  const identified = await identify(settings, software.version, log);
  const { identity } = identified;
  const ownIdentity = createOwnIdentity(identityPath(settings), identity);
  const caFile = settings.caFile === undefined ? undefined : resolve(settings.caFile);
  const { region } = identity;

  const counters = createCounters();
  const pace = createPace({ clock, timers, replies: () => repliesOf(counters) });
  let snapshot: Snapshot | undefined;
  let damage: string[] = [];

  const compile = async ({ manifest, position, content }: LoadedPublication) => {
    const publication = { manifest, hash: position.hash, content };
    return await compileSnapshot(publication, { region, gzip, pause: pace.pause }, snapshot);
  };
  const replicaFolder = join(settings.dataDir, "replica");
  const candidatePath = join(settings.dataDir, "candidate", "air.db");
  const copiesFolder = join(settings.dataDir, "publications");
  const heldCopy = createHeldCopy(copiesFolder);
  const ownFiles = createFilesWatch({ identity: ownIdentity, copy: heldCopy, timers, log });
  const publications = createPublications(
    {
      files: createPublicationFiles(copiesFolder, {
        pause: pace.pause,
        rescue: { replicaFile: join(replicaFolder, "air.db"), into: candidatePath },
      }),
      log,
    },
    { publicationKey: identity.publicationKey },
  );
  // Read while the rest is made ready; whether that went well is asked below.
  const loading = publications.loadLastGood();
  loading.catch(() => {});
  const central = createCentralClient({ url: identity.central, uplinkToken: identity.uplinkToken });

  const national = createNationalResults({ central, clock, timers, random, log });

  const outboxes = createOutboxKeeper({
    async open(onDamage) {
      let database: Database | undefined;
      try {
        database = await openDatabase(join(settings.dataDir, "outbox.db"), OUTBOX_MIGRATIONS);
        const folder = createLogFolder(join(settings.dataDir, "answers"));
        return await createOutbox({
          database,
          folder,
          clock,
          timers,
          log,
          newId: () => randomUUID(),
          centralClock: () => synchroniser.state().centralClock,
          onDamage,
        });
      } catch (error) {
        database?.close();
        if (tellsDamage(error)) onDamage();
        throw error;
      }
    },
    files: createDamagedOutboxes(settings.dataDir, clock),
    startUplink(outbox) {
      const onNational = national.told;
      const uplink = createUplink({ outbox, central, onNational, clock, timers, random, log });
      uplink.start();
      return uplink;
    },
    timers,
    log,
  });

  const boxes = createBoxesEstimate();
  const capacity = createCapacity();
  const rollOver = createRollOver({ snapshot: () => snapshot, clock, timers, pause: pace.pause, log });
  const outboxReport = () => {
    const { waiting = 0, oldestAtMs } = outboxes.outbox()?.state() ?? {};
    return { waiting, ...(oldestAtMs !== undefined && { oldestAtMs }) };
  };
  const synchroniser = createSynchroniser(
    {
      central,
      replica: createReplicaProcess(
        {
          spawn: (airUrl) =>
            spawnReplicaProcess({
              folders: [resolve(replicaFolder), resolve(dirname(candidatePath))],
              ...{ airUrl, caFile },
            }),
          timers,
          log,
          progress: () => folderBytes(replicaFolder),
        },
        { timeoutMs: settings.syncTimeoutMs },
      ),
      async promote(path, position) {
        const opened = await publications.open(path);
        const compiled = await compile(opened);
        await compiled.survey(pace.pause);
        // On disk before it is served: a restart must never serve less.
        const kept = await publications.promote(path, position);
        await heldCopy.hold(kept);
        // Each worker makes its schedules ready itself; the single process answers from these.
        if (workers) await workers.load(kept);
        else await rollOver.ready(compiled);
        snapshot = compiled;
        front?.sweep();
        if (workers) workers.switchOver();
        else rollOver.promoted();
      },
      async saveAccess(air) {
        await ownIdentity.save({ ...ownIdentity.current(), air });
      },
      report: () => ({
        ...(settings.publicUrl !== undefined && { url: settings.publicUrl }),
        software: software.version,
        ...(software.timeZoneData !== undefined && { timeZoneData: software.timeZoneData }),
        outbox: outboxReport(),
        ...(boxes.boxes() !== undefined && { boxes: boxes.boxes() }),
        ...(capacity.perSecond() !== undefined && { takesPerSecond: capacity.perSecond() }),
        ...(snapshot && {
          recurrenceWithoutEnd: snapshot.left.recurrenceWithoutEnd,
          ...(snapshot.left.guideUntilMs !== undefined && { guideUntilMs: snapshot.left.guideUntilMs }),
        }),
      }),
      isAsked: pace.isAsked,
      clock,
      timers,
      random,
      log,
    },
    {
      access: identity.air,
      publicationKey: identity.publicationKey,
      replicaFolder,
      candidatePath,
      syncEveryMs: settings.syncEveryMs,
    },
  );

  const files = readDistFiles(settings.distDir);
  const { postsPerSourcePerSecond, trustedProxies } = settings;
  const admission = createAdmission(
    { clock, random, source },
    { ...ADMISSION_DEFAULTS, postsPerSourcePerSecond },
  );
  const intake = createIntake({
    outbox: outboxes.outbox,
    national,
    snapshot: () => snapshot,
    clock,
  });
  const served = [copiesFolder, settings.distDir].map((path) => resolve(path));
  const workers =
    settings.workers > 1
      ? createWorkers(
          {
            spawn: () => spawnWorker({ folders: served, host: settings.host, port: settings.port }),
            desk: createIntakeDesk({ intake, pause, log }),
            ...{ counters, clock, timers, log },
          },
          {
            count: settings.workers,
            settings: {
              ...{ host: settings.host, port: settings.port, region, software: software.version },
              ...{ publicationKey: identity.publicationKey, boxKey: identity.boxKey },
              tls: tls && { cert: tls.cert, key: tls.key },
              boxTokens: settings.boxTokens,
              ...{ postsPerSourcePerSecond, trustedProxies },
              distDir: resolve(settings.distDir),
              inFlightBytesMax: Math.ceil(ADMISSION_DEFAULTS.inFlightBytesMax / settings.workers),
            },
          },
        )
      : undefined;
  const pressure = createPressure({ clock, timers, random });
  const frontFolder = await openFront(settings, log);
  const front = frontFolder && createFrontFiles({ folder: frontFolder, clock, timers, log });
  const edgeApp = createEdgeApp({
    snapshot: () => snapshot,
    intake,
    checkBox:
      settings.boxTokens === "required"
        ? await createBoxCheck(identity.boxKey, clock, () => snapshot?.view.revocations ?? NONE_REVOKED)
        : acceptAnyBox,
    admission,
    pressure,
    front,
    counters,
    clock,
    log,
    gzip,
    files,
    software: software.version,
  });

  const ownClock = createOwnClock(clock);
  ownClock.passed(await loadPassed(settings.dataDir));
  const vitals = await watchVitals(settings.dataDir, timers);
  const watch = createWatch(
    {
      ...{ clock, timers, boxes, ownClock, vitals, counters, outboxes, synchroniser, workers },
      snapshot: () => snapshot,
      damage: () => [...damage, ...ownFiles.damage()],
      recent,
      savePassed: (atMs) => savePassed(settings.dataDir, atMs),
    },
    {
      startedAtMs,
      ...{ software, region, certificateEndsAtMs: tls?.endsAtMs },
      ...{ edge: identity.edge, centralUrl: identity.central, codeRefused: identified.codeRefused },
    },
  );
  const { report } = watch;
  const inFlightBytes = () => workers?.state().inFlightBytes ?? admission.inFlightBytes();
  /** Loading what they are made with takes as long as reading a large publication: a start does not wait for it. */
  let metrics: Promise<Registry> | undefined;
  const loadMetrics = async () =>
    (await import("./status/metrics.ts")).createMetrics({ report, counters, inFlightBytes });
  const statusApp = createStatusApp({ report, metrics: () => (metrics ??= loadMetrics()), files });

  const { hot, handle } = edgeApp;
  const server = workers
    ? undefined
    : await serve(handle, {
        ...{ hostname: settings.host, port: settings.port, tls, hot },
        onBroken: (why) => log.error("listening-again", { why }),
      });
  const adminServer = await serve((request) => statusApp.fetch(request), {
    ...{ hostname: settings.adminHost, port: settings.adminPort },
    onBroken: (why) => log.error("listening-again", { why }),
  });
  onShutdown(async (reason) => {
    watch.stop();
    vitals.stop();
    const filesWatched = ownFiles.stop();
    capacity.stop();
    rollOver.stop();
    pressure.stop();
    national.stop();
    log.info("stopping", { reason });
    await Promise.all([
      (workers ?? server)?.close(),
      adminServer.close(),
      synchroniser.stop(),
      outboxes.uplink()?.stop(),
      front?.stop(),
      filesWatched,
    ]);
    await outboxes.stop();
  });

  const lastGood = await loading;
  damage = [...identified.damage, ...lastGood.damage];
  if (lastGood.publication) {
    await heldCopy.hold(lastGood.publication.path);
    snapshot = await compile(lastGood.publication);
  }
  pace.serving();
  // Who has waited gets a reply before the outbox's database takes the thread for a tenth of a second.
  await new Promise<void>((resolve) => timers.after(FIRST_REPLIES_MS, resolve));
  if (!workers) rollOver.promoted();
  await outboxes.open();
  const port = server?.port ?? (await workers?.begin(lastGood.publication?.path)) ?? settings.port;
  // Central is told how far its guides reach.
  await snapshot?.survey(pace.pause);
  pressure.begin();
  synchroniser.start(snapshot?.position);
  watch.start();
  ownFiles.start();
  // Its own certificate names the public address, not this one: with TLS of its own it is not measured.
  if (!tls) {
    const own = `http://127.0.0.1:${port}/v1/time`;
    void capacity.measure(
      async () => {
        await (await fetch(own)).arrayBuffer();
      },
      { clock, timers, pause },
    );
  }
  // An older release's copy has none, nor has one that was synced while the disk was full.
  if (lastGood.publication) void publications.pack(lastGood.publication);
  log.info("serving", {
    edge: identity.edge,
    region,
    epoch: snapshot?.position.epoch,
    revision: snapshot?.position.revision,
    startedInMs: clock.wallMs() - startedAtMs,
  });
  const adminUrl = openAt(settings.adminHost, adminServer.port);
  const url = openAt(settings.host, port, tls ? "https" : "http");
  await saveStarted(settings.dataDir, {
    pid: process.pid,
    adminUrl,
    url,
    ...(caFile !== undefined && { caFile }),
  });
  announce({
    event: "ready",
    url,
    adminUrl,
    edge: identity.edge,
    region,
  });
}
