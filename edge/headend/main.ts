/**
 * An edge's serving process: wiring only. It serves from what is on its disk before it asks anybody, keeps
 * what boxes send, and lets the synchroniser bring what is new. Central may be away the whole time.
 */
import { randomUUID } from "node:crypto";
import { join, resolve } from "node:path";
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import { systemClock, systemTimers } from "../../shared/runtime/clock.ts";
import { type Database, openDatabase, tellsDamage } from "../../shared/runtime/database.ts";
import { holdFolder } from "../../shared/runtime/folder-lock.ts";
import { createJsonLog } from "../../shared/runtime/log.ts";
import { checkPort } from "../../shared/runtime/ports.ts";
import { announce, onShutdown } from "../../shared/runtime/process.ts";
import { serve } from "../../shared/runtime/serve.ts";
import { readSoftware, type Software } from "../../shared/runtime/software.ts";
import { loadTlsFiles } from "../../shared/runtime/tls-files.ts";
import { codeHash, enrol, type Identity } from "./identity.ts";
import { createOutboxKeeper } from "./outbox/keeper.ts";
import { createOutbox } from "./outbox/outbox.ts";
import { OUTBOX_MIGRATIONS } from "./outbox/outbox-tables.ts";
import { createUplink } from "./outbox/uplink.ts";
import { createCentralClient } from "./platform/central-client.ts";
import { createDamagedOutboxes } from "./platform/damaged-outboxes.ts";
import { readDistFiles } from "./platform/dist-files.ts";
import { gzip, pause } from "./platform/gzip.ts";
import { loadIdentity, saveIdentity } from "./platform/identity-file.ts";
import { createLogFolder } from "./platform/log-files.ts";
import { createPublicationFiles } from "./platform/publication-files.ts";
import { folderBytes, spawnReplicaProcess, spawnWorker } from "./platform/spawn-child.ts";
import { loadPassed, savePassed, watchVitals } from "./platform/vitals.ts";
import { ADMISSION_DEFAULTS, createAdmission } from "./serve/admission.ts";
import { acceptAnyBox, createBoxCheck } from "./serve/box-token.ts";
import { createCounters } from "./serve/counters.ts";
import { createIntake } from "./serve/intake.ts";
import { createPressure } from "./serve/pressure.ts";
import { createRollOver } from "./serve/roll-over.ts";
import { createEdgeApp } from "./serve/routes.ts";
import { compileSnapshot, type Snapshot } from "./serve/snapshot.ts";
import { createBoxesEstimate } from "./status/boxes-estimate.ts";
import { createCapacity } from "./status/capacity.ts";
import { createHistory } from "./status/history.ts";
import { createMetrics } from "./status/metrics.ts";
import { createOwnClock } from "./status/own-clock.ts";
import { createRate } from "./status/rate.ts";
import { createRecentLog } from "./status/recent-log.ts";
import { makeReport } from "./status/report.ts";
import { createStatusApp } from "./status/routes.ts";
import type { LoadedPublication } from "./sync/contract.ts";
import { createPackLater } from "./sync/pack-later.ts";
import { createPublications } from "./sync/publications.ts";
import { createReplicaProcess } from "./sync/replica-process.ts";
import { createSynchroniser } from "./sync/synchroniser.ts";
import { createIntakeDesk } from "./workers/hand-over.ts";
import { createWorkers } from "./workers/pool.ts";

export interface EdgeSettings {
  dataDir: string;
  host: string;
  port: number;
  adminHost: string;
  adminPort: number;
  /** Needed to enrol; later it replaces the address that was kept. */
  centralUrl?: string | undefined;
  /** One use; ignored when this edge has an identity. */
  enrolCode?: string | undefined;
  /** How boxes reach this edge; goes into the region's line-up. */
  publicUrl?: string | undefined;
  boxTokens: "off" | "required";
  syncEveryMs: number;
  /** A sync that brings nothing for so long is killed. */
  syncTimeoutMs: number;
  /** PEM: authorities trusted besides the usual. The launcher has told the runtime; libSQL is told here. */
  caFile?: string | undefined;
  /** PEM; both or none. */
  tlsCertFile?: string | undefined;
  tlsKeyFile?: string | undefined;
  /** The folder with `tv/` and `box/`. */
  distDir: string;
  /** Processes that answer boxes; with 1 this one does. */
  workers: number;
}

