/** Why a port cannot be listened on, in words, on Deno and on Node; whether it can, before anything is begun; a free one. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";
import { CuecastError, errorMessage } from "../errors.ts";

const STATES: Readonly<Record<string, string>> = {
  EADDRINUSE: "another program uses this port; stop that one, or choose another port",
  EACCES: "this user may not use this port; choose one above 1023",
  EADDRNOTAVAIL: "this machine has no such address",
  EINVAL: "this machine has no such address",
  ENOTFOUND: "there is no such address",
  EAI_AGAIN: "there is no such address",
};

/** @param cause what the runtime threw; on Deno its own server's errors have a name instead of a code */
export function cannotListen(hostname: string, port: number, cause: unknown): CuecastError {
  const { code = "", name = "" } = (cause ?? {}) as { code?: string; name?: string };
  const key = { AddrInUse: "EADDRINUSE", AddrNotAvailable: "EADDRNOTAVAIL" }[name] ?? code;
  const state = Object.hasOwn(STATES, key) ? STATES[key] : errorMessage(cause);
  return new CuecastError(`Cannot listen on ${hostname}:${port}: ${state}`, { code: "cannot-listen", cause });
}

/**
 * Looks whether a port is free, so that a busy one is told before anything is begun.
 *
 * @param port 0 is always free
 * @throws {CuecastError} `cannot-listen`
 */
export async function checkPort(hostname: string, port: number): Promise<void> {
  if (port === 0) return;
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotListen(hostname, port, cause)));
    server.listen(port, hostname, resolve);
  });
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

/** Below the ports that the kernel gives to outgoing connections: those come and go beside us. */
const DRAWN = { from: 20_000, until: 32_000 };
const DRAWS_MAX = 1_000;

/**
 * A port of loopback that is free now: drawn, so that programs that look for one at the same time hardly meet.
 *
 * @throws {CuecastError} `cannot-listen` when none of many is free
 */
export async function freePort(): Promise<number> {
  const hostname = "127.0.0.1";
  for (let draws = 1; ; draws++) {
    const port = randomInt(DRAWN.from, DRAWN.until);
    try {
      await checkPort(hostname, port);
      return port;
    } catch (error) {
      if (draws === DRAWS_MAX) throw error;
    }
  }
}

/** What stands for all of a machine's addresses is no address to open: the machine's own is. */
const OWN: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** The URL under which somebody on this machine opens what listens there. */
export function openAt(host: string, port: number, scheme: "http" | "https" = "http"): string {
  const name = OWN[host] ?? host;
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
