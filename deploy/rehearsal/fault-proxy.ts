/** A TCP proxy whose line can be cut in several ways while processes talk through it. */
import { connect, createServer, type Socket } from "node:net";

/**
 * `pass`: carries everything. `refuse`: nobody listens. `black-hole`: accepts, and never says a word; open
 * connections fall silent. `reset`: cuts every connection at once.
 */
export type Line = "pass" | "refuse" | "black-hole" | "reset";

export interface FaultProxy {
  port: number;
  set(line: Line): Promise<void>;
  close(): Promise<void>;
}

/** @param target port on loopback that it stands before */
export async function createFaultProxy(target: number): Promise<FaultProxy> {
  let line: Line = "pass";
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    sockets.add(near);
    near.on("error", () => {});
    near.on("close", () => sockets.delete(near));
    if (line === "reset") return near.resetAndDestroy();
    if (line === "black-hole") return near.pause();
    const far = connect(target, "127.0.0.1");
    sockets.add(far);
    far.on("error", () => near.destroy());
    far.on("close", () => {
      sockets.delete(far);
      near.destroy();
    });
    near.on("close", () => far.destroy());
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
  const stopListening = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    port,
    async set(next) {
      const before = line;
      line = next;
      if (next === "refuse" && before !== "refuse") await stopListening();
      if (next !== "refuse" && before === "refuse") await listen(port);
      if (next === "reset") for (const socket of sockets) socket.resetAndDestroy();
      // Connections that fell silent do not come back to life.
      if (next === "pass") for (const socket of sockets) socket.destroy();
    },
    async close() {
      if (line !== "refuse") await stopListening();
    },
  };
}
