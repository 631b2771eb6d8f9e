/** `npm start` as a newcomer runs it: a terminal's process group, its output, Ctrl-C, and what is left behind. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Api, createApi } from "../cli/api.ts";
import { PROJECT_DIR } from "../local/binaries.mjs";
import { readLines } from "../local/child.mjs";
import { checkPorts } from "../local/local-ports.ts";
import { markedProcesses } from "../local/marked-processes.mjs";
import { until } from "./rig.ts";

const MARK = "NEWCOMER_MARK";

export interface NpmStart {
  lines: string[];
  /** From the start to the line that says that all runs, ms. */
  runs(): Promise<number>;
  /** @returns the first group of the first line that matches */
  said(pattern: RegExp, withinMs?: number): Promise<string>;
  /** Ctrl-C: SIGINT to the whole group, as a terminal sends it. Resolves when it has ended. */
  interrupt(): Promise<number | null>;
  /** By itself. @returns its exit code; null when a signal ended it */
  ends(): Promise<number | null>;
  /** Command lines of what it started and is still there. */
  leftovers(): string[];
  /** SIGKILL to those of its processes whose command lines match. @returns how many */
  crash(line: RegExp): number;
}

export interface Newcomer {
  start(flags?: string[]): NpmStart;
  /** Of the central that runs in this newcomer's data. */
  api(): Promise<Api>;
  /** Files outside of the data: in the home, in the folder for temporary files, in the project. */
  strayFiles(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Twenty in a row, where `freePort()` draws none. */
async function freePortBase(): Promise<number> {
  for (let tries = 0; ; tries++) {
    const base = 10_000 + 20 * Math.floor(Math.random() * 490);
    try {
      await checkPorts(base);
      return base;
    } catch (error) {
      if (tries > 20) throw error;
    }
  }
}

/** Of the project, without what `npm install` and the bundles put there. */
async function projectFiles(): Promise<Set<string>> {
  const names = (await readdir(PROJECT_DIR)).filter(
    (name) => !["node_modules", "dist", ".git", "data"].includes(name),
  );
  const inner = await Promise.all(
    names.map((name) => readdir(join(PROJECT_DIR, name), { recursive: true }).catch(() => [])),
  );
  return new Set(
    names.flatMap((name, index) => [name, ...(inner[index] ?? []).map((file) => join(name, file))]),
  );
}

/** A person with an empty home, a data folder and twenty ports of their own. */
export async function createNewcomer(): Promise<Newcomer> {
  const folder = await mkdtemp(join(tmpdir(), "cuecast-newcomer-"));
  const [home, temporary, data] = [join(folder, "home"), join(folder, "tmp"), join(folder, "data")];
  await Promise.all([mkdir(home), mkdir(temporary)]);
  const base = await freePortBase();
  const before = await projectFiles();
  const started: ChildProcess[] = [];
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(CUECAST_(?!TEST)|DENO_|npm_)/.test(name)),
  );
  return {
    start(flags = []) {
      const mark = randomUUID();
      const fromMs = performance.now();
      const child = spawn(
        "npm",
        ["start", "--", "--data", data, "--port-base", String(base), "--boxes", "2", ...flags],
        {
          cwd: PROJECT_DIR,
          detached: true,
          stdio: ["ignore", "pipe", "pipe"],
          env: { ...environment, HOME: home, TMPDIR: temporary, [MARK]: mark },
        },
      );
      started.push(child);
      const lines: string[] = [];
      readLines(child.stdout, (line) => lines.push(line));
      readLines(child.stderr, (line) => lines.push(line));
      let exit: { code: number | null } | undefined;
      child.once("close", (code) => {
        exit = { code };
      });
      const ends = async () =>
        (
          await until("npm start to end", () => exit).catch((error: Error) => {
            throw new Error(`${error.message}:\n${lines.join("\n")}`);
          })
        ).code;
      const said = (pattern: RegExp, withinMs?: number) =>
        until(
          `npm start to say ${pattern}`,
          () => {
            const found = lines.map((line) => pattern.exec(line)).find((match) => match !== null);
            if (!found && exit) throw new Error(`It ended:\n${lines.join("\n")}`);
            return found && (found[1] ?? found[0]);
          },
          withinMs,
        );
      return {
        lines,
        said,
        ends,
        async runs() {
          await said(/^Cuecast runs/);
          return performance.now() - fromMs;
        },
        async interrupt() {
          process.kill(-(child.pid ?? 0), "SIGINT");
          return await ends();
        },
        leftovers: () => markedProcesses(MARK, mark).map(({ line }) => line),
        crash(pattern) {
          const found = markedProcesses(MARK, mark).filter(({ line }) => pattern.test(line));
          for (const { pid } of found) process.kill(pid, "SIGKILL");
          return found.length;
        },
      };
    },
    async api() {
      const token = (await readFile(join(data, "central", "token"), "utf8")).trim();
      return createApi({ central: `http://127.0.0.1:${base}`, token, data, json: false });
    },
    async strayFiles() {
      const inProject = [...(await projectFiles())].filter((name) => !before.has(name));
      // npm writes a log of its own into every home.
      const inHome = (await readdir(home)).filter((name) => name !== ".npm");
      // As it does with its compiled code into every folder for temporary files.
      const inTemporary = (await readdir(temporary)).filter((name) => name !== "node-compile-cache");
      return [...inProject, ...inHome.map((name) => join("~", name)), ...inTemporary];
    },
    async stop() {
      for (const child of started) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        process.kill(-(child.pid ?? 0), "SIGINT");
        await new Promise((resolve) => child.once("close", resolve));
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
}
