/** Keys and passwords in the data directory: made at first start, 0600, never printed. */
import { createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { CuecastError } from "../../shared/errors.ts";
import { writeFileAside } from "../../shared/runtime/files.ts";

/** Ed25519. */
export interface KeyPair {
  /** PKCS #8, PEM. */
  privatePem: string;
  /** SPKI, PEM. */
  publicPem: string;
}
export interface Keys {
  /** Signs manifests. */
  publication: KeyPair;
  /** Signs box tokens. */
  box: KeyPair;
  /** Signs tokens for `air`. */
  air: KeyPair;
}

/** Reads a file; undefined when there is none. */
async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return undefined;
    throw error;
  }
}

export const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

async function loadKey(path: string, used: boolean): Promise<KeyPair> {
  let privatePem = await readIfThere(path);
  if (privatePem === undefined) {
    if (used) {
      throw new CuecastError(
        `Cannot start without the key ${path}: edges and boxes trust it, and would refuse a new one. Restore it from a backup; where there is none, begin with an empty data directory and enrol every edge again`,
        { code: "key-refused" },
      );
    }
    privatePem = generateKeyPairSync("ed25519")
      .privateKey.export({ type: "pkcs8", format: "pem" })
      .toString();
    await writeFileAside(path, privatePem, 0o600);
  }
  try {
    const publicKey = createPublicKey(privatePem);
    if (publicKey.asymmetricKeyType !== "ed25519") throw new Error("it is not Ed25519");
    return { privatePem, publicPem: publicKey.export({ type: "spki", format: "pem" }).toString() };
  } catch (cause) {
    throw new CuecastError(`Cannot read the key ${path}: it is damaged; restore it from a backup`, {
      code: "key-refused",
      cause,
    });
  }
}

/**
 * @param used whether this central has been in use: then no key is drawn anew
 * @throws {CuecastError} `key-refused` when a file is no Ed25519 key, or missing though it was used
 */
export async function loadKeys(dataDir: string, used: boolean): Promise<Keys> {
  const load = (name: string) => loadKey(join(dataDir, "keys", `${name}.pem`), used);
  return { publication: await load("publication"), box: await load("box"), air: await load("air") };
}

/** The secret in a file, drawn when there is none; 0600. */
export async function loadSecret(path: string): Promise<string> {
  const found = (await readIfThere(path))?.trim();
  if (found) return found;
  const secret = randomBytes(18).toString("hex");
  await writeFileAside(path, `${secret}\n`, 0o600);
  return secret;
}

/** Makes a file hold this. It is left alone when it does: a full disk must not keep us from starting. */
export async function keepFile(path: string, text: string): Promise<void> {
  if ((await readIfThere(path)) !== text) await writeFileAside(path, text);
}
