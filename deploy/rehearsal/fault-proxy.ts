/** A TCP proxy whose line can fail in several ways while processes talk through it. */
import { connect, createServer, type Socket } from "node:net";
import { TLSSocket } from "node:tls";
import type { Certificate } from "../../shared/testing/certificates.ts";

/**
 * `pass`: carries everything. `refuse`: nobody listens. `black-hole`: accepts, and never says a word; open
 * connections fall silent. `reset`: cuts every connection at once. `slow`: carries one byte a second each way.
 * `no-reply`: carries what is asked, and cuts the connection at every second answer. `wrong-certificate`: ends TLS itself, with the certificate it was given, as something in between would.
 */
export type Line = "pass" | "refuse" | "black-hole" | "reset" | "slow" | "no-reply" | "wrong-certificate";

export interface FaultProxy {
  port: number;
  set(line: Line): Promise<void>;
  close(): Promise<void>;
}

const SLOW_BYTE_MS = 1_000;

/** Carries one byte a second, and takes no more from the source than that. */
function trickle(from: Socket, to: Socket): void {
  from.pause();
  const timer = setInterval(() => {
    const byte = from.read(1) ?? null;
    if (byte !== null) to.write(byte);
  }, SLOW_BYTE_MS);
  from.on("readable", () => {});
  for (const socket of [from, to]) socket.once("close", () => clearInterval(timer));
}

/**
 * @param target port on loopback that it stands before
 * @param wrong what `wrong-certificate` shows
 */
export async function createFaultProxy(target: number, wrong?: Certificate): Promise<FaultProxy> {
  let line: Line = "pass";
  let answers = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    sockets.add(near);
    near.on("error", () => {});
    near.on("close", () => sockets.delete(near));
    if (line === "reset") return near.resetAndDestroy();
    if (line === "black-hole") return near.pause();
    if (line === "wrong-certificate") {
      const secure = new TLSSocket(near, { isServer: true, cert: wrong?.cert, key: wrong?.key });
      secure.on("error", () => near.destroy());
      secure.on("data", () => near.destroy());
      return;
    }
    const far = connect(target, "127.0.0.1");
    sockets.add(far);
    far.on("error", () => near.destroy());
    far.on("close", () => {
      sockets.delete(far);
      near.destroy();
    });
    near.on("close", () => far.destroy());
    if (line === "slow") {
      trickle(near, far);
      trickle(far, near);
      return;
    }
    if (line === "no-reply") {
      near.on("data", (chunk) => far.write(chunk));
      far.on("data", (chunk) => (answers++ % 2 === 0 ? near.destroy() : near.write(chunk)));
      return;
    }
    near.on("data", (chunk) => line !== "black-hole" && far.write(chunk));
    far.on("data", (chunk) => line !== "black-hole" && near.write(chunk));
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
  await listen(0);
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const stopListening = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      cut();
    });
  return {
    port,
    async set(next) {
      const before = line;
      line = next;
      if (next === "refuse" && before !== "refuse") await stopListening();
      if (next !== "refuse" && before === "refuse") await listen(port);
      if (next === "reset") for (const socket of sockets) socket.resetAndDestroy();
      // Connections that fell silent do not come back to life, and old ones would not notice the new fault.
      if (next === "pass" || next === "slow" || next === "no-reply" || next === "wrong-certificate") cut();
    },
    async close() {
      if (line !== "refuse") await stopListening();
    },
  };
}
