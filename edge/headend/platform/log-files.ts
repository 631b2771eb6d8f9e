/**
 * The answer log's files: written where they are told, and synced, off the serving thread. They are opened with
 * `O_DSYNC`, so a write ends once it is on disk: with an `fdatasync` of its own the sync began only when the serving
 * thread had taken the write's end, behind all the replies that it was making.
 */
import {
  close,
  constants,
  fdatasync,
  fstat,
  ftruncate,
  mkdirSync,
  open,
  read,
  readSync,
  statSync,
  write,
} from "node:fs";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { syncFolder, writeFileAside } from "../../../shared/runtime/files.ts";
import type { LogFile, LogFolder } from "../outbox/log/files.ts";

const [opened, written, synced, cut, told] = [
  ...[promisify(open), promisify(write), promisify(fdatasync), promisify(ftruncate), promisify(fstat)],
] as [
  (path: string, flags: number, mode: number) => Promise<number>,
  (
    fd: number,
    bytes: Uint8Array,
    at: number,
    length: number,
    position: number,
  ) => Promise<{ bytesWritten: number }>,
  (fd: number) => Promise<void>,
  (fd: number, bytes: number) => Promise<void>,
  (fd: number) => Promise<{ size: number }>,
];

const readSome = (fd: number, into: Uint8Array, at: number, position: number) =>
  new Promise<number>((resolve, reject) => {
    read(fd, into, at, into.length - at, position, (error, count) =>
      error ? reject(error) : resolve(count),
    );
  });

/** Which file a name leads to; undefined when there is none. */
function fileAt(path: string): string | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && `${found.dev}:${found.ino}`;
}

const { O_CREAT, O_DSYNC, O_EXCL, O_RDWR } = constants;

async function openFile(path: string): Promise<LogFile> {
  const fd = await opened(path, O_RDWR | O_DSYNC, 0o600).catch(async (error) => {
    if (error.code !== "ENOENT") throw error;
    const made = await opened(path, O_RDWR | O_DSYNC | O_CREAT | O_EXCL, 0o600);
    await syncFolder(join(path, ".."));
    return made;
  });
  const own = fileAt(path);
  return {
    async read(at, bytes) {
      const into = new Uint8Array(bytes);
      let got = 0;
      while (got < bytes) {
        const count = await readSome(fd, into, got, at + got);
        if (count === 0) break;
        got += count;
      }
      return into.subarray(0, got);
    },
    readNow(at, bytes) {
      const into = new Uint8Array(Math.max(0, bytes));
      return into.subarray(0, bytes > 0 ? readSync(fd, into, 0, bytes, at) : 0);
    },
    async write(bytes, at) {
      for (let done = 0; done < bytes.length; ) {
        done += (await written(fd, bytes, done, bytes.length - done, at + done)).bytesWritten;
      }
    },
    async cut(bytes) {
      await cut(fd, bytes);
      await synced(fd);
    },
    size: async () => (await told(fd)).size,
    isThere: () => fileAt(path) === own,
    close: () => close(fd, () => {}),
  };
}

/** @param folder made when it is not there */
export function createLogFolder(folder: string): LogFolder {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return {
    list: () => readdir(folder),
    open: (name) => openFile(join(folder, name)),
    async put(name, data) {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      await writeFileAside(join(folder, name), data, 0o600);
    },
    remove: (name) => rm(join(folder, name), { force: true }),
  };
}
