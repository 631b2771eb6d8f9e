/**
 * A disk of a few megabytes that can be filled to the last byte, without touching this machine's own: memory
 * mounted in a mount namespace. Only what is started `within` it sees it, and it is gone with the last of them,
 * however they end. Root is not needed where the kernel lets everybody make user namespaces.
 */
import { spawn } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startChild } from "../local/child.mjs";

export interface SmallDisk {
  /** Where those within find it. */
  path: string;
  /** A command line to put before one that is to see it. */
  within: readonly string[];
  /** Where a path on it is found from here. */
  seen(path: string): string;
  /** Takes all room that is left. */
  fill(): Promise<void>;
  /** Gives the room back. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

const MOUNT = 'mount -t tmpfs -o size="$1" cuecast "$2" && echo mounted && exec cat >/dev/null';
const CHUNK = new Uint8Array(65_536);

const asRoot = process.getuid?.() === 0;
const OWN = asRoot ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
const ENTER = asRoot ? ["--mount"] : ["--preserve-credentials", "--user", "--mount"];

/** @returns why there cannot be one here; undefined when there can */
export async function whyNoSmallDisk(): Promise<string | undefined> {
  const tried = spawn("unshare", [...OWN, "mount", "-t", "tmpfs", "cuecast", tmpdir()], { stdio: "ignore" });
  const code = await new Promise((resolve) => {
    tried.once("error", () => resolve(127));
    tried.once("exit", resolve);
  });
  return code === 0
    ? undefined
    : "left out: no small disk can be mounted here, neither as root nor in a user namespace";
}

export async function createSmallDisk(bytes: number): Promise<SmallDisk> {
  const path = await mkdtemp(join(tmpdir(), "cuecast-small-disk-"));
  let mounted = () => {};
  const ready = new Promise<void>((resolve) => {
    mounted = resolve;
  });
  const keeper = startChild({
    name: "small disk",
    command: "unshare",
    args: [...OWN, "sh", "-c", MOUNT, "sh", String(bytes), path],
    onLine: (line) => line === "mounted" && mounted(),
  });
  await Promise.race([
    ready,
    keeper.exited.then(({ code }) => {
      throw new Error(`Cannot mount a small disk at ${path}: unshare ended with ${code}`);
    }),
  ]);
  const seen = (inner: string) => `/proc/${keeper.pid}/root${inner}`;
  const ballast = seen(join(path, "ballast"));
  return {
    path,
    within: ["nsenter", "--target", String(keeper.pid), ...ENTER],
    seen,
    async fill() {
      const file = await open(ballast, "a");
      try {
        for (let size = CHUNK.length; size > 0; ) {
          try {
            const { bytesWritten } = await file.write(CHUNK, 0, size);
            if (bytesWritten < size) size = Math.floor(size / 2);
          } catch (error) {
            if ((error as { code?: string }).code !== "ENOSPC") throw error;
            size = Math.floor(size / 2);
          }
        }
      } finally {
        await file.close();
      }
    },
    clear: () => rm(ballast, { force: true }),
    async close() {
      keeper.kill();
      await keeper.exited;
      await rm(path, { recursive: true, force: true });
    },
  };
}
