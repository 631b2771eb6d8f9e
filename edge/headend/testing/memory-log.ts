/** The answer log's files in memory, whose writes may fail in the midst, and which a crash may cut. */
import type { LogFolder } from "../outbox/log/files.ts";

export interface MemoryLog {
  folder: LogFolder;
  files: Map<string, Uint8Array>;
  /** The next write to a log file stores so many bytes, then fails; whether the cut after it fails too. */
  failNext(stored: number, cutFails: boolean): void;
  /** The disk works again. */
  heal(): void;
}

export function createMemoryLog(): MemoryLog {
  const files = new Map<string, Uint8Array>();
  let fault: { stored: number; cutFails: boolean } | undefined;
  let cutFails = false;
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
        read: async (at, bytes) => contentOf(name).slice(at, at + bytes),
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
          files.set(name, contentOf(name).slice(0, bytes));
        },
        size: async () => contentOf(name).length,
        isThere: () => true,
        close() {},
      };
    },
    async put(name, bytes) {
      files.set(name, bytes.slice());
    },
    async remove(name) {
      files.delete(name);
    },
  };
  return {
    folder,
    files,
    heal() {
      cutFails = false;
    },
    failNext(stored, fails) {
      fault = { stored, cutFails: fails };
      cutFails = false;
    },
  };
}
