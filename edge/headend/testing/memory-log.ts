/** The answer log's files in memory, whose writes may fail in the midst, and which a crash may cut. */
import type { LogFolder } from "../outbox/log/files.ts";

export interface MemoryLog {
  folder: LogFolder;
  files: Map<string, Uint8Array>;
  /** The next write to a log file stores so many bytes, then fails; whether the cut after it fails too. */
  failNext(stored: number, cutFails: boolean): void;
  /** Names lead nowhere any more, until something is put there. */
  lose(): void;
  /** Bytes of the largest read. */
  largestRead(): number;
  /** Files that were cut: what stands in them is on disk. */
  synced: Set<string>;
  /** The disk works again. */
  heal(): void;
}

export function createMemoryLog(): MemoryLog {
  const files = new Map<string, Uint8Array>();
  let fault: { stored: number; cutFails: boolean } | undefined;
  let cutFails = false;
  let lost = new Set<string>();
  let largest = 0;
  const synced = new Set<string>();
  const refused = () => Object.assign(new Error("EIO"), { code: "EIO" });
  const contentOf = (name: string) => files.get(name) ?? new Uint8Array();

  function put(name: string, bytes: Uint8Array, at: number) {
    const before = contentOf(name);
    const after = new Uint8Array(Math.max(before.length, at + bytes.length));
    after.set(before);
    after.set(bytes, at);
    files.set(name, after);
  }

  const folder: LogFolder = {
    list: async () => [...files.keys()],
    async open(name) {
      if (!files.has(name)) files.set(name, new Uint8Array());
      return {
        async read(at, bytes) {
          largest = Math.max(largest, bytes);
          return contentOf(name).slice(at, at + bytes);
        },
        readNow: (at, bytes) => contentOf(name).subarray(at, at + bytes),
        async write(bytes, at) {
          if (!fault) return put(name, bytes, at);
          cutFails = fault.cutFails;
          put(name, bytes.subarray(0, fault.stored), at);
          fault = undefined;
          throw refused();
        },
        async cut(bytes) {
          if (cutFails) throw refused();
          synced.add(name);
          files.set(name, contentOf(name).slice(0, bytes));
        },
        size: async () => contentOf(name).length,
        isThere: () => !lost.has(name),
        close() {},
      };
    },
    async put(name, data) {
      const pieces: Uint8Array[] = [];
      if (data instanceof Uint8Array) pieces.push(data.slice());
      else for await (const piece of data) pieces.push(piece);
      lost.delete(name);
      files.set(name, new Uint8Array(await new Blob(pieces as Uint8Array<ArrayBuffer>[]).arrayBuffer()));
    },
    async remove(name) {
      files.delete(name);
    },
  };
  return {
    folder,
    files,
    synced,
    lose() {
      lost = new Set(files.keys());
    },
    largestRead: () => largest,
    heal() {
      cutFails = false;
    },
    failNext(stored, fails) {
      fault = { stored, cutFails: fails };
      cutFails = false;
    },
  };
}
