/** Starts the processes beside the main one, on whichever runtime this is. */
import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { childEnvironment } from "../../../shared/runtime/child-environment.ts";
import type { Child } from "../sync/replica-process.ts";
import { replicaFlags, workerFlags } from "./child-permissions.ts";

const PROJECT_DIR = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");

/**
 * @param of `folders`: absolute; on Deno it may read and write nowhere else. `airUrl`: whom it may ask. `caFile`: absolute,
 * PEM: what libSQL's native library trusts, alone; without it the system's own authorities
 */
export const spawnReplicaProcess = (of: {
  folders: readonly string[];
  airUrl: string;
  caFile?: string | undefined;
}): Child =>
  spawnProcess("../sync/replica.main.ts", replicaFlags(PROJECT_DIR, of), {
    ...(of.caFile !== undefined && { SSL_CERT_FILE: of.caFile }),
  });

/** @param of `folders`: absolute: what a worker reads; it writes nothing. `host`, `port`: where it listens */
export const spawnWorker = (of: { folders: readonly string[]; host: string; port: number }): Child =>
  spawnProcess("../workers/worker.main.ts", workerFlags(PROJECT_DIR, of), {});

function spawnProcess(file: string, flags: string[], environment: Record<string, string>): Child {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const before = "Deno" in globalThis ? flags : [];
  const child = spawn(process.execPath, [...before, script], {
    stdio: ["pipe", "pipe", "inherit"],
    env: childEnvironment(environment),
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
