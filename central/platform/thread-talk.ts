/**
 * What a thread and its starter say to each other: in order, and asked for one by one. Bytes go as an ArrayBuffer:
 * Deno 2.9's `node:worker_threads` looks at every element of a view, which takes 7 ms for 64 KiB.
 */

/** Of either side: a Worker, or what a thread calls `parentPort`. */
interface Port {
  postMessage(message: unknown, transfer?: ArrayBuffer[]): void;
  // biome-ignore lint/suspicious/noExplicitAny: what is said is the caller's to know
  on(event: string, listener: (value: any) => void): unknown;
}

export interface Talk<Sent, Received> {
  /** @param handed memory within the message that the other side gets instead of a copy: here it is gone */
  send(message: Sent, handed?: readonly (ArrayBuffer | undefined)[]): void;
  /** @throws {Error} once the other side has ended, however it did */
  receive(): Promise<Received>;
  /** Whether something was received that nobody has asked for. */
  waiting(): boolean;
}

/** The memory of bytes that are all of it. */
export const wholeBuffer = (bytes: Uint8Array): ArrayBuffer =>
  bytes.byteLength === bytes.buffer.byteLength
    ? (bytes.buffer as ArrayBuffer)
    : (new Uint8Array(bytes).buffer as ArrayBuffer);

export function createTalk<Sent, Received>(port: Port): Talk<Sent, Received> {
  const received: Received[] = [];
  let wake: (() => void) | undefined;
  let ended: Error | undefined;
  const end = (error: Error) => {
    ended ??= error;
    wake?.();
  };
  port.on("message", (message: Received) => {
    received.push(message);
    wake?.();
  });
  port.on("error", (error: Error) => end(error));
  port.on("exit", (code: number) => end(new Error(`the thread ended by itself (${code})`)));
  return {
    send(message, handed = []) {
      port.postMessage(
        message,
        [...new Set(handed)].filter((bytes) => bytes !== undefined),
      );
    },
    async receive() {
      while (received.length === 0) {
        if (ended) throw ended;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return received.shift() as Received;
    },
    waiting: () => received.length > 0,
  };
}
