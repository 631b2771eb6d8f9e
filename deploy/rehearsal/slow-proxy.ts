/** A TCP proxy like a bad line: every piece takes its time, in order, and some connections are reset. */
import { connect, createServer, type Socket } from "node:net";
import type { Random } from "../../shared/time/random.ts";

export interface SlowProxySettings {
  /** Each way, each piece: from `least` to `most` ms. */
  delayMs: { least: number; most: number };
  /** Part of the requests whose connection is reset instead. */
  resetPart: number;
  random: Random;
}

export interface SlowProxy {
  port: number;
  /** Port on loopback that it stands before; set before anybody comes. */
  target: number;
  resets(): number;
  close(): Promise<void>;
}

/** Passes pieces on after a while, never out of order. */
function slowly(settings: SlowProxySettings, write: (chunk: Buffer) => void): (chunk: Buffer) => void {
  const { least, most } = settings.delayMs;
  let lastMs = 0;
  return (chunk) => {
    const nowMs = performance.now();
    lastMs = Math.max(lastMs, nowMs + least + settings.random() * (most - least));
    setTimeout(() => write(chunk), lastMs - nowMs);
  };
}

export async function createSlowProxy(settings: SlowProxySettings): Promise<SlowProxy> {
  const sockets = new Set<Socket>();
  let resets = 0;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer((near) => {
    const far = connect(proxy.target, "127.0.0.1");
    keep(near);
    keep(far);
    near.on("close", () => far.destroy());
    far.on("close", () => near.destroy());
    const up = slowly(settings, (chunk) => far.writable && far.write(chunk));
    near.on("data", (chunk) => {
      if (settings.random() >= settings.resetPart) return up(chunk as Buffer);
      resets++;
      near.resetAndDestroy();
    });
    const down = slowly(settings, (chunk) => near.writable && near.write(chunk));
    far.on("data", (chunk) => down(chunk as Buffer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const proxy: SlowProxy = {
    port: typeof address === "object" && address ? address.port : 0,
    target: 0,
    resets: () => resets,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
  return proxy;
}
