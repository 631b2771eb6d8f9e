/** Whether a copy of `air` is whole, central's, and continues what is served. DESIGN.md section 3. Pure. */
import * as v from "valibot";
import { CuecastError } from "../../../shared/errors.ts";
import { manifestFromRows } from "../../../shared/publication/air-tables.ts";
import { judgeContinuity } from "../../../shared/publication/continuity.ts";
import { historyEntrySchema, historyKey } from "../../../shared/publication/entries.ts";
import { checkContent, openManifest, type Position } from "../../../shared/publication/manifest.ts";
import type { Content } from "../../../shared/publication/part.ts";
import type { VerifiedPublication } from "./contract.ts";

/** What was read from a file: the database's own check, its manifest, and its entries as bytes. */
export interface AirRows {
  /** `ok`, or what `PRAGMA quick_check` found. */
  check: string;
  manifest: Record<string, unknown>[];
  content: Content;
}

/** @throws {CuecastError} `air-damaged`, `air-empty`, `manifest-refused`, `content-refused` */
export function verifyAir(rows: AirRows, publicationKey: string): VerifiedPublication {
  if (rows.check !== "ok") {
    throw new CuecastError(`Cannot trust the copy of air: its check says ${rows.check}`, {
      code: "air-damaged",
    });
  }
  const signed = manifestFromRows(rows.manifest);
  if (!signed) {
    throw new CuecastError(
      "Cannot take central's air: it holds no publication: nothing was published yet, or it was wiped and wants a new epoch, published at central",
      { code: "air-empty" },
    );
  }
  const manifest = openManifest(signed, publicationKey);
  const { content } = rows;
  checkContent(manifest, content);
  const { epoch, revision } = manifest;
  return { position: { epoch, revision, hash: signed.hash }, manifest, signed, content };
}

function historyHash(content: Content, epoch: number, revision: number): string | undefined {
  const body = content.get("history")?.get(historyKey(epoch, revision));
  if (typeof body !== "string") return undefined;
  try {
    const parsed = v.safeParse(historyEntrySchema, JSON.parse(body));
    return parsed.success ? parsed.output.hash : undefined;
  } catch {
    return undefined;
  }
}

/** @throws {CuecastError} `publication-refused` with the reason for the status page */
export function checkContinues(served: Position | undefined, candidate: VerifiedPublication): void {
  const verdict = judgeContinuity(served, candidate.position, (epoch, revision) =>
    historyHash(candidate.content, epoch, revision),
  );
  if (verdict.kind === "refused") {
    throw new CuecastError(`Cannot promote what was synced: ${verdict.why}`, { code: "publication-refused" });
  }
}