/** Before the first publication. */
const NONE_REVOKED = new Map<string, never>();
/** How often pulls and clock are read, ms. */
const READ_EVERY_MS = 5_000;
/** How often the moment is written down that this edge has certainly seen, ms. */
const PASSED_EVERY_MS = 600_000;
/** Closer than this to central's clock, this one is right, ms. */
const CLOCK_AGREES_MS = 500;

/** This edge's identity: the kept one, or what a code gives that was not used yet. */
async function identify(
  settings: EdgeSettings,
  software: Software,
  log: Log,
): Promise<{ identity: Identity; damage: string[] }> {
  const path = join(settings.dataDir, "identity.json");
  const loaded = await loadIdentity(path);
  const { centralUrl, enrolCode } = settings;
  const kept = loaded?.identity;
  const damage = loaded?.damage === undefined ? [] : [loaded.damage];
  if (loaded?.damage !== undefined) log.error("identity-damaged", { why: loaded.damage });
  if (kept && (enrolCode === undefined || kept.enrolledWith === codeHash(enrolCode))) {
    if (centralUrl === undefined || centralUrl === kept.central) return { identity: kept, damage };
    log.info("central-moved", { from: kept.central, to: centralUrl });
    const moved = { ...kept, central: centralUrl };
    await saveIdentity(path, moved);
    return { identity: moved, damage };
  }
  if (centralUrl === undefined || enrolCode === undefined) {
    throw new CuecastError(
      "Cannot start: this edge is not enrolled; make a code with `cuecast enrol` at central and give --central and --enrol",
      { code: "not-enrolled", status: 400 },
    );
  }
  const asked = {
    centralUrl,
    code: enrolCode,
    software: software.version,
    ...(settings.publicUrl !== undefined && { url: settings.publicUrl }),
  };
  const enrolling = enrol(createCentralClient({ url: centralUrl }), asked);
  const identity = await enrolling.catch((error) => {
    if (!kept) throw error;
    // It is somebody already and serves: a code that does not work is no reason not to.
    log.error("not-enrolled-anew", { error: errorMessage(error) });
    return kept;
  });
  if (identity === kept) return { identity, damage };
  await saveIdentity(path, identity);
  log.info("enrolled", { edge: identity.edge, region: identity.region });
  return { identity, damage };
}

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
  const tls = await loadTlsFiles(settings.tlsCertFile, settings.tlsKeyFile);
  await holdFolder(settings.dataDir);
  // Before a code is used up, which works once.
  await checkPort(settings.host, settings.port);
  await checkPort(settings.adminHost, settings.adminPort);
  const identified = await identify(settings, software, log);
  let { identity } = identified;
  const identityPath = join(settings.dataDir, "identity.json");
  const caFile = settings.caFile === undefined ? undefined : resolve(settings.caFile);
  const { region } = identity;

  let snapshot: Snapshot | undefined;
  let damage: string[] = [];
  let ended = false;

  const compile = async ({ manifest, position, content }: LoadedPublication) => {
    const publication = { manifest, hash: position.hash, content };
    return await compileSnapshot(publication, { region, gzip, pause }, snapshot);
  };
  const replicaFolder = join(settings.dataDir, "replica");
  const candidatePath = join(settings.dataDir, "candidate.db");
  const publications = createPublications(
    {
      files: createPublicationFiles(join(settings.dataDir, "publications"), {
        replicaFile: join(replicaFolder, "air.db"),
        into: candidatePath,
      }),
      log,
    },
    { publicationKey: identity.publicationKey },
  );
  const packLater = createPackLater({ publications, timers });
  const central = createCentralClient({ url: identity.central, uplinkToken: identity.uplinkToken });

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
      const uplink = createUplink({ outbox, central, clock, timers, random, log });
      uplink.start();
      return uplink;
    },
    timers,
    log,
  });

  const boxes = createBoxesEstimate();
  const capacity = createCapacity();
  const rollOver = createRollOver({ snapshot: () => snapshot, clock, timers, pause, log });
  const outboxReport = () => {
    const { waiting = 0, oldestAtMs } = outboxes.outbox()?.state() ?? {};
    return { waiting, ...(oldestAtMs !== undefined && { oldestAtMs }) };
  };
  const synchroniser = createSynchroniser(
    {
      central,
      replica: createReplicaProcess(
        {
          spawn: () => spawnReplicaProcess(resolve(settings.dataDir), caFile),
          timers,
          log,
          progress: () => folderBytes(replicaFolder),
        },
        { timeoutMs: settings.syncTimeoutMs },
      ),
      async promote(path, position) {
        const opened = await publications.open(path);
        const compiled = await compile(opened);
        // On disk before it is served: a restart must never serve less.
        const kept = await publications.promote(path, position);
        packLater.served({ ...opened, path: kept });
        await workers?.load(kept);
        snapshot = compiled;
        if (workers) workers.switchOver();
        else rollOver.promoted();
      },
      async saveAccess(air) {
        identity = { ...identity, air };
        await saveIdentity(identityPath, identity);
      },
      report: () => ({
        ...(settings.publicUrl !== undefined && { url: settings.publicUrl }),
        software: software.version,
        ...(software.timeZoneData !== undefined && { timeZoneData: software.timeZoneData }),
        outbox: outboxReport(),
        ...(boxes.boxes() !== undefined && { boxes: boxes.boxes() }),
        ...(capacity.perSecond() !== undefined && { takesPerSecond: capacity.perSecond() }),
        ...snapshot?.left,
      }),
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

  const files = await readDistFiles(settings.distDir);
  const counters = createCounters();
  const admission = createAdmission({ clock, random }, ADMISSION_DEFAULTS);
  const intake = createIntake({
    outbox: outboxes.outbox,
    uplink: outboxes.uplink,
    snapshot: () => snapshot,
    clock,
  });
  const workers =
    settings.workers > 1
      ? createWorkers(
          {
            spawn: () => spawnWorker(resolve(settings.dataDir), resolve(settings.distDir)),
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
              distDir: resolve(settings.distDir),
              inFlightBytesMax: Math.ceil(ADMISSION_DEFAULTS.inFlightBytesMax / settings.workers),
            },
          },
        )
      : undefined;
  const pressure = createPressure({ clock, timers, random });
  const edgeApp = createEdgeApp({
    snapshot: () => snapshot,
    intake,
    checkBox:
      settings.boxTokens === "required"
        ? await createBoxCheck(identity.boxKey, clock, () => snapshot?.view.revocations ?? NONE_REVOKED)
        : acceptAnyBox,
    admission,
    pressure,
    counters,
    clock,
    log,
    gzip,
    files,
    software: software.version,
  });

  const rate = createRate();
  const history = createHistory();
  const ownClock = createOwnClock(clock);
  ownClock.passed(await loadPassed(settings.dataDir));
  const vitals = await watchVitals(settings.dataDir, timers);
  let passedSavedMs = Number.NEGATIVE_INFINITY;
  const readFigures = () => {
    const nowMs = clock.monotonicMs();
    rate.read(counters.pulls, nowMs);
    history.read(counters.pulls, nowMs);
    boxes.read(counters.askedAgainMs, nowMs);
    ownClock.passed(snapshot?.publishedAtMs);
    const { centralClock } = synchroniser.state();
    if (centralClock && Math.abs(centralClock.offsetMs) < CLOCK_AGREES_MS) ownClock.confirmed();
    ownClock.read();
    if (nowMs - passedSavedMs >= PASSED_EVERY_MS) {
      passedSavedMs = nowMs;
      void savePassed(settings.dataDir, ownClock.newestMs());
    }
    if (!ended) timers.after(READ_EVERY_MS, readFigures);
  };

  const report = () => {
    const sync = synchroniser.state();
    const up = sync.line === "up";
    const stored = outboxes.outbox()?.state();
    const { disk, outboxBytes, residentBytes } = vitals.read();
    return makeReport({
      nowMs: clock.wallMs(),
      startedAtMs,
      software: software.version,
      runtime: software.runtime,
      timeZoneData: software.timeZoneData,
      identity: { edge: identity.edge, region },
      central: {
        url: identity.central,
        up,
        sinceMs: sync.sinceMs,
        why: up ? undefined : sync.lineTrouble,
        timeZoneData: sync.centralTimeZoneData,
      },
      snapshot: snapshot && {
        ...snapshot.position,
        publishedAtMs: snapshot.publishedAtMs,
        regionKnown: snapshot.regionKnown,
        counts: snapshot.counts,
        left: snapshot.left,
        suppressed: workers?.state().suppressed ?? snapshot.suppressed(clock.wallMs()),
        troubles: snapshot.troubles(),
      },
      sync: {
        refused: sync.refused?.why,
        failed: up && !sync.refused ? sync.trouble : undefined,
        lastSyncMs: sync.lastSyncMs,
        syncs: sync.syncs,
        failures: sync.failures,
        kills: sync.kills,
      },
      outbox: {
        id: stored?.id,
        ...outboxReport(),
        bytes: outboxBytes,
        setAside: stored?.setAside ?? 0,
        damaged: [...outboxes.damaged(), ...(stored?.damaged ?? [])],
        trouble: outboxes.trouble() ?? stored?.trouble,
        uplinkTrouble: outboxes.uplink()?.state().trouble,
      },
      traffic: {
        pulls: counters.pulls,
        notModified: counters.notModified,
        pullsPerSecond: rate.perSecond(),
        shed: counters.shed,
        failures: counters.failures,
        boxes: boxes.boxes(),
        rates: history.rates(),
      },
      damage,
      clockOffsetMs: sync.centralClock && -sync.centralClock.offsetMs,
      clockErrorMs: sync.centralClock?.errorMs,
      clockBehindMs: ownClock.behindPastMs(),
      clockStep: ownClock.step(),
      disk,
      residentBytes: residentBytes + (workers?.state().residentBytes ?? 0),
      workers: workers?.state().count,
      certificateEndsAtMs: tls?.endsAtMs,
      recent: recent(),
    });
  };
  const inFlightBytes = () => workers?.state().inFlightBytes ?? admission.inFlightBytes();
  const metrics = createMetrics({ report, counters, inFlightBytes });
  const statusApp = createStatusApp({ report, metrics, files });

  const { hot, handle } = edgeApp;
  const server = workers
    ? undefined
    : await serve(handle, {
        ...{ hostname: settings.host, port: settings.port, tls, hot },
        onBroken: (why) => log.error("listening-again", { why }),
      });
  const adminServer = await serve((request) => statusApp.fetch(request), {
    hostname: settings.adminHost,
    port: settings.adminPort,
  });
  onShutdown(async (reason) => {
    ended = true;
    vitals.stop();
    packLater.stop();
    capacity.stop();
    rollOver.stop();
    pressure.stop();
    log.info("stopping", { reason });
    await Promise.all([
      (workers ?? server)?.close(),
      adminServer.close(),
      synchroniser.stop(),
      outboxes.uplink()?.stop(),
    ]);
    await outboxes.stop();
  });

  const lastGood = await publications.loadLastGood();
  damage = [...identified.damage, ...lastGood.damage];
  if (lastGood.publication) {
    snapshot = await compile(lastGood.publication);
    packLater.served(lastGood.publication);
  }
  if (!workers) rollOver.promoted();
  await outboxes.open();
  const port = server?.port ?? (await workers?.begin(lastGood.publication?.path)) ?? settings.port;
  synchroniser.start(snapshot?.position);
  readFigures();
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
  const address = (host: string, port: number, scheme = "http") =>
    `${scheme}://${host.includes(":") ? `[${host}]` : host}:${port}`;
  log.info("serving", {
    edge: identity.edge,
    region,
    epoch: snapshot?.position.epoch,
    revision: snapshot?.position.revision,
    startedInMs: clock.wallMs() - startedAtMs,
  });
  announce({
    event: "ready",
    url: address(settings.host, port, tls ? "https" : "http"),
    adminUrl: address(settings.adminHost, adminServer.port),
    edge: identity.edge,
    region,
  });
}
