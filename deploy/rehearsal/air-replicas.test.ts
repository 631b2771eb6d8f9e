/**
 * `air` on a libSQL server of its own with two replicas, one for each region's edges, as for a thousand edges: a
 * publication comes through, a replica that was away comes after, one that lost its disk is filled again, and a
 * primary that is away stops nothing but publishing.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { freePort } from "../../shared/runtime/ports.ts";
import { BINARIES, PROJECT_DIR } from "../local/binaries.mjs";
import { type Child, startChild } from "../local/child.mjs";
import { fill, place } from "./content.ts";
import { createRig, type EdgeRig, landed, status, until } from "./rig.ts";

const ADMIN_KEY = "a".repeat(64);

interface Server {
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Its data is gone when it starts again. */
  lose(): Promise<void>;
}

/** @param flags what makes it a primary or a replica */
function airServer(
  dir: string,
  [host, port]: [string, number],
  keyFile: () => string,
  flags: string[],
  environment: Record<string, string> = {},
): Server {
  let child: Child;
  return {
    async start() {
      await mkdir(dir, { recursive: true });
      child = startChild({
        name: "sqld",
        command: BINARIES.sqld,
        args: [
          ...["--db-path", join(dir, "air"), "--http-listen-addr", `${host}:${port}`],
          ...["--auth-jwt-key-file", keyFile(), "--shutdown-timeout", "2", "--no-welcome"],
          ...flags,
        ],
        env: { RUST_LOG: "error", ...environment },
        onLine() {},
      });
      await until(
        `the libSQL server on ${host}`,
        async () => (await fetch(`http://${host}:${port}/health`)).ok,
      );
    },
    stop: async () => void (await child.stop()),
    lose: () => rm(dir, { recursive: true, force: true }),
  };
}

test("edges sync from replicas of their region: one away, one with a lost disk, the primary away", async (t) => {
  const [port, primaryPort, grpcPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const rig = await createRig({
    // Regions are named 2 and 3 here: their replicas stand on 127.0.0.2 and 127.0.0.3.
    centralFlags: [
      ...["--air-url", `http://127.0.0.1:${primaryPort}`],
      ...["--air-public-url", `http://127.0.0.{region}:${port}`],
    ],
  });
  const keyFile = () => join(rig.dir, "central", "keys", "air.public.pem");
  const adminPort = await freePort();
  const grpc = `127.0.0.1:${grpcPort}`;
  const primary = airServer(
    join(rig.dir, "primary"),
    ["127.0.0.1", primaryPort],
    keyFile,
    ["--grpc-listen-addr", grpc, "--admin-listen-addr", `127.0.0.1:${adminPort}`],
    { LIBSQL_ADMIN_AUTH_KEY: ADMIN_KEY },
  );
  const replicas = [2, 3].map((region) =>
    airServer(join(rig.dir, `replica-${region}`), [`127.0.0.${region}`, port], keyFile, [
      ...["--primary-grpc-url", `http://${grpc}`],
    ]),
  ) as [Server, Server];
  const servers = [primary, ...replicas];
  t.after(async () => {
    await Promise.all(servers.map((server) => server.stop().catch(() => {})));
    await rig.stop();
  });
  for (const server of servers) await server.start();
  await promisify(execFile)(
    process.execPath,
    [join(PROJECT_DIR, "deploy/air/make-durable.mjs"), `http://127.0.0.1:${adminPort}`],
    { env: { ...process.env, LIBSQL_ADMIN_AUTH_KEY: ADMIN_KEY } },
  );
  const config = await fetch(`http://127.0.0.1:${adminPort}/v1/namespaces/default/config`, {
    headers: { authorization: `basic ${ADMIN_KEY}` },
  });
  assert.equal(((await config.json()) as { durability_mode: string }).durability_mode, "strong");
  await fill(rig, Date.now());
  const edges: EdgeRig[] = [];
  for (const region of ["2", "3"]) {
    await rig.api.send("PUT", `/api/v1/regions/${region}`, { name: region });
    edges.push(await rig.addEdge(`edge-${region}`, region, ["--sync-every-ms", "2000"]));
  }
  const [second, third] = edges as [EdgeRig, EdgeRig];
  let turn = 0;
  const publish = async () => {
    const when = { kind: "instant", atMs: Date.now() + 3_600_000 } as const;
    await place(rig, "one", { when, priority: turn++ });
    return rig.publish();
  };
  const landedOn = async (which: readonly EdgeRig[], position: Awaited<ReturnType<typeof publish>>) =>
    void (await Promise.all(which.map((edge) => landed(edge, position))));

  await t.test("a publication comes through both", async () => landedOn(edges, await publish()));

  await t.test("a replica that was away comes after", async () => {
    await replicas[1].stop();
    const position = await publish();
    await landedOn([second], position);
    assert.notEqual(
      ((await status(third)) as { snapshot: { revision: number } }).snapshot.revision,
      position.revision,
    );
    await replicas[1].start();
    await landedOn([third], position);
  });

  await t.test("a replica that lost its disk is filled again", async () => {
    await replicas[0].stop();
    await replicas[0].lose();
    await replicas[0].start();
    await landedOn(edges, await publish());
  });

  await t.test("a primary that is away stops nothing but publishing, until it is back", async () => {
    await primary.stop();
    await assert.rejects(publish(), /Cannot .*air/);
    assert.equal((await fetch(`${second.url}/readyz`)).status, 200);
    await primary.start();
    await landedOn(edges, await publish());
  });
});
