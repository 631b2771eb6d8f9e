/** A whole central on real libSQL files and a real libSQL server, for tests; time is simulated where it may be. */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Programme } from "../../shared/guide/programme.ts";
import { type Log, silentLog } from "../../shared/log.ts";
import { systemTimers } from "../../shared/runtime/clock.ts";
import { type Database, openDatabase, type Queries } from "../../shared/runtime/database.ts";
import { writeFileAside } from "../../shared/runtime/files.ts";
import { checkPort, freePort } from "../../shared/runtime/ports.ts";
import type { Clock } from "../../shared/time/clock.ts";
import { createAirServer } from "../air-server/air-server.ts";
import { type Central, createCentral } from "../central.ts";
import type { OidcSettings } from "../people/oidc.ts";
import type { PasswordCost } from "../people/people.ts";
import { type Keys, loadKeys } from "../platform/secrets.ts";
import { SQLD_PATH, spawnSqld, takeOverSqld } from "../platform/sqld-process.ts";
import { createTimedFetch } from "../platform/timed-fetch.ts";
import { RESULTS_MIGRATIONS } from "../results/tables.ts";
import { AUTHORING_MIGRATIONS } from "../store/authoring.ts";
import { packProgrammes } from "../store/guide-body.ts";
import type { GuideStore } from "../store/guide-store.ts";

export interface TestCentral {
  folder: string;
  keys: Keys;
  central: Central;
  authoring: Database;
  results: Database;
  /** Sets the wall clock. */
  setWall(ms: number): void;
  airUrl: string;
  /** A second central over the same files, as after a restart. */
  again(airTimeoutMs?: number): Central;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever came back
  api(method: string, path: string, body?: unknown): Promise<{ status: number; body: any }>;
  token: string;
}

/** In 2100: tokens signed by this clock are valid by the real clock of the libSQL server. */
export const TEST_NOW_MS = 4_102_444_800_000;

/** Of passwords: nobody attacks a test's, and each hash at the real cost takes as long as ten requests. */
const CHEAP: PasswordCost = { N: 16, r: 1, p: 1, maxmem: 1024 * 1024 };

/** For what must not reach anybody. */
const unreachable: typeof fetch = async () => {
  throw new TypeError("fetch failed");
};

/**
 * @param options `air`: with a real libSQL server; without one every call to `air` fails; `offline`: guide sources and
 *   webhooks reach nobody; `log`: silent unless told; `watch`: what central gets in place of its results database
 */
export async function withCentral(
  options: {
    air: boolean;
    airTimeoutMs?: number;
    offline?: boolean;
    log?: Log;
    oidc?: OidcSettings;
    trustedProxies?: string;
    watch?: (results: Queries) => Queries;
  },
  run: (test: TestCentral) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-central-"));
  const ends: (() => Promise<void> | void)[] = [];
  try {
    await mkdir(join(folder, "keys"), { recursive: true });
    const keys = await loadKeys(folder, false);
    const publicKeyFile = join(folder, "keys", "air.public.pem");
    await writeFileAside(publicKeyFile, keys.air.publicPem);
    let airUrl = "http://127.0.0.1:1";
    if (options.air) {
      const server = createAirServer(
        {
          spawn: spawnSqld,
          takeOver: takeOverSqld,
          checkPort,
          fetch: createTimedFetch(2_000),
          timers: systemTimers,
          random: () => 0.5,
          log: silentLog,
        },
        {
          binary: SQLD_PATH,
          dataDir: join(folder, "air"),
          pidFile: join(folder, "sqld.pid"),
          logFile: join(folder, "sqld.log"),
          host: "127.0.0.1",
          port: await freePort(),
          adminPort: await freePort(),
          adminKey: "for-tests",
          publicKeyFile,
        },
      );
      ends.push(() => server.stop());
      await server.start();
      airUrl = server.url;
    }
    const authoring = await openDatabase(join(folder, "authoring.db"), AUTHORING_MIGRATIONS);
    ends.push(() => authoring.close());
    const results = await openDatabase(join(folder, "results.db"), RESULTS_MIGRATIONS);
    ends.push(() => results.close());
    let wallMs = TEST_NOW_MS;
    const clock: Clock = { wallMs: () => wallMs, monotonicMs: () => wallMs };
    const again = (airTimeoutMs = options.airTimeoutMs ?? 10_000) => {
      const central = createCentral(
        {
          ...{ authoring, clock, results: options.watch?.(results) ?? results },
          timers: systemTimers,
          log: options.log ?? silentLog,
          airFetch: createTimedFetch(airTimeoutMs),
          airQuickFetch: createTimedFetch(airTimeoutMs),
          webhookFetch: options.offline ? unreachable : createTimedFetch(5_000),
          guideFetch: options.offline ? unreachable : fetch,
          random: () => 0.5,
        },
        {
          keys,
          airUrl,
          airPublicUrl: airUrl,
          rollCallMs: 0,
          software: { version: "test", timeZoneData: undefined },
          secure: false,
          oidc: options.oidc,
          trustedProxies: options.trustedProxies,
          passwordCost: CHEAP,
          page: [],
        },
      );
      ends.push(() => central.close());
      return central;
    };
    const central = again();
    await central.start();
    const token = await central.people.makeToken("test", { role: "admin" });
    await run({
      ...{ folder, keys, central, authoring, results, airUrl, again, token },
      setWall: (ms) => {
        wallMs = ms;
      },
      async api(method, path, body) {
        const reply = await central.app.request(path, {
          method,
          headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
        const text = await reply.text();
        return { status: reply.status, body: text === "" ? undefined : JSON.parse(text) };
      },
    });
  } finally {
    for (const end of ends.reverse()) await end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A poll as an editor sends it. */
export const pollBody = {
  interaction: {
    id: "int-1",
    type: "poll",
    durationMs: 20_000,
    clockToleranceMs: 2_000,
    defaultLanguage: "en",
    texts: { en: { title: "Who wins?", options: { a: "Red", b: "Blue" } } },
    options: ["a", "b"],
    choices: { least: 1, most: 1 },
    answer: { mode: "first", closeAfterMs: 60_000, acceptAfterCloseMs: 86_400_000 },
  },
};

/** Makes these the guide of their channels, past all judging. */
export async function putProgrammes(drafts: GuideStore, programmes: readonly Programme[]): Promise<void> {
  const staging = drafts.stageGuide();
  for (const [channel, list] of Map.groupBy(programmes, (each) => each.channel)) {
    await staging.add(channel, packProgrammes(list));
  }
  await drafts.putGuide([], await staging.end());
}

/** A region, two channels, a poll placed on the first. */
export async function authorSample({ api, central }: TestCentral): Promise<void> {
  await api("PUT", "/api/v1/regions/north", { name: "North" });
  for (const [index, id] of ["c1", "c2"].entries()) {
    await api("PUT", `/api/v1/channels/${id}`, { number: index + 1, name: id.toUpperCase() });
    const news = {
      id: `${id}-p1`,
      channel: id,
      title: "News",
      startMs: TEST_NOW_MS,
      endMs: TEST_NOW_MS + 1_800_000,
    };
    await putProgrammes(central.drafts, [news]);
  }
  await api("POST", "/api/v1/interactions", pollBody);
  await api("PUT", "/api/v1/placements/pl1", {
    interaction: "int-1",
    version: 1,
    channels: ["c1"],
    when: { kind: "programme", match: { title: "News" }, at: { from: "start", offsetMs: 300_000 } },
  });
}
