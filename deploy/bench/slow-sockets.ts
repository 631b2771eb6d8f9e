/** Clients that never end their request: each sends the beginning, and then a byte every few seconds. */
import { connect, type Socket } from "node:net";

export interface SlowSockets {
  /** Open now. */
  open(): number;
  /** How often the server has cut one. */
  cut(): number;
  close(): void;
}

const BYTE_EVERY_MS = 3_000;
/** So many are opened at once, then a pause: a queue of connections is finite. */
const PIECE = 250;
const PAUSE_MS = 20;

/**
 * Opens them and keeps their number: who is cut comes back.
 *
 * @param url where to; plain HTTP
 * @returns once all were open or cut
 */
export async function openSlowSockets(url: string, count: number): Promise<SlowSockets> {
  const { hostname, port } = new URL(url);
  const open = new Set<Socket>();
  let cut = 0;
  let ended = false;
  const start = () =>
    new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        open.add(socket);
        socket.write("GET /v1/channels/small/schedule HTTP/1.1\r\nHost: slow\r\nX-Slow: ");
        resolve();
      });
      socket.on("error", () => resolve());
      socket.resume();
      socket.on("close", () => {
        if (!open.delete(socket) || ended) return;
        cut++;
        setTimeout(() => !ended && void start(), 500);
      });
    });
  for (let from = 0; from < count; from += PIECE) {
    await Promise.all(Array.from({ length: Math.min(PIECE, count - from) }, start));
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const timer = setInterval(() => {
    for (const socket of open) socket.write("x");
  }, BYTE_EVERY_MS);
  return {
    open: () => open.size,
    cut: () => cut,
    close() {
      ended = true;
      clearInterval(timer);
      for (const socket of open) socket.destroy();
      open.clear();
    },
  };
}
