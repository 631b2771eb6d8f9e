/**
 * The libSQL server that holds `air`, as a child of central: starts it, makes it durable, starts it again when
 * it dies, stops it in order. How a process is run is `platform/sqld-process.ts`.
 */
import { CuecastError, errorMessage } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import { backoffMs } from "../../shared/time/backoff.ts";
import type { Random } from "../../shared/time/random.ts";
import type { Timers } from "../../shared/time/timers.ts";

export interface AirProcessOptions {
  binary: string;
  args: string[];
  /** On top of ours: what must not stand on a command line. */
  environment: Record<string, string>;
  pidFile: string;
  logFile: string;
  /** What it is told by, among the arguments of whoever was left. */
  dataDir: string;
}
export interface AirProcess {
  /** Its exit code. */
  exited: Promise<number>;
  /** In order; resolves when it has ended. */
  stop(): Promise<void>;
  /** What it said last, in one line; empty when it said nothing. Its log has the rest. */
  lastWords(): Promise<string>;
}

interface Ports {
  spawn(options: AirProcessOptions): AirProcess;
  takeOver(pidFile: string, dataDir: string): Promise<void>;
  /** Throws when the port cannot be listened on. */
  checkPort(host: string, port: number): Promise<void>;
  /** Gives up by itself. */
  fetch: typeof globalThis.fetch;
  timers: Timers;
  random: Random;
  log: Log;
}

export interface AirServerSettings {
  binary: string;
  /** sqld's own folder. */
  dataDir: string;
  pidFile: string;
  logFile: string;
  host: string;
  port: number;
  adminPort: number;
  /** What the admin API asks for; drawn anew at every start. */
  adminKey: string;
  /** SPKI, PEM: what tokens are checked with. */
  publicKeyFile: string;
}

/** Polls of its health before it counts as not started: 15 s. */
const HEALTH_TRIES_MAX = 150;
const HEALTH_POLL_MS = 100;
const RESTART = { baseMs: 500, maxMs: 10_000 };
/** What sqld says of files that it cannot read. */
const DAMAGED =
  /not a database|malformed|corrupt|fill whole buffer|unexpected end of file|checksum|invalid .*(log|header|version)|Internal Error/i;
/** A publication of hundreds of thousands of rows is one transaction; sqld's own limit is 5 s. */
const TRANSACTION_MAX_S = 60;

export function createAirServer(ports: Ports, settings: AirServerSettings) {
  const { timers, log } = ports;
  const adminUrl = `http://127.0.0.1:${settings.adminPort}`;
  const localUrl = `http://${settings.host === "0.0.0.0" ? "127.0.0.1" : settings.host}:${settings.port}`;
  let current: AirProcess | undefined;
  let stopping = false;
  let cancelRestart = () => {};
  let failures = 0;

  const pause = (ms: number) => new Promise<void>((resolve) => timers.after(ms, resolve));
  const fail = async (process: AirProcess, state: string) => {
    const words = await process.lastWords();
    const said = words === "" ? "" : ` (${words})`;
    if (DAMAGED.test(words)) {
      return new CuecastError(
        `Cannot start the libSQL server: its data in ${settings.dataDir} is damaged${said}; restore that directory from a backup, or move it away, start again and publish with --new-epoch. Details are in ${settings.logFile}`,
        { code: "air-damaged" },
      );
    }
    return new CuecastError(
      `Cannot start the libSQL server on port ${settings.port}: ${state}${said}; details are in ${settings.logFile}`,
      { code: "air-not-started" },
    );
  };

  async function makeDurable(): Promise<void> {
    const url = `${adminUrl}/v1/namespaces/default/config`;
    const authorization = `basic ${settings.adminKey}`;
    const config = (await (await ports.fetch(url, { headers: { authorization } })).json()) as Record<
      string,
      unknown
    >;
    // It takes the whole configuration or none.
    const body = JSON.stringify({ ...config, durability_mode: "strong", txn_timeout_s: TRANSACTION_MAX_S });
    const headers = { "content-type": "application/json", authorization };
    const reply = await ports.fetch(url, { method: "POST", headers, body });
    await reply.body?.cancel();
    const now = (await (await ports.fetch(url, { headers: { authorization } })).json()) as {
      durability_mode?: string;
    };
    if (!reply.ok || now.durability_mode !== "strong") {
      throw new CuecastError("Cannot make air durable: the libSQL server refused the setting", {
        code: "air-not-durable",
      });
    }
  }

  const isHealthy = () =>
    ports.fetch(`${localUrl}/health`).then(
      async (reply) => {
        await reply.body?.cancel();
        return reply.ok;
      },
      () => false,
    );

  /** @throws {CuecastError} `air-not-durable` when it refuses to be */
  const isDurable = () =>
    makeDurable().then(
      () => true,
      (error) => {
        if (error instanceof CuecastError) throw error;
        return false;
      },
    );

  async function launch(): Promise<void> {
    const process = ports.spawn({
      binary: settings.binary,
      pidFile: settings.pidFile,
      logFile: settings.logFile,
      dataDir: settings.dataDir,
      environment: { LIBSQL_ADMIN_AUTH_KEY: settings.adminKey },
      args: [
        ...["--db-path", settings.dataDir],
        ...["--http-listen-addr", `${settings.host}:${settings.port}`],
        ...["--admin-listen-addr", `127.0.0.1:${settings.adminPort}`],
        ...["--auth-jwt-key-file", settings.publicKeyFile],
        ...["--shutdown-timeout", "2", "--no-welcome"],
      ],
    });
    current = process;
    let ended: number | undefined;
    process.exited.then((code) => {
      ended = code;
    });
    const until = async (isSo: () => Promise<boolean>, otherwise: string) => {
      for (let tries = 0; !stopping && !(await isSo()); tries++) {
        if (ended !== undefined) throw await fail(process, `it ended with code ${ended}`);
        if (tries >= HEALTH_TRIES_MAX) {
          await process.stop();
          throw await fail(process, otherwise);
        }
        await pause(HEALTH_POLL_MS);
      }
    };
    await until(isHealthy, "it does not answer");
    // Its admin port answers a moment later than the other.
    await until(isDurable, "its admin port does not answer");
    if (stopping) return;
    if (ended !== undefined) throw await fail(process, `it ended with code ${ended}`);
    process.exited.then((code) => {
      if (stopping) return;
      log.error("air-server-died", { code });
      restart();
    });
  }

  function restart(): void {
    if (stopping) return;
    failures++;
    cancelRestart = timers.after(backoffMs(failures, RESTART, ports.random), () => {
      launch().then(
        () => {
          failures = 0;
          log.info("air-server-restarted");
        },
        (error) => {
          log.error("air-server-restart-failed", { tries: failures, why: errorMessage(error) });
          restart();
        },
      );
    });
  }

  return {
    /** Where central itself reaches it. */
    url: localUrl,
    /** @throws {CuecastError} `cannot-listen`, `air-damaged`, `air-not-started`, `air-not-durable` */
    async start(): Promise<void> {
      await ports.takeOver(settings.pidFile, settings.dataDir);
      await ports.checkPort(settings.host, settings.port);
      await ports.checkPort("127.0.0.1", settings.adminPort);
      await launch();
    },
    async stop(): Promise<void> {
      stopping = true;
      cancelRestart();
      await current?.stop();
    },
  };
}
export type AirServer = ReturnType<typeof createAirServer>;
