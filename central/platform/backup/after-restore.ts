/** What a restore leaves for central's next start: that its history must go on in a new epoch. */
import { readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import { instantSchema } from "../../../shared/protocol/primitives.ts";
import { syncFolder } from "../../../shared/runtime/files.ts";
import { positionSchema } from "../../../shared/uplink/hint.ts";

export const RESTORED_FILE = "restored.json";
/** Where a restore unpacks; it is gone when the restore is whole. */
export const RESTORING_FOLDER = ".restoring";

const restoredSchema = v.object({
  /** When the backup was made. */
  madeAtMs: instantSchema,
  restoredAtMs: instantSchema,
  onAir: v.optional(positionSchema),
});
export type RestoredMark = v.InferOutput<typeof restoredSchema>;

/** @throws {CuecastError} `restore-interrupted` */
export async function refuseHalfRestored(dataDir: string): Promise<void> {
  const there = await stat(join(dataDir, RESTORING_FOLDER)).catch(() => undefined);
  if (there) {
    throw new CuecastError(
      `Cannot start: a restore into ${dataDir} was interrupted; run cuecast restore again, with --force`,
      { code: "restore-interrupted" },
    );
  }
}

/** @returns undefined when nothing was restored since the last start that raised the epoch */
export async function readRestored(dataDir: string): Promise<RestoredMark | undefined> {
  const path = join(dataDir, RESTORED_FILE);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
  try {
    return v.parse(restoredSchema, JSON.parse(text));
  } catch (cause) {
    throw new CuecastError(`Cannot read ${path}: it is damaged; restore again with --force`, {
      code: "restore-interrupted",
      cause,
    });
  }
}

export async function forgetRestored(dataDir: string): Promise<void> {
  const path = join(dataDir, RESTORED_FILE);
  await rm(path, { force: true });
  await syncFolder(dirname(path));
}
