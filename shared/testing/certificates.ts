/**
 * Certificates for tests: an authority and what it signs, good or wrong in one way. X.509 by hand, since no runtime
 * here makes certificates and no test machine need have openssl. RFC 5280; ECDSA on P-256 alone.
 */
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

export interface Certificate {
  /** PEM. */
  cert: string;
  key: string;
}

export interface Authority extends Certificate {
  /** A server's certificate for 127.0.0.1 and localhost, from a day ago until a year ahead unless told. */
  issue(more?: { names?: readonly string[]; fromMs?: number; untilMs?: number }): Certificate;
}

const DAY_MS = 86_400_000;

function der(tag: number, ...parts: Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  const bytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), content]);
}
const sequence = (...parts: Uint8Array[]) => der(0x30, ...parts);
/** An object identifier from its encoded bytes. */
const oid = (...bytes: number[]) => der(0x06, Buffer.from(bytes));
const octets = (content: Uint8Array) => der(0x04, content);
const TRUE = der(0x01, Buffer.from([0xff]));

/** ecdsa-with-SHA256, commonName, basicConstraints, keyUsage, subjectAltName. */
const ECDSA_SHA256 = sequence(oid(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const COMMON_NAME = oid(0x55, 0x04, 0x03);
const BASIC_CONSTRAINTS = oid(0x55, 0x1d, 0x13);
const KEY_USAGE = oid(0x55, 0x1d, 0x0f);
const SUBJECT_ALT_NAME = oid(0x55, 0x1d, 0x11);

const nameOf = (common: string) => sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(common)))));
/** GeneralizedTime. */
const timeOf = (ms: number) =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]/g, "").slice(0, 14)}Z`));
const pem = (label: string, bytes: Buffer) =>
  `-----BEGIN ${label}-----\n${bytes.toString("base64").replace(/.{64}/g, "$&\n").trim()}\n-----END ${label}-----\n`;

interface Wanted {
  issuer: string;
  subject: string;
  publicKey: KeyObject;
  signedWith: KeyObject;
  fromMs: number;
  untilMs: number;
  extensions: Buffer[];
}

function makeCertificate(wanted: Wanted): string {
  const serial = randomBytes(8);
  serial[0] = 0x01;
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    ECDSA_SHA256,
    nameOf(wanted.issuer),
    sequence(timeOf(wanted.fromMs), timeOf(wanted.untilMs)),
    nameOf(wanted.subject),
    wanted.publicKey.export({ type: "spki", format: "der" }),
    der(0xa3, sequence(...wanted.extensions)),
  );
  const signature = sign("sha256", body, wanted.signedWith);
  return pem("CERTIFICATE", sequence(body, ECDSA_SHA256, der(0x03, Buffer.from([0]), signature)));
}

const isAddress = (name: string) => /^\d+\.\d+\.\d+\.\d+$/.test(name);
const altName = (name: string) =>
  isAddress(name) ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));

const newKeys = () => generateKeyPairSync("ec", { namedCurve: "P-256" });
const keyPem = (key: KeyObject) => key.export({ type: "pkcs8", format: "pem" }).toString();

export function createAuthority(name = "Rehearsal authority"): Authority {
  const own = newKeys();
  const nowMs = Date.now();
  const cert = makeCertificate({
    issuer: name,
    subject: name,
    publicKey: own.publicKey,
    signedWith: own.privateKey,
    fromMs: nowMs - 2 * DAY_MS,
    untilMs: nowMs + 3_650 * DAY_MS,
    extensions: [
      sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE))),
      // keyCertSign and cRLSign: bits 5 and 6.
      sequence(KEY_USAGE, TRUE, octets(der(0x03, Buffer.from([1, 0x06])))),
    ],
  });
  return {
    cert,
    key: keyPem(own.privateKey),
    issue({
      names = ["127.0.0.1", "localhost"],
      fromMs = nowMs - DAY_MS,
      untilMs = nowMs + 365 * DAY_MS,
    } = {}) {
      const keys = newKeys();
      return {
        cert: makeCertificate({
          issuer: name,
          subject: names[0] ?? "",
          publicKey: keys.publicKey,
          signedWith: own.privateKey,
          fromMs,
          untilMs,
          extensions: [sequence(SUBJECT_ALT_NAME, octets(sequence(...names.map(altName))))],
        }),
        key: keyPem(keys.privateKey),
      };
    },
  };
}
