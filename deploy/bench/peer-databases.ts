/** PostgreSQL and Redis as peers, each syncing before it replies, on a free port and in a folder of their own. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmod, chown, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../shared/runtime/ports.ts";
import { startChild } from "../local/child.mjs";
import { until } from "../rehearsal/rig.ts";
import { started } from "./started.ts";

export interface PeerDatabase {
  pid: number;
  url: string;
  stop(): Promise<unknown>;
}

/** PostgreSQL refuses to run as root: its own user, from the Debian package, does then. */
function postgresUser(): { words: string[]; id?: { uid: number; gid: number } } {
  if (process.getuid?.() !== 0) return { words: [] };
  const idOf = (flag: string) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
  return {
    words: ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"],
    id: { uid: idOf("-u"), gid: idOf("-g") },
  };
}

export async function startPostgres(dir: string): Promise<PeerDatabase> {
  const port = await freePort();
  const programs = execFileSync("pg_config", ["--bindir"], { encoding: "utf8" }).trim();
  const { words, id } = postgresUser();
  await mkdir(dir, { recursive: true });
  if (id) {
    await chmod(join(dir, ".."), 0o755);
    await chown(dir, id.uid, id.gid);
  }
  const run = (program: string, args: string[]) => [...words, join(programs, program), ...args] as string[];
  const [command = "", ...args] = run("initdb", ["-D", dir, "-U", "bench", "--auth", "trust"]);
  const made = spawnSync(command, args, { cwd: dir, encoding: "utf8" });
  if (made.status !== 0) throw new Error(`Cannot make a PostgreSQL: ${made.stderr}`);
  const [first = "", ...rest] = run("postgres", [
    ...["-D", dir, "-k", dir, "-h", "127.0.0.1", "-p", String(port)],
    ...["-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "log_min_messages=fatal"],
  ]);
  const child = startChild({ name: "postgres", command: first, args: rest, onLine() {} });
  // A smart stop would wait for the front to leave; this one cuts it off.
  const stop = () => {
    child.signal("SIGINT");
    return child.exited;
  };
  const postgres = started({ pid: child.pid ?? 0, url: `postgres://bench@127.0.0.1:${port}/postgres`, stop });
  const isReady = () =>
    spawnSync(join(programs, "pg_isready"), ["-q", "-h", "127.0.0.1", "-p", String(port)]).status === 0;
  await until("PostgreSQL to be ready", async () => isReady());
  return postgres;
}

export async function startRedis(dir: string): Promise<PeerDatabase> {
  const port = await freePort();
  await mkdir(dir, { recursive: true });
  const child = startChild({
    name: "redis",
    command: "redis-server",
    args: [
      ...["--port", String(port), "--bind", "127.0.0.1", "--dir", dir],
      ...["--appendonly", "yes", "--appendfsync", "always", "--save", ""],
    ],
    onLine() {},
  });
  const redis = started({ pid: child.pid ?? 0, url: `redis://127.0.0.1:${port}`, stop: () => child.stop() });
  const ping = () => spawnSync("redis-cli", ["-p", String(port), "ping"], { encoding: "utf8" }).stdout;
  await until("Redis to be ready", async () => ping().startsWith("PONG"));
  return redis;
}
