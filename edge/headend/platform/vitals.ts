/** This machine's figures for the status page: disk, memory, the outbox's size, and the clock's own past on disk. */
import { readdir, readFile, stat, statfs } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAside } from "../../../shared/runtime/files.ts";
import type { Timers } from "../../../shared/time/timers.ts";

export interface Vitals {
  disk?: { freeBytes: number; totalBytes: number };
  outboxBytes?: number;
  residentBytes: number;
}

const READ_EVERY_MS = 15_000;
const OUTBOX_FILES = ["outbox.db", "outbox.db-wal"];
const ANSWERS_FOLDER = "answers";

const sizeOf = (path: string) =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

async function readDisk(folder: string): Promise<Vitals["disk"]> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize };
  } catch {
    return undefined;
  }
}

/** Reads every 15 s, so that asking for the status page costs nothing. */
export async function watchVitals(
  dataDir: string,
  timers: Timers,
): Promise<{ read(): Vitals; stop(): void }> {
  let vitals: Vitals = { residentBytes: 0 };
  let stopped = false;
  let cancel = () => {};
  const look = async () => {
    const logs = await readdir(join(dataDir, ANSWERS_FOLDER)).catch(() => []);
    const names = [...OUTBOX_FILES, ...logs.map((name) => join(ANSWERS_FOLDER, name))];
    const [disk, ...sizes] = await Promise.all([
      readDisk(dataDir),
      ...names.map((name) => sizeOf(join(dataDir, name))),
    ]);
    const known = sizes.filter((size) => size !== undefined);
    vitals = {
      residentBytes: process.memoryUsage().rss,
      ...(disk && { disk }),
      ...(known.length > 0 && { outboxBytes: known.reduce((sum, size) => sum + size, 0) }),
    };
    if (!stopped) cancel = timers.after(READ_EVERY_MS, look);
  };
  await look();
  return {
    read: () => vitals,
    stop() {
      stopped = true;
      cancel();
    },
  };
}

/** The newest moment that this edge knows to have passed, from its last run; undefined when it never wrote one. */
export async function loadPassed(dataDir: string): Promise<number | undefined> {
  const text = await readFile(join(dataDir, "clock"), "utf8").catch(() => "");
  const value = Number(text.trim());
  return text.trim() !== "" && Number.isSafeInteger(value) && value > 0 ? value : undefined;
}

/** A full disk is told elsewhere: a moment less on record harms nobody. */
export async function savePassed(dataDir: string, atMs: number): Promise<void> {
  await writeFileAside(join(dataDir, "clock"), `${Math.floor(atMs)}\n`).catch(() => {});
}
