import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { silentLog } from "../../shared/log.ts";
import { systemTimers } from "../../shared/runtime/clock.ts";
import { writeFileAside } from "../../shared/runtime/files.ts";
import { checkPort, freePort } from "../../shared/runtime/ports.ts";
import { loadKeys } from "../platform/secrets.ts";
import { SQLD_PATH, spawnSqld, takeOverSqld } from "../platform/sqld-process.ts";
import { createTimedFetch } from "../platform/timed-fetch.ts";
import { createAirServer } from "./air-server.ts";

async function withServer(
  run: (
    folder: string,
    make: (port?: number) => Promise<ReturnType<typeof createAirServer>>,
  ) => Promise<void>,
) {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-air-"));
  try {
    const keys = await loadKeys(folder, false);
    const publicKeyFile = join(folder, "keys", "air.public.pem");
    await writeFileAside(publicKeyFile, keys.air.publicPem);
    const make = async (port?: number) =>
      createAirServer(
        {
          ...{ spawn: spawnSqld, takeOver: takeOverSqld, checkPort, timers: systemTimers, log: silentLog },
          fetch: createTimedFetch(2_000),
          random: () => 0.5,
        },
        {
          binary: SQLD_PATH,
          dataDir: join(folder, "air"),
          pidFile: join(folder, "sqld.pid"),
          logFile: join(folder, "sqld.log"),
          host: "127.0.0.1",
          port: port ?? (await freePort()),
          adminPort: await freePort(),
          adminKey: "for-tests",
          publicKeyFile,
        },
      );
    await run(folder, make);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("start() says of damaged data what is damaged and what to do, in one line, and keeps the details", () =>
  withServer(async (folder, make) => {
    await mkdir(join(folder, "air", "metastore"), { recursive: true });
    await writeFile(
      join(folder, "air", "metastore", "data"),
      "no database, whatever its name says ".repeat(300),
    );
    await assert.rejects((await make()).start(), (error: Error & { code?: string }) => {
      assert.equal(error.code, "air-damaged");
      assert.match(
        error.message,
        /its data in \S+\/air is damaged \([^)]+\); restore that directory from a backup/,
      );
      assert.match(
        error.message,
        /move it away, start again and publish with --new-epoch\. Details are in \S+sqld\.log$/,
      );
      assert.doesNotMatch(error.message, /\n|backtrace|::/);
      return true;
    });
    assert.match(await readFile(join(folder, "sqld.log"), "utf8"), /^Error: .*/m);
  }));

const parentOf = async (pid: string) =>
  (await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "")).split(") ").at(-1)?.split(" ")[1];

/** And its watch, which would end the server otherwise. */
async function killKeeper(server: number): Promise<void> {
  const keeper = await parentOf(String(server));
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    if (pid !== String(server) && (await parentOf(pid)) === keeper) process.kill(Number(pid), "SIGKILL");
  }
  process.kill(Number(keeper), "SIGKILL");
}

test("start() ends what a former run left behind, whose keeper is dead", { timeout: 60_000 }, () =>
  withServer(async (folder, make) => {
    const former = await make();
    await former.start();
    const left = Number(await readFile(join(folder, "sqld.pid"), "utf8"));
    await killKeeper(left);
    // Before it begins another.
    await former.stop();
    process.kill(left, 0);
    const next = await make(Number(new URL(former.url).port));
    await next.start();
    assert.throws(() => process.kill(left, 0), { code: "ESRCH" });
    await next.stop();
  }),
);

test(
  "a server whose keeper was killed is ended, and another begun, instead of finding its port taken for ever",
  { timeout: 60_000 },
  () =>
    withServer(async (folder, make) => {
      const server = await make();
      await server.start();
      const pidFile = join(folder, "sqld.pid");
      const first = Number(await readFile(pidFile, "utf8"));
      await killKeeper(first);
      const isHealthy = () =>
        fetch(`${server.url}/health`).then(
          async (reply) => {
            await reply.body?.cancel();
            return reply.ok;
          },
          () => false,
        );
      const another = async () => {
        const pid = Number(await readFile(pidFile, "utf8").catch(() => first));
        return pid !== first && (await isHealthy());
      };
      while (!(await another())) await new Promise((resolve) => setTimeout(resolve, 50));
      assert.throws(() => process.kill(first, 0), { code: "ESRCH" });
      await server.stop();
      assert.equal(await isHealthy(), false);
    }),
);

test("start() refuses a port that is taken before it starts anything", () =>
  withServer(async (folder, make) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
    try {
      const { port } = taken.address() as { port: number };
      await assert.rejects((await make(port)).start(), { code: "cannot-listen" });
      await assert.rejects(readFile(join(folder, "sqld.log")), { code: "ENOENT" });
    } finally {
      await new Promise((resolve) => taken.close(resolve));
    }
  }));
