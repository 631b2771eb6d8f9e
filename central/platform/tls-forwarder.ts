/**
 * TLS before a plain port of this machine: takes connections, ends their TLS, carries their bytes. For the
 * libSQL server, which has no TLS of its own on the port that edges sync from.
 */
import { connect, type Socket } from "node:net";
import { createServer } from "node:tls";
import { CuecastError, errorMessage } from "../../shared/errors.ts";

export interface TlsForwarder {
  port: number;
  close(): Promise<void>;
}

/** Connections at once: an edge holds one or two. */
const CONNECTIONS_MAX = 5_000;
/** A client that does not finish its handshake, or says nothing for so long, is let go. */
const HANDSHAKE_MS = 10_000;
const IDLE_MS = 120_000;

/** @throws {CuecastError} `cannot-listen` */
export async function startTlsForwarder(settings: {
  host: string;
  /** 0: any free one. */
  port: number;
  /** On 127.0.0.1. */
  target: number;
  tls: { cert: string; key: string };
}): Promise<TlsForwarder> {
  const { host, target, tls } = settings;
  const sockets = new Set<Socket>();
  const hold = (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  };
  const server = createServer({ ...tls, handshakeTimeout: HANDSHAKE_MS }, (near) => {
    const far = connect(target, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      hold(one);
      one.setNoDelay(true);
      one.setTimeout(IDLE_MS, () => one.destroy());
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
      one.pipe(other);
    }
  });
  server.maxConnections = CONNECTIONS_MAX;
  // A client that does not trust us, or speaks no TLS: its affair, and its log's.
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) =>
      reject(
        new CuecastError(`Cannot listen on ${host}:${settings.port}: ${errorMessage(cause)}`, {
          code: "cannot-listen",
          cause,
        }),
      ),
    );
    server.listen(settings.port, host, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : settings.port,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
