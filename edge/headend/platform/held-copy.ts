/**
 * The copy of a publication that is served, held open: whoever deletes or replaces its file while the edge runs takes
 * nothing away, for it is written again from what is open. A copy never changes once it is in its place.
 */
import { type FileHandle, mkdir, open, stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { writeFileAside } from "../../../shared/runtime/files.ts";

export interface HeldCopy {
  /** From now on this one. Never throws: a file elsewhere, or one that cannot be opened, is not held. */
  hold(path: string): Promise<void>;
  /**
   * Writes it again where it is gone, or another file stands there.
   *
   * @returns that it had to be, in words
   * @throws the system's error when it cannot
   */
  look(): Promise<string | undefined>;
  release(): Promise<void>;
}

const PIECE_BYTES = 1_048_576;

async function* piecesOf(file: FileHandle): AsyncGenerator<Uint8Array, void> {
  for (let at = 0; ; ) {
    const piece = new Uint8Array(PIECE_BYTES);
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) return;
    yield piece.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** @param folder of promoted copies */
export function createHeldCopy(folder: string): HeldCopy {
  let held: { path: string; file: FileHandle } | undefined;
  /** One after the other: a look must not write what is let go meanwhile. */
  let turn: Promise<unknown> = Promise.resolve();
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = turn.then(work);
    turn = done.catch(() => {});
    return done;
  }

  async function letGo() {
    await held?.file.close().catch(() => {});
    held = undefined;
  }

  async function isThere(path: string, file: FileHandle): Promise<boolean> {
    const [own, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
    return there?.ino === own.ino && there.dev === own.dev;
  }

  return {
    hold: (path) =>
      inTurn(async () => {
        await letGo();
        // What could not be kept is served from where the next sync puts its own.
        if (resolve(dirname(path)) !== resolve(folder)) return;
        const file = await open(path, "r").catch(() => undefined);
        held = file && { path, file };
      }),
    look: () =>
      inTurn(async () => {
        if (!held || (await isThere(held.path, held.file))) return undefined;
        const { path, file } = held;
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFileAside(path, piecesOf(file), 0o600);
        await letGo();
        held = { path, file: await open(path, "r") };
        return `${basename(path)}: it was deleted or replaced while in use; it was written again`;
      }),
    release: () => inTurn(letGo),
  };
}
