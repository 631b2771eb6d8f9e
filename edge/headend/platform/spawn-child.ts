/** Starts the replica process on whichever runtime this is. */
import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Child } from "../sync/replica-process.ts";

const PROJECT_DIR = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/** Deno splits at commas; one within a path is written twice. */
const list = (...paths: string[]) => paths.map((path) => path.replaceAll(",", ",,")).join(",");

/** What the replica process needs of Deno: its data, the network, and libSQL's native library. */
const denoArguments = (dataDir: string) => [
  "run",
  "--quiet",
  "--no-check",
  "--no-prompt",
  "--no-remote",
  "--no-lock",
  "--cached-only",
  `--allow-read=${list(PROJECT_DIR, dataDir)}`,
  `--allow-write=${list(dataDir)}`,
  "--allow-net",
  "--allow-ffi",
  // The native library's loader reads Node's diagnostic report to tell glibc from musl.
  "--allow-sys=cpus,networkInterfaces,hostname",
  "--allow-env=CUECAST_*,TZ,LANG,NO_COLOR,LIBSQL_JS_DEV,DENO_NO_UPDATE_CHECK",
];

/**
 * @param dataDir absolute: holds the replica and the candidate; on Deno it may write nowhere else
 * @param caFile absolute, PEM: what libSQL's native library trusts, alone; without it the system's own authorities
 */
export function spawnReplicaProcess(dataDir: string, caFile?: string): Child {
  const script = fileURLToPath(new URL("../sync/replica.main.ts", import.meta.url));
  const before = "Deno" in globalThis ? denoArguments(dataDir) : [];
  const child = spawn(process.execPath, [...before, script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...process.env, ...(caFile !== undefined && { SSL_CERT_FILE: caFile }) },
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
