/** The guide that `cuecast import` is told: a file, or an address that is fetched within time. */
import { fetchGuide } from "../../central/guide/fetch-guide.ts";
import { SIZE_LIMITS } from "../../central/guide/gunzip.ts";
import { plainFetch } from "../../shared/runtime/plain-fetch.ts";
import { checkFile } from "./readable-file.ts";
import { fileUpload, type Upload } from "./upload.ts";

/** From asking to the last byte: a feed that does not answer, or trickles, must not hold a script for ever. */
const FETCH_WITHIN_MS = 300_000;

/**
 * @param signal ends a fetch
 * @throws {CuecastError} `usage` for a file that cannot be read, `guide-not-fetched`; the bytes throw that as well
 */
export async function openGuide(
  name: string,
  signal = AbortSignal.timeout(FETCH_WITHIN_MS),
): Promise<Upload> {
  if (!/^https?:\/\//.test(name)) {
    await checkFile(name);
    return fileUpload(name);
  }
  const limits = {
    bytesMax: SIZE_LIMITS.plainBytesMax,
    signal,
    trust: "name the authority that signed its certificate with --ca FILE",
  };
  const fetched = await fetchGuide(plainFetch, name, {}, limits);
  if (fetched.kind === "unchanged") throw new Error("a fetch without a condition cannot be unchanged");
  return { type: "application/xml", bytes: fetched.bytes, length: fetched.length };
}
