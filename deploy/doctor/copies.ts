/** An edge's copies of publications, read with the verification that the edge itself has. Changes nothing. */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createPublicationFiles } from "../../edge/headend/platform/publication-files.ts";
import { createPublications, publicationName } from "../../edge/headend/sync/publications.ts";
import { verifyAir } from "../../edge/headend/sync/verify-air.ts";
import { errorMessage } from "../../shared/errors.ts";
import { silentLog } from "../../shared/log.ts";
import { comparePositions, type Position } from "../../shared/publication/manifest.ts";
import { bad, type Finding, good, unknown, warning } from "./finding.ts";

const NO_COPY =
  "Do not restart an edge that runs: it serves from memory, and writes a copy that was deleted again within 5 s. Where it does not, bring the line to central up and publish there: the next sync writes a good copy. If every copy is refused by its signature, identity.json is not of this central: enrol anew";

const noneHere = () =>
  bad("publications", "none on the disk: an edge that starts now has nothing to serve", NO_COPY);
const namesIn = async (folder: string) =>
  (await readdir(join(folder, "publications")).catch(() => [])).filter((name) => name.endsWith(".db"));

/** Where the key to verify them is not known: only whether there are any. */
export async function countCopies(folder: string): Promise<Finding> {
  const names = await namesIn(folder);
  if (names.length === 0) return noneHere();
  return unknown("publications", `${names.length} on the disk; without the identity none can be verified`);
}

/** Both forms of a copy are looked at; an edge that starts takes the packed one where the database does not hold. */
export async function checkCopies(folder: string, publicationKey: string): Promise<Finding[]> {
  const files = createPublicationFiles(join(folder, "publications"));
  const names = await namesIn(folder);
  const publications = createPublications({ files, log: silentLog }, { publicationKey });
  const found: Finding[] = [];
  const holds: Position[] = [];
  const failed: { check: string; why: string }[] = [];
  for (const name of names.sort()) {
    const check = `publications/${name}`;
    try {
      const { position } = await publications.openDatabase(files.path(name));
      if (publicationName(position) !== name)
        throw new Error("it holds another publication than its name says");
      found.push(good(check, `whole and signed, epoch ${position.epoch}, revision ${position.revision}`));
      holds.push(position);
    } catch (error) {
      failed.push({ check, why: errorMessage(error) });
      const packed = await files.readPacked(files.path(name), false).catch(() => undefined);
      try {
        if (packed) holds.push(verifyAir(packed, publicationKey).position);
      } catch {
        // Neither form holds.
      }
    }
  }
  const best = holds.sort(comparePositions).at(-1);
  for (const { check, why } of failed) {
    if (best) {
      const left = `${best.epoch}/${best.revision} takes its place; if it comes again, check the disk`;
      found.push(warning(check, why, left));
    } else found.push(bad(check, why, NO_COPY));
  }
  if (names.length === 0) found.push(noneHere());
  else if (!best)
    found.push(
      bad("publications", "no copy on the disk holds: an edge that starts now has nothing to serve", NO_COPY),
    );
  return found;
}
