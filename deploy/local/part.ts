/**
 * One running part of a local deployment: `cuecast central`, `edge` or `box` as a child process, with the
 * permissions of that command, until it says that it is ready, and until it is stopped. Tests start their
 * parts with it too.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { allocatorEnvironment, permissionFlags, readText, v8Flags } from "../cli/permissions.mjs";
import { trustFor } from "../cli/trust.mjs";
import { PROJECT_DIR } from "./binaries.mjs";
import { startChild } from "./child.mjs";
import { runtimeCommand, runtimeEnvironment } from "./hand-over.mjs";

export type Runtime = "deno" | "node";

export interface PartSettings {
  /** What its lines are marked with. */
  name: string;
  /** `central`, then its flags. */
  words: string[];
  runtime: Runtime;
  /** Gets each line of its output; the ready line too. */
  onLine?: (line: string, stream: "stdout" | "stderr") => void;
  env?: Record<string, string | undefined>;
  /** A command line that runs the one behind it in its own place: `nsenter`, say. */
  within?: readonly string[] | undefined;
}

export interface Part {
  name: string;
  pid: number | undefined;
  /** The fields of its ready line. Rejects with its last words when it ends before, or after 30 s. */
  ready: Promise<Record<string, unknown>>;
  exited: Promise<{ code: number | null; signal: string | null; killed: boolean }>;
  running(): boolean;
  stop(): Promise<unknown>;
  /** SIGKILL to the process alone, as a crash would. */
  crash(): void;
  signal(signal: "SIGSTOP" | "SIGCONT" | "SIGINT" | "SIGTERM" | "SIGKILL"): void;
}

/** Seen: over 30 s with ten other programs on two cores. */
const READY_WITHIN_MS = 60_000;
/** How many of its last lines an early end is explained with. */
const LAST_WORDS = 8;

export function startPart(settings: PartSettings): Part {
  const [command = "", ...flags] = settings.words;
  const cwd = process.cwd();
  const lastWords: string[] = [];
  let onReady: (fields: Record<string, unknown>) => void = () => {};
  const announced = new Promise<Record<string, unknown>>((resolve) => {
    onReady = resolve;
  });
  const program = runtimeCommand({
    runtime: settings.runtime,
    file: join(PROJECT_DIR, "deploy/cli/main.ts"),
    args: settings.words,
    permissions: permissionFlags(command, flags, process.env, cwd, existsSync, readText),
    v8Flags: v8Flags(command),
  });
  const [first = program.command, ...rest] = [...(settings.within ?? []), program.command, ...program.args];
  const child = startChild({
    name: settings.name,
    command: first,
    args: rest,
    env: {
      ...runtimeEnvironment(),
      ...allocatorEnvironment(command, process.env),
      CUECAST_RUNTIME: settings.runtime,
      ...trustFor(command, flags, process.env, cwd),
      ...settings.env,
    },
    onLine(line, stream) {
      lastWords.push(line);
      if (lastWords.length > LAST_WORDS) lastWords.shift();
      if (stream === "stdout" && line.startsWith('{"event":"ready"')) onReady(JSON.parse(line));
      settings.onLine?.(line, stream);
    },
  });
  let timer: ReturnType<typeof setTimeout> | undefined;
  const failed = new Promise<never>((_, reject) => {
    const fail = (why: string) =>
      reject(
        new Error(
          `Cannot start ${settings.name}: ${why}\n${lastWords.map((line) => `  ${line}`).join("\n")}`,
        ),
      );
    timer = setTimeout(() => fail(`not ready within ${READY_WITHIN_MS / 1000} s`), READY_WITHIN_MS);
    void child.exited.then((exit) => fail(`it ended with ${exit.code ?? exit.signal}`));
  });
  const ready = Promise.race([announced, failed]).finally(() => clearTimeout(timer));
  // Whoever does not wait for it must not be ended by it.
  ready.catch(() => {});
  return {
    name: settings.name,
    pid: child.pid,
    ready,
    exited: child.exited,
    running: child.running,
    stop: child.stop,
    crash: () => child.signal("SIGKILL"),
    signal: child.signal,
  };
}
