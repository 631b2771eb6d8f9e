/**
 * Lines on stdout for the process that started this one, without ever waiting for it: `process.stdout` blocks the whole
 * process while a pipe is full, on both runtimes, and boxes would wait.
 */
import { Socket } from "node:net";

/** @returns writes one line, in order */
export function createLineWriter(): (line: string) => void {
  if ("Deno" in globalThis) {
    const writer = Deno.stdout.writable.getWriter();
    const encoder = new TextEncoder();
    // A parent that is gone ends this process by its stdin.
    return (line) => void writer.write(encoder.encode(`${line}\n`)).catch(() => {});
  }
  const socket = new Socket({ fd: 1, readable: false, writable: true });
  socket.on("error", () => {});
  return (line) => socket.write(`${line}\n`);
}
