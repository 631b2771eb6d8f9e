/** What this process runs: its own version, the runtime's, and that of the time zone data. */
import { readFile } from "node:fs/promises";

export interface Software {
  /** Of the package. */
  version: string;
  /** `deno 2.9.6`. */
  runtime: string;
  /** `2026b`; undefined when the runtime does not tell. */
  timeZoneData: string | undefined;
}

export async function readSoftware(): Promise<Software> {
  const text = await readFile(new URL("../../package.json", import.meta.url), "utf8");
  const { deno, node, tz } = process.versions as Record<string, string | undefined>;
  return {
    version: String(JSON.parse(text).version),
    runtime: deno === undefined ? `node ${node}` : `deno ${deno}`,
    timeZoneData: tz,
  };
}
