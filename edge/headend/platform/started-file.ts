/**
 * `started.json` in the data directory: how this edge was started last, for whoever looks after it from outside (`cuecast
 * doctor`), so that it asks this edge and trusts whom this edge trusts.
 */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";
import { webUrlSchema } from "../../../shared/protocol/primitives.ts";
import { writeFileAside } from "../../../shared/runtime/files.ts";

const startedSchema = v.object({
  /** Of the process itself, by which its launcher knows that the file is not another's; absent from older releases. */
  pid: v.optional(v.number()),
  /** Where `/status` is, as this machine reaches it. */
  adminUrl: webUrlSchema,
  /** Where boxes are answered, as this machine reaches it; absent from older releases. */
  url: v.optional(webUrlSchema),
  /** Absolute; of `--ca`. */
  caFile: v.optional(v.string()),
});
export type Started = v.InferOutput<typeof startedSchema>;

const NAME = "started.json";

/** A full disk is told elsewhere; without it the doctor is told by flags. */
export async function saveStarted(dataDir: string, started: Started): Promise<void> {
  await writeFileAside(join(dataDir, NAME), `${JSON.stringify(started, null, 2)}\n`, 0o600).catch(() => {});
}

/** @returns undefined when it never was, or by an older release */
export async function loadStarted(dataDir: string): Promise<Started | undefined> {
  try {
    return v.parse(startedSchema, JSON.parse(await readFile(join(dataDir, NAME), "utf8")));
  } catch {
    return undefined;
  }
}
