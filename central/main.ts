/** Runs central: picks the adapters and wires them. */
import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CuecastError, errorMessage } from "../shared/errors.ts";
import type { Log } from "../shared/log.ts";
import { createClientAddress } from "../shared/runtime/client-address.ts";
import { systemClock, systemTimers } from "../shared/runtime/clock.ts";
import { makeDataFolder } from "../shared/runtime/data-folder.ts";
import { foldLog, openDatabase } from "../shared/runtime/database.ts";
import { openDatabaseInThread } from "../shared/runtime/database-thread.ts";
import { holdFolder } from "../shared/runtime/folder-lock.ts";
import { plainFetch } from "../shared/runtime/plain-fetch.ts";
import { checkPort, freePort } from "../shared/runtime/ports.ts";
import { announce, endWith, onShutdown } from "../shared/runtime/process.ts";
import { serve } from "../shared/runtime/serve.ts";
import { readSoftware } from "../shared/runtime/software.ts";
import { loadTlsFiles } from "../shared/runtime/tls-files.ts";
import { createAirServer } from "./air-server/air-server.ts";
import { type BackupSchedule, createBackupSchedule } from "./backup/schedule.ts";
import { createCentral } from "./central.ts";
import { type OidcSettings, readRoleMap } from "./people/oidc.ts";
import { forgetRestored, readRestored, refuseHalfRestored } from "./platform/backup/after-restore.ts";
import { type BackupProgram, listBackups, removeBackup, runBackup } from "./platform/backup/backup-folder.ts";
import { backUpBeforeMigration } from "./platform/backup/before-migration.ts";
import { MIGRATIONS_KNOWN } from "./platform/backup/migrations-known.ts";
import { createGuideThreads } from "./platform/guide-thread.ts";
import { loadPage } from "./platform/page-files.ts";
import { isThere, keepFile, loadKeys, loadSecret } from "./platform/secrets.ts";
import { SQLD_PATH, spawnSqld, takeOverSqld } from "./platform/sqld-process.ts";
import { createTimedFetch } from "./platform/timed-fetch.ts";
import { startTlsForwarder } from "./platform/tls-forwarder.ts";
import { ROLL_CALL_MS } from "./publish/roll-call.ts";
import { RESULTS_MIGRATIONS } from "./results/tables.ts";
import { AUTHORING_MIGRATIONS } from "./store/authoring.ts";

export interface CentralMainSettings {
  dataDir: string;
  /** 0: any free one. */
  port: number;
  /** 127.0.0.1 unless edges stand elsewhere. */
  host: string;
  /** A libSQL server that stands elsewhere; it must trust `keys/air.public.pem`. Absent: central runs its own. */
  airUrl?: string | undefined;
  /** Of central's own libSQL server; 0: any free one. */
  airPort: number;
  airAdminPort: number;
  /** Central's address as browsers see it; https makes cookies Secure. */
  publicUrl?: string | undefined;
  /** Addresses and ranges of proxies in front, whose `X-Forwarded-For` is believed; empty: nobody's. */
  trustedProxies: string;
  /** Where edges reach `air`. */
  airPublicUrl?: string | undefined;
  /** PEM; both or none. With them the libSQL server too is reached over TLS only. */
  tlsCertFile?: string | undefined;
  tlsKeyFile?: string | undefined;
  /** The libSQL server's program. */
  sqldPath?: string | undefined;
  /** Signing in by OpenID Connect; absent: by password alone. Wants `publicUrl`. */
  oidc?:
    | { issuer: string; clientId: string; clientSecretFile: string; roleClaim: string; roles: string }
    | undefined;
  /** Backups by themselves; absent: none. */
  backups?: { folder: string; everyHours: number; keep: number; program: BackupProgram } | undefined;
}

/** A publication of hundreds of thousands of rows must fit; a server that never answers must not hold us. */
const AIR_TIMEOUT_MS = 30_000;
/** Of pages of `results`, KiB: what twenty batches touch of some million answers. */
const RESULTS_CACHE_KIB = 65_536;
/** Of 4 KiB each: the log of `results` may be so long before it is moved into the file. */
const RESULTS_LOG_PAGES = 16_384;
/** To read one row. */
const AIR_QUICK_TIMEOUT_MS = 5_000;
const HEALTH_TIMEOUT_MS = 2_000;
/** For one try; a receiver should take an event and work afterwards. */
const WEBHOOK_TIMEOUT_MS = 10_000;
/** How long the end waits for a publication that is being finished; it goes on at the next start. */
const END_MAX_MS = 3_000;
const EDITOR = "editor";

