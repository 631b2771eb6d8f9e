/** Load from outside: `wrk`, as a process of its own. */
import { spawn } from "node:child_process";
import { ownProcessorTimeMs } from "./processor-time.ts";
import { started } from "./started.ts";

export interface Load {
  requests: number;
  /** Replies that were not 2xx or 3xx. */
  refused: number;
  /** Replies that were not 2xx or 3xx, and connections that broke. */
  failures: number;
  /** What wrk says of them; empty when there are none. */
  trouble: string;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
  /** Processor time that wrk itself took for a request, µs. */
  generatorMicroseconds: number;
}

/** How often it is looked what wrk has used: what it uses after the last look is not seen, but reckoned. */
const LOOK_EVERY_MS = 100;

const UNITS: Record<string, number> = { us: 0.001, ms: 1, s: 1000, m: 60_000 };
const inMs = (text: string | undefined) => {
  const match = /^([\d.]+)(us|ms|s|m)$/.exec(text ?? "");
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] ?? 1) : Number.NaN;
};

/** What `wrk --latency` printed, as numbers. */
export function readWrk(text: string): Omit<Load, "generatorMicroseconds"> {
  const total = /(\d+) requests in ([\d.]+m?s?)/.exec(text);
  const statuses = /Non-2xx or 3xx responses: (\d+)/.exec(text);
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text);
  return {
    requests: Number(total?.[1] ?? 0),
    refused: Number(statuses?.[1] ?? 0),
    seconds: total ? inMs(total[2]) / 1000 : 0,
    failures:
      Number(statuses?.[1] ?? 0) +
      (sockets ? sockets.slice(1).reduce((sum, count) => sum + Number(count), 0) : 0),
    trouble: [statuses?.[0], sockets?.[0]].filter((part) => part !== undefined).join("; "),
    p50Ms: inMs(/^ +50% +(\S+)/m.exec(text)?.[1]),
    p99Ms: inMs(/^ +99% +(\S+)/m.exec(text)?.[1]),
  };
}

/** Load until it is stopped: nobody knows before how long it must last. At most ten minutes. */
export function steadyLoad(url: string, options: { connections: number; script: string }) {
  const args = ["-t1", `-c${options.connections}`, "-d600s", "--latency", "-s", options.script, url];
  const child = spawn("wrk", args, { stdio: ["ignore", "pipe", "inherit"] });
  const wrk = started({ pid: child.pid ?? 0, stop: async () => child.kill("SIGKILL") });
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  return {
    async stop(): Promise<Pick<Load, "requests" | "seconds">> {
      const closed = new Promise((resolve) => child.once("close", resolve));
      child.kill("SIGINT");
      await closed;
      await wrk.stop();
      return readWrk(text);
    },
  };
}

/** @throws when wrk is not installed */
export async function load(
  url: string,
  options: { seconds: number; connections: number; headers?: Record<string, string>; script?: string },
): Promise<Load> {
  // Ten seconds: a slow reply shall count as slow, not as failed.
  const args = ["-t1", `-c${options.connections}`, `-d${options.seconds}s`, "--latency", "--timeout", "10s"];
  for (const [name, value] of Object.entries(options.headers ?? {})) args.push("-H", `${name}: ${value}`);
  if (options.script) args.push("-s", options.script);
  const child = spawn("wrk", [...args, url], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = child.pid ?? 0;
  const ended = new Promise<void>((resolve, reject) => {
    child.once("error", () => reject(new Error("Cannot measure: wrk is not installed (Debian package wrk)")));
    child.once("close", () => resolve());
  });
  const wrk = started({ pid, stop: async () => child.kill("SIGKILL") });
  const fromMs = performance.now();
  let used = { ms: 0, untilMs: fromMs };
  const look = setInterval(async () => {
    const ms = await ownProcessorTimeMs(pid);
    if (ms > 0) used = { ms, untilMs: performance.now() };
  }, LOOK_EVERY_MS);
  let text = "";
  child.stdout.on("data", (chunk) => {
    text += chunk;
  });
  await ended.finally(() => {
    clearInterval(look);
    return wrk.stop();
  });
  const result = readWrk(text);
  const perSecond = (used.ms * 1000) / ((used.untilMs - fromMs) / 1000);
  return { ...result, generatorMicroseconds: perSecond / (result.requests / result.seconds) };
}
