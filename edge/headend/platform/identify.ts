/** Who this edge is at its start: what stands in `identity.json`, or what central gives for a one-time code. */
import { join } from "node:path";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { codeHash, enrol, type Identity } from "../identity.ts";
import type { EdgeSettings } from "../settings.ts";
import { createCentralClient } from "./central-client.ts";
import { loadIdentity, saveIdentity } from "./identity-file.ts";

export const identityPath = ({ dataDir }: Pick<EdgeSettings, "dataDir">) => join(dataDir, "identity.json");

/**
 * This edge's identity: the kept one, or what a code gives that was not used yet.
 *
 * @param version this software's
 * @returns `damage`: what was wrong with a copy of it, in words
 * @throws {CuecastError} `not-enrolled`, `bad-identity`, and as `Central.enrol`
 */
export async function identify(
  settings: Pick<EdgeSettings, "dataDir" | "centralUrl" | "enrolCode" | "publicUrl">,
  version: string,
  log: Log,
): Promise<{ identity: Identity; damage: string[] }> {
  const path = identityPath(settings);
  const loaded = await loadIdentity(path);
  const { centralUrl, enrolCode } = settings;
  const kept = loaded?.identity;
  const damage = loaded?.damage === undefined ? [] : [loaded.damage];
  if (loaded?.damage !== undefined) log.error("identity-damaged", { why: loaded.damage });
  if (kept && (enrolCode === undefined || kept.enrolledWith === codeHash(enrolCode))) {
    if (centralUrl === undefined || centralUrl === kept.central) return { identity: kept, damage };
    log.info("central-moved", { from: kept.central, to: centralUrl });
    const moved = { ...kept, central: centralUrl };
    await saveIdentity(path, moved);
    return { identity: moved, damage };
  }
  if (centralUrl === undefined || enrolCode === undefined) {
    throw new CuecastError(
      "Cannot start: this edge is not enrolled; make a code with `cuecast enrol` at central and give --central and --enrol",
      { code: "not-enrolled", status: 400 },
    );
  }
  const asked = {
    centralUrl,
    code: enrolCode,
    software: version,
    ...(settings.publicUrl !== undefined && { url: settings.publicUrl }),
  };
  const enrolling = enrol(createCentralClient({ url: centralUrl }), asked);
  const identity = await enrolling.catch((error) => {
    if (!kept) throw error;
    // It is somebody already and serves: a code that does not work is no reason not to.
    log.error("not-enrolled-anew", { error: errorMessage(error) });
    return kept;
  });
  if (identity === kept) return { identity, damage };
  await saveIdentity(path, identity);
  log.info("enrolled", { edge: identity.edge, region: identity.region });
  return { identity, damage };
}