/** What the first person and this machine's command line get in with. */
async function firstSecrets(dataDir: string): Promise<{ password: string; token: string }> {
  return {
    password: await loadSecret(join(dataDir, "password")),
    token: await loadSecret(join(dataDir, "token")),
  };
}

/** The name or address under which others reach this machine, as far as the settings tell. */
function reachedAt({ host, publicUrl }: CentralMainSettings): string {
  if (publicUrl !== undefined && URL.canParse(publicUrl)) return new URL(publicUrl).hostname;
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

/** @throws {CuecastError} `usage` when something is missing */
async function readOidc({ oidc, publicUrl }: CentralMainSettings): Promise<OidcSettings | undefined> {
  if (!oidc) return undefined;
  const { issuer, clientId, clientSecretFile, roleClaim } = oidc;
  const usage = (message: string, cause?: unknown) =>
    new CuecastError(message, { code: "usage", status: 400, cause });
  if (publicUrl === undefined)
    throw usage(
      "Cannot sign people in by OpenID Connect without --public-url: the provider sends them back there",
    );
  const clientSecret = await readFile(clientSecretFile, "utf8").catch((cause) => {
    throw usage(`Cannot read --oidc-client-secret-file ${clientSecretFile}: ${errorMessage(cause)}`, cause);
  });
  const roles = readRoleMap(oidc.roles);
  if (roles.size === 0)
    throw usage("Cannot sign people in by OpenID Connect without --oidc-roles: nobody would get a role");
  const redirectUrl = `${publicUrl.replace(/\/+$/, "")}/api/v1/oidc/callback`;
  return { issuer, clientId, clientSecret: clientSecret.trim(), redirectUrl, roleClaim, roles };
}

/** @throws {CuecastError} `data-refused` when nothing can be kept there */
async function openBackups(
  { folder, everyHours, keep, program }: NonNullable<CentralMainSettings["backups"]>,
  log: Log,
): Promise<BackupSchedule> {
  const path = resolve(folder);
  await makeDataFolder(path);
  return createBackupSchedule(
    {
      make: (signal) => runBackup(program, path, systemClock.wallMs(), signal),
      list: () => listBackups(path),
      remove: (name) => removeBackup(path, name),
      ...{ clock: systemClock, timers: systemTimers, log },
    },
    { everyHours, keep },
  );
}

/** Serves until the process is told to stop. */
export async function runCentral(settings: CentralMainSettings, ports: { log: Log }): Promise<void> {
  const { log } = ports;
  const dataDir = resolve(settings.dataDir);
  // What it cannot take is told before anything is begun.
  createClientAddress(settings.trustedProxies);
  await holdFolder(dataDir, endWith(log));
  await checkPort(settings.host, settings.port);
  if (settings.tlsCertFile !== undefined) await checkPort(settings.host, settings.airPort);
  const oidc = await readOidc(settings);
  await refuseHalfRestored(dataDir);
  const software = await readSoftware();
  await backUpBeforeMigration(dataDir, MIGRATIONS_KNOWN, {
    ...{ nowMs: systemClock.wallMs(), software: software.version, log },
  });
  const restored = await readRestored(dataDir);
  const keys = await loadKeys(dataDir, await isThere(join(dataDir, "authoring.db")));
  const publicKeyFile = join(dataDir, "keys", "air.public.pem");
  await keepFile(publicKeyFile, keys.air.publicPem);

  const tls = await loadTlsFiles(settings.tlsCertFile, settings.tlsKeyFile);
  // sqld speaks no TLS on this port: it then listens on loopback alone, and a forwarder stands before it.
  const airPort = (tls ? 0 : settings.airPort) || (await freePort());
  const ownAir = settings.airUrl
    ? undefined
    : createAirServer(
        {
          spawn: spawnSqld,
          takeOver: takeOverSqld,
          checkPort,
          fetch: createTimedFetch(HEALTH_TIMEOUT_MS),
          timers: systemTimers,
          random: Math.random,
          log,
        },
        {
          binary: settings.sqldPath ?? SQLD_PATH,
          dataDir: join(dataDir, "air"),
          pidFile: join(dataDir, "sqld.pid"),
          logFile: join(dataDir, "sqld.log"),
          host: tls ? "127.0.0.1" : settings.host,
          port: airPort,
          adminPort: settings.airAdminPort || (await freePort()),
          publicKeyFile,
          adminKey: randomBytes(32).toString("hex"),
        },
      );
  // Its thread takes a third of a second to come up, and the libSQL server about as long.
  const opening = openDatabaseInThread(join(dataDir, "results.db"), RESULTS_MIGRATIONS);
  // What fails is told where it is waited for.
  opening.catch(() => {});
  await ownAir?.start();
  const forwarder =
    tls &&
    ownAir &&
    (await startTlsForwarder({ host: settings.host, port: settings.airPort, target: airPort, tls }));

  const authoring = await openDatabase(join(dataDir, "authoring.db"), AUTHORING_MIGRATIONS);
  // It starts all the same: what is whole may be what must be withdrawn now.
  const [check] = await authoring
    .all("PRAGMA quick_check(1)")
    .catch((error) => [{ quick_check: String(error) }]);
  if (check?.quick_check !== "ok") {
    log.error("database-damaged", { file: "authoring.db", why: String(check?.quick_check).slice(0, 200) });
  }
  const results = await opening;
  // Answers fall anywhere in their tables: with SQLite's own 2 MB each batch reads and writes its pages anew.
  await results.all(`PRAGMA cache_size=-${RESULTS_CACHE_KIB}`);
  // A page that several transactions wrote is then moved into the file once.
  await results.all(`PRAGMA wal_autocheckpoint=${RESULTS_LOG_PAGES}`);
  const airUrl = settings.airUrl ?? ownAir?.url ?? "";
  const central = createCentral(
    {
      ...{ authoring, results, log },
      backups: settings.backups && (await openBackups(settings.backups, log)),
      forgetRestored: () => forgetRestored(dataDir),
      clock: systemClock,
      timers: systemTimers,
      airFetch: createTimedFetch(AIR_TIMEOUT_MS),
      webhookFetch: createTimedFetch(WEBHOOK_TIMEOUT_MS),
      guideFetch: plainFetch,
      guideWork: createGuideThreads(),
      random: Math.random,
      airQuickFetch: createTimedFetch(AIR_QUICK_TIMEOUT_MS),
    },
    {
      keys,
      rollCallMs: ROLL_CALL_MS,
      airUrl,
      airPublicUrl:
        settings.airPublicUrl ?? (forwarder ? `https://${reachedAt(settings)}:${forwarder.port}` : airUrl),
      secure: tls !== undefined || (settings.publicUrl?.startsWith("https:") ?? false),
      ...{ software, restored, oidc, trustedProxies: settings.trustedProxies },
      page: await loadPage(),
    },
  );
  const { password, token } = await firstSecrets(dataDir);
  if (!(await central.people.hasPerson(EDITOR))) await central.people.setPassword(EDITOR, password);
  await central.people.addToken("command line", token, { role: "admin" });
  await central.start();

  const server = await serve((request, { address }) => central.app.fetch(request, { address }), {
    hostname: settings.host,
    port: settings.port,
    tls,
    onBroken: (why) => log.error("listening-again", { why }),
  });
  onShutdown(async (reason) => {
    log.info("stopping", { reason });
    // Held requests first, then whatever runs, and only then what it writes to.
    const ended = central.close();
    await server.close();
    await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, END_MAX_MS))]);
    await forwarder?.close();
    for (const database of [authoring, results]) {
      await foldLog(database);
      database.close();
    }
    await ownAir?.stop();
  });
  announce({
    event: "ready",
    part: "central",
    url: settings.publicUrl ?? `${tls ? "https" : "http"}://${reachedAt(settings)}:${server.port}`,
    port: server.port,
    air: airUrl,
  });
}
