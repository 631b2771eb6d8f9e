/** Why a port cannot be listened on, in words, on Deno and on Node; and whether it can, before anything is begun. */
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

/** What stands for all of a machine's addresses is no address to open: the machine's own is. */
const OWN: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "::1" };

/** The URL under which somebody on this machine opens what listens there. */
export function openAt(host: string, port: number, scheme: "http" | "https" = "http"): string {
  const name = OWN[host] ?? host;
  return `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
