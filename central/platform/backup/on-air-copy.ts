/** Whether a copy of `authoring` holds what was on air, whole and signed: from it `air` is filled anew. */
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import { checkContent, openManifest, type Position } from "../../../shared/publication/manifest.ts";
import { createPast } from "../../store/past.ts";
import { openCopy } from "./open-copy.ts";

/**
 * @param path of a copy that was read back
 * @param publicKey SPKI, PEM
 * @returns undefined when nothing was published yet
 * @throws {CuecastError} `database-damaged`
 */
export async function checkOnAir(path: string, publicKey: string): Promise<Position | undefined> {
  const copy = await openCopy(path);
  const readOnly = () => Promise.reject(new Error("Cannot write: it is a copy"));
  try {
    const past = createPast({ all: copy.all as never, batch: readOnly, transaction: readOnly, close() {} });
    const latest = await past.latest();
    if (!latest) return undefined;
    const { epoch, revision, hash } = latest;
    try {
      checkContent(openManifest(latest.signed, publicKey), await past.content(latest));
    } catch (cause) {
      throw new CuecastError(
        `Cannot trust authoring.db: publication ${epoch}/${revision}, which is on air, is damaged in it (${errorMessage(cause)})`,
        { code: "database-damaged", cause },
      );
    }
    return { epoch, revision, hash };
  } finally {
    copy.close();
  }
}
