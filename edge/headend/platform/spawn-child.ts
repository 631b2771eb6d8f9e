/** Starts the replica process on whichever runtime this is. */
import { spawn } from "node:child_process";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Child } from "../sync/replica-process.ts";

/** What the replica process needs of Deno: files, the network, and libSQL's native library. */
const DENO_ARGUMENTS = [
  "run",
  "--quiet",
  "--no-check",
  "--allow-read",
  "--allow-write",
  "--allow-net",
  "--allow-env",
  "--allow-sys",
  "--allow-ffi",
];

/** @param runtimeArguments before the script's name; by default what each runtime needs */
export function spawnReplicaProcess(runtimeArguments?: readonly string[]): Child {
  const script = fileURLToPath(new URL("../sync/replica.main.ts", import.meta.url));
  const before = runtimeArguments ?? ("Deno" in globalThis ? DENO_ARGUMENTS : []);
  const child = spawn(process.execPath, [...before, script], { stdio: ["pipe", "pipe", "inherit"] });
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
