/** Tokens that central signs: for `air` (EdDSA JWT as sqld reads them) and for boxes. */
import { importPKCS8, SignJWT } from "jose";
import { TOKEN_ISSUED_EARLIER_MS } from "../../shared/publication/box-revocations.ts";
import type { Clock } from "../../shared/time/clock.ts";

/** An edge's access to `air`: an hour, so that a revoked one is out soon. */
export const AIR_TOKEN_MS = 3_600_000;
/** Central's own tokens serve one call. */
const OWN_TOKEN_MS = 600_000;
/** A box keeps its token for a year. */
export const BOX_TOKEN_MS = 365 * 86_400_000;

export interface Tokens {
  /** Read-only, for an edge. */
  readAir(): Promise<{ token: string; expiresAtMs: number }>;
  writeAir(): Promise<string>;
  /** @param validMs BOX_TOKEN_MS unless told */
  forBox(box: string, validMs?: number): Promise<{ token: string; expiresAtMs: number }>;
}

/** @param keys PKCS #8, PEM, Ed25519 */
export function createTokens(keys: { air: string; box: string }, clock: Clock): Tokens {
  const sign = async (privatePem: string, claims: Record<string, string>, validMs: number) => {
    const nowMs = clock.wallMs();
    const expiresAtMs = nowMs + validMs;
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "EdDSA" })
      .setIssuedAt(Math.floor((nowMs - TOKEN_ISSUED_EARLIER_MS) / 1000))
      .setExpirationTime(Math.floor(expiresAtMs / 1000))
      .sign(await importPKCS8(privatePem, "EdDSA"));
    return { token, expiresAtMs };
  };
  return {
    readAir: () => sign(keys.air, { a: "ro" }, AIR_TOKEN_MS),
    writeAir: async () => (await sign(keys.air, { a: "rw" }, OWN_TOKEN_MS)).token,
    forBox: (box, validMs = BOX_TOKEN_MS) => sign(keys.box, { sub: box }, validMs),
  };
}
