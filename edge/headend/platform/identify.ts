/** Who this edge is at its start: what stands in `identity.json`, or what central gives for a one-time code. */
import { join } from "node:path";
import * as v from "valibot";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { enrolCodeSchema } from "../../../shared/uplink/enrolment.ts";
import { codeHash, enrol, type Identity } from "../identity.ts";
import type { EdgeSettings } from "../settings.ts";
import { lineFault } from "../status/line-fault.ts";
import { english } from "../status/words-en.ts";
import { createCentralClient } from "./central-client.ts";
import { loadIdentity, saveIdentity } from "./identity-file.ts";

export const identityPath = ({ dataDir }: Pick<EdgeSettings, "dataDir">) => join(dataDir, "identity.json");

export interface Identified {
  identity: Identity;
  /** What was wrong with a copy of it, in words. */
  damage: string[];
  /** Why a code did not enrol this edge anew, which goes on as who it was. */
  codeRefused?: string;
}

type Asked = Pick<EdgeSettings, "dataDir" | "centralUrl" | "enrolCode" | "publicUrl">;

/**
 * This edge's identity: the kept one, or what a code gives that was not used yet, at the central that is named or,
 * where none is, at the one that this edge knows.
 *
 * @param version this software's
 * @throws {CuecastError} `not-enrolled`, `bad-identity`, `identity-unreadable`, and as `Central.enrol`
 */
export async function identify(settings: Asked, version: string, log: Log): Promise<Identified> {
  const path = identityPath(settings);
  const { enrolCode } = settings;
  const loaded = await loadIdentity(path).catch((error: CuecastError) => {
    // A new code is what it asks for.
    if (error.code !== "bad-identity" || enrolCode === undefined) throw error;
    return { damage: error.message, identity: undefined };
  });
  const kept = loaded?.identity;
  const damage = loaded?.damage === undefined ? [] : [loaded.damage];
  if (loaded?.damage !== undefined) log.error("identity-damaged", { why: loaded.damage });
  const centralUrl = settings.centralUrl ?? kept?.central;
  if (kept && (enrolCode === undefined || kept.enrolledWith === codeHash(enrolCode))) {
    return { identity: await moved(kept, settings, log), damage };
  }
  if (centralUrl === undefined || enrolCode === undefined) {
    throw new CuecastError(
      "Cannot start: this edge is not enrolled; make a code with `cuecast enrol` at central and give --central and --enrol",
      { code: "not-enrolled", status: 400 },
    );
  }
  try {
    const { publicUrl: url } = settings;
    if (!v.safeParse(enrolCodeSchema, enrolCode).success) {
      throw new CuecastError(
        `Cannot enrol at central ${centralUrl}: the code has ${enrolCode.length} characters, which none of central's has; make one there (cuecast enrol)`,
        { code: "not-a-code", status: 400 },
      );
    }
    const asked = { centralUrl, code: enrolCode, software: version, ...(url !== undefined && { url }) };
    const identity = await enrol(createCentralClient({ url: centralUrl }), asked);
    await saveIdentity(path, identity);
    log.info("enrolled", { edge: identity.edge, region: identity.region });
    return { identity, damage };
  } catch (error) {
    if (!kept) throw advised(error);
    // It is somebody already and serves: a code that does not work is no reason not to.
    const codeRefused = errorMessage(error);
    log.error("not-enrolled-anew", { error: codeRefused });
    return { identity: kept, damage, codeRefused };
  }
}

/** With what `/status` would say to do, which there is none of yet. */
function advised(error: unknown): unknown {
  if (!(error instanceof CuecastError)) return error;
  const fault = lineFault(error.message);
  // Of a code that central refuses, its words say all.
  if (fault === undefined || fault === "token") return error;
  const { code, status, retryable } = error;
  const { action } = english.central[fault];
  const stop = /[.?!]$/.test(error.message) ? "" : ".";
  return new CuecastError(`${error.message}${stop} ${action}`, { code, status, retryable, cause: error });
}

/** The kept identity, at the central that is named. */
async function moved(kept: Identity, settings: Asked, log: Log): Promise<Identity> {
  const { centralUrl } = settings;
  if (centralUrl === undefined || centralUrl === kept.central) return kept;
  log.info("central-moved", { from: kept.central, to: centralUrl });
  const identity = { ...kept, central: centralUrl };
  await saveIdentity(identityPath(settings), identity);
  return identity;
}
