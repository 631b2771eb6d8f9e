/** Starts the processes beside the main one, on whichever runtime this is. */
import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Child } from "../sync/replica-process.ts";

const PROJECT_DIR = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Deno splits at commas; one within a path is written twice. */
const list = (...paths: string[]) => paths.map((path) => path.replaceAll(",", ",,")).join(",");

/** What both need of Deno: the network, and libSQL's native library. */
const denoArguments = (reads: string[], writes: string[], ...sys: string[]) => [
  "run",
  "--quiet",
  "--no-check",
  "--no-prompt",
  "--no-remote",
  "--no-lock",
  "--cached-only",
  `--allow-read=${list(PROJECT_DIR, ...reads)}`,
  ...(writes.length > 0 ? [`--allow-write=${list(...writes)}`] : []),
  "--allow-net",
  "--allow-ffi",
  // The native library's loader reads Node's diagnostic report to tell glibc from musl.
  `--allow-sys=${list("cpus", "networkInterfaces", "hostname", ...sys)}`,
  "--allow-env=CUECAST_*,TZ,LANG,NO_COLOR,LIBSQL_JS_DEV,DENO_NO_UPDATE_CHECK",
];

/**
 * @param dataDir absolute: holds the replica and the candidate; on Deno it may write nowhere else
 * @param caFile absolute, PEM: what libSQL's native library trusts, alone; without it the system's own authorities
 */
export const spawnReplicaProcess = (dataDir: string, caFile?: string): Child =>
  spawnProcess("../sync/replica.main.ts", denoArguments([dataDir], [dataDir], "getPriority", "setPriority"), {
    ...(caFile !== undefined && { SSL_CERT_FILE: caFile }),
  });

/** @param folders absolute: what a worker reads, the publications and what it serves as files; it writes nothing */
export const spawnWorker = (...folders: string[]): Child =>
  // Deno calls ports that several processes share unstable.
  spawnProcess("../workers/worker.main.ts", [...denoArguments(folders, []), "--unstable-net"], {});

function spawnProcess(file: string, flags: string[], environment: Record<string, string>): Child {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const before = "Deno" in globalThis ? flags : [];
  const child = spawn(process.execPath, [...before, script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...environment },
  });
  // Writing to a child that is gone must not end this process; its end is told below.
  child.stdin.on("error", () => {});
  return {
    send: (line) => child.stdin.write(`${line}\n`),
    kill: () => child.kill("SIGKILL"),
    onLine: (call) => {
      createInterface({ input: child.stdout }).on("line", call);
    },
    onEnd: (call) => {
      child.on("error", (error) => call(error.message));
      child.on("exit", (code, signal) => call(signal ? `signal ${signal}` : `code ${code}`));
    },
  };
}

/** Bytes in a folder's files, not deeper: what a running sync has brought so far. 0 when it is missing. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  for (const name of await readdir(folder).catch(() => [])) {
    bytes += await stat(join(folder, name)).then(
      (file) => file.size,
      () => 0,
    );
  }
  return bytes;
}
