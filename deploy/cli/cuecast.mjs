#!/usr/bin/env node
/**
 * The `cuecast` command: installs what is missing, then runs `main.ts` with the same arguments on Deno, with
 * the permissions of that command alone, or on Node 24 (`--runtime node` or `CUECAST_RUNTIME=node`). Plain
 * JavaScript for Node 20; what the commands do is not known here.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { PROJECT_DIR } from "../local/binaries.mjs";
import { takeRuntimeOrExit } from "../local/flags.mjs";
import { handOver, runtimeCommand } from "../local/hand-over.mjs";
import { installOrExit } from "../local/install.mjs";
import { exitAs } from "../local/signals.mjs";
import {
  allocatorEnvironment,
  commandFor,
  dataDirectory,
  permissionFlags,
  readText,
  v8Flags,
} from "./permissions.mjs";
import { trustFor } from "./trust.mjs";
import { startWatchdog } from "./watchdog.mjs";

const MAIN = join(PROJECT_DIR, "deploy/cli/main.ts");

/**
 * A command that ends by itself keeps the terminal: it may ask for a password. It stays in our process group,
 * so Ctrl-C reaches it without us.
 *
 * @param {{ command: string, args: string[] }} line
 */
function runInForeground({ command, args }) {
  const child = spawn(command, args, { stdio: "inherit" });
  child.once("error", (error) => {
    process.stderr.write(`Cannot start ${command}: ${error.message}\n`);
    process.exit(127);
  });
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => {
      if (signal !== "SIGINT" || !process.stdin.isTTY) child.kill(signal);
    });
  }
  process.on("exit", () => child.kill("SIGKILL"));
  child.once("exit", (code, signal) => exitAs({ code, signal }));
}

/**
 * What looks after an edge: it serves a region, and nobody stands beside it.
 *
 * @param {readonly string[]} args
 * @returns {NonNullable<Parameters<typeof handOver>[0]["watch"]>}
 */
function watchEdge(args) {
  const dataDir = dataDirectory("edge", args, process.env, process.cwd());
  return ({ pid, kill }) =>
    startWatchdog(dataDir, pid, (silentForMs) => {
      const line = {
        at: new Date().toISOString(),
        level: "error",
        part: "edge",
        event: "edge-hung",
        silentForMs,
      };
      process.stderr.write(`${JSON.stringify(line)}\n`);
      kill();
    });
}

async function main() {
  const { runtime, rest } = takeRuntimeOrExit(process.argv.slice(2));
  await installOrExit();
  const [name, ...args] = rest;
  const command = commandFor(name);
  const permissions = permissionFlags(name, args, process.env, process.cwd(), existsSync, readText);
  const program = { runtime, file: MAIN, args: rest, permissions, v8Flags: v8Flags(name) };
  try {
    Object.assign(process.env, trustFor(name, args, process.env, process.cwd()));
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
    process.exit(2);
  }
  process.env.CUECAST_RUNTIME = runtime;
  Object.assign(process.env, allocatorEnvironment(name, process.env));
  const watch = name === "edge" ? watchEdge(args) : undefined;
  if (command.serves) await handOver({ ...program, input: command.input, watch });
  else runInForeground(runtimeCommand(program));
}

main().catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exit(1);
});
