/**
 * What a publication declares of itself: its place in history, and a hash of every part, signed by central.
 * DESIGN.md section 3. The manifest travels as the exact bytes that were signed.
 */
import { createHash, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import * as v from "valibot";
import { CuecastError } from "../errors.ts";
import { instantSchema, ordinalSchema, sha256Schema } from "../protocol/primitives.ts";
import { canonicalJson } from "./canonical.ts";
import { isPacked } from "./packed-part.ts";
import { type Content, hashPart, type Part } from "./part.ts";

export const manifestSchema = v.object({
  epoch: ordinalSchema,
  revision: ordinalSchema,
  publishedAtMs: instantSchema,
  comment: v.optional(v.pipe(v.string(), v.maxLength(500))),
  /** Part name → hash of its entries. Every part is named, and only these exist. */
  parts: v.record(v.string(), sha256Schema),
});
export type Manifest = v.InferOutput<typeof manifestSchema>;

export interface SignedManifest {
  /** Canonical JSON of the manifest: what was hashed and signed. */
  body: string;
  /** SHA-256 of `body`, hexadecimal: the publication's identity beside (epoch, revision). */
  hash: string;
  /** Ed25519 over `body`, base64. */
  signature: string;
}

/** A publication's place in history and its identity. */
export interface Position {
  epoch: number;
  revision: number;
  hash: string;
}

/** Negative when a comes before b, by epoch, then revision. */
export function comparePositions(
  a: { epoch: number; revision: number },
  b: { epoch: number; revision: number },
): number {
  return a.epoch - b.epoch || a.revision - b.revision;
}

/** @param hash of one part */
export function hashParts(content: Content, hash: (part: Part) => string = hashPart): Record<string, string> {
  const parts: Record<string, string> = {};
  for (const [name, part] of content) parts[name] = hash(part);
  return parts;
}

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

/** @param privateKeyPem Ed25519, PKCS #8, PEM */
export function signManifest(manifest: Manifest, privateKeyPem: string): SignedManifest {
  const body = canonicalJson(manifest);
  const signature = sign(null, new TextEncoder().encode(body), createPrivateKey(privateKeyPem));
  return { body, hash: sha256(body), signature: signature.toString("base64") };
}

/**
 * The manifest, when its hash and its signature hold.
 *
 * @param publicKeyPem Ed25519, SPKI, PEM: central's, got at enrolment
 * @throws {CuecastError} `manifest-refused`
 */
export function openManifest(signed: SignedManifest, publicKeyPem: string): Manifest {
  const refuse = (state: string, cause?: unknown) =>
    new CuecastError(`Cannot trust the manifest: ${state}`, { code: "manifest-refused", cause });
  if (sha256(signed.body) !== signed.hash) throw refuse("its hash does not match its content");
  const bytes = new TextEncoder().encode(signed.body);
  let holds = false;
  try {
    holds = verify(null, bytes, createPublicKey(publicKeyPem), Buffer.from(signed.signature, "base64"));
  } catch (cause) {
    throw refuse("its signature or central's key cannot be read", cause);
  }
  if (!holds) throw refuse("its signature is not central's");
  let value: unknown;
  try {
    value = JSON.parse(signed.body);
  } catch (cause) {
    throw refuse("it is not JSON", cause);
  }
  const parsed = v.safeParse(manifestSchema, value);
  if (!parsed.success) throw refuse(`it fails its schema at ${v.getDotPath(parsed.issues[0]) ?? "the top"}`);
  return parsed.output;
}

/**
 * @throws {CuecastError} `content-refused` when a part is missing, is not declared, or has another hash
 */
export function checkContent(manifest: Manifest, content: Content): void {
  const refuse = (state: string) =>
    new CuecastError(`Cannot trust the publication: ${state}`, { code: "content-refused" });
  for (const [name, declared] of Object.entries(manifest.parts)) {
    const part = content.get(name) ?? new Map();
    // Bytes that have the declared hash are the declared entries, in whatever order they were said to be.
    if (isPacked(part) && part.streamHash === declared) continue;
    if (hashPart(part) !== declared) throw refuse(`part ${name} does not match its hash`);
  }
  for (const name of content.keys()) {
    if (!(name in manifest.parts)) throw refuse(`part ${name} is not in the manifest`);
  }
}
