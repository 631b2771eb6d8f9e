/**
 * A TLS connection for node:http on Deno, where node:https asks for permissions that no flag names (2.9:
 * `--allow-sys` for "ca") and does not know the authorities of `--ca`. `Deno.connectTls` trusts what `fetch` trusts.
 */
import { Duplex } from "node:stream";

/**
 * @param signal ends the wait for it
 * @returns undefined where node:https does all of it
 */
export async function openSecureSocket(url: URL, signal?: AbortSignal): Promise<Duplex | undefined> {
  if (!("Deno" in globalThis) || url.protocol !== "https:") return undefined;
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port || 443);
  const connecting = Deno.connectTls({ hostname, port, alpnProtocols: ["http/1.1"] });
  const connection = await endedBy(connecting, signal);
  const socket = Duplex.fromWeb(connection as unknown as Parameters<typeof Duplex.fromWeb>[0]);
  // What node:http asks of a socket besides.
  const same = () => socket;
  const asked = { setNoDelay: same, setKeepAlive: same, setTimeout: same, ref: same, unref: same };
  return Object.assign(socket, asked);
}

/** The wait cannot be ended at its source: a connection that comes later is closed. */
async function endedBy<T extends { close(): void }>(
  connecting: Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  if (!signal) return await connecting;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = () => {
    connecting.then(
      (late) => late.close(),
      () => {},
    );
    reject(signal.reason);
  };
  signal.addEventListener("abort", end);
  try {
    return await Promise.race([connecting, ended]);
  } finally {
    signal.removeEventListener("abort", end);
  }
}
