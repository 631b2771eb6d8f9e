/**
 * Lets one TypeScript program take over this process's place: its output is ours, our signals are its,
 * its end is our end. For the launchers; what must be installed is there already.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { BINARIES, PROJECT_DIR } from "./binaries.mjs";
import { startChild } from "./child.mjs";
import { exitAs, onStopSignal } from "./signals.mjs";

/**
 * The command line that runs a TypeScript program.
 *
 * @param {object} program
 * @param {"deno" | "node"} program.runtime
 * @param {string} program.file
 * @param {readonly string[]} [program.args]
 * @param {readonly string[]} [program.permissions] Deno's flags; all permissions unless told. Node has none.
 * @param {readonly string[]} [program.v8Flags] of the engine that both run on
 * @returns {{ command: string, args: string[] }}
 */
export function runtimeCommand({ runtime, file, args = [], permissions = ["--allow-all"], v8Flags = [] }) {
  if (runtime === "node") {
    return {
      command: BINARIES.node24,
      args: [...v8Flags, "--disable-warning=ExperimentalWarning", file, ...args],
    };
  }
  // The types are checked by `npm test`; asking would only hold up or end a service that nobody watches.
  const flags = ["--quiet", "--no-check", "--no-prompt", "--no-remote", "--no-lock", "--cached-only"];
  if (v8Flags.length > 0) flags.push(`--v8-flags=${v8Flags.join(",")}`);
  return { command: BINARIES.deno, args: ["run", ...flags, ...permissions, file, ...args] };
}

/**
 * What its environment has besides. Node keeps what it has compiled there: it strips the types of 200 files and loads the
 * program for that at each start otherwise, over half a second. Deno does so by itself (`DENO_DIR`).
 *
 * @returns {Record<string, string>}
 */
export function runtimeEnvironment() {
  const cache = process.env.NODE_COMPILE_CACHE ?? join(PROJECT_DIR, "dist/cache/node");
  return { DENO_NO_UPDATE_CHECK: "1", NODE_COMPILE_CACHE: cache };
}

/** A terminal stops whoever reads from it in the background. */
function mayRead() {
  if (!process.stdin.isTTY) return true;
  // "pid (name) state ppid pgrp session tty tpgid …": the name may hold anything, so read after it.
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return fields[2] === fields[5];
}

/**
 * Runs the program to its end, then ends this process likewise. Never returns.
 *
 * @param {Parameters<typeof runtimeCommand>[0] & { stopWithinMs?: number, input?: boolean, watch?: (child: import("./child.mjs").Child) => () => void }} program
 *   `input`: it reads what is typed; `watch`: looks after it, and gives back what ends the looking
 * @returns {Promise<never>}
 */
export async function handOver(program) {
  const child = startChild({
    name: program.file,
    ...runtimeCommand(program),
    output: "inherit",
    env: runtimeEnvironment(),
    stopWithinMs: program.stopWithinMs ?? 30_000,
    input: program.input && mayRead() ? process.stdin : undefined,
  });
  process.on("exit", child.kill);
  /** @type {NodeJS.Signals | undefined} */
  let asked;
  onStopSignal({
    stop: (reason) => {
      asked = reason === "parent gone" ? "SIGTERM" : reason;
      child.stop();
    },
    insist: () => child.kill(),
  });
  const endWatch = program.watch?.(child);
  const exit = await child.exited;
  endWatch?.();
  // It was asked to stop and did so in good order: to npm that is no error.
  if (asked !== undefined && !exit.killed && (exit.code === 0 || exit.signal === "SIGTERM")) process.exit(0);
  exitAs(exit);
  return new Promise(() => {});
}
