/** Box tokens: EdDSA JWTs of central whose subject is the box. WIRE.md, "Answers and airings". */
import { createHash } from "node:crypto";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import { type BoxRevocation, TOKEN_ISSUED_EARLIER_MS } from "../../../shared/publication/box-revocations.ts";
import type { HotRequest } from "../../../shared/runtime/hot.ts";
import type { Clock } from "../../../shared/time/clock.ts";

/** @throws {CuecastError} 401 `box-token` when there is none that holds, 403 when it is another box's */
export type CheckBox = (request: Pick<HotRequest, "header">, box: string) => Promise<void> | undefined;

export const acceptAnyBox: CheckBox = () => undefined;

const refuse = (state: string, status: 401 | 403) =>
  new CuecastError(`Cannot trust this box: ${state}`, { code: "box-token", status });

/**
 * @param boxKeyPem Ed25519, SPKI, PEM: central's, got at enrolment
 * @param revocations by SHA-256 of the box's pseudonym, of the publication that is served
 * @throws {CuecastError} `box-key-refused` when the key cannot be read
 */
export async function createBoxCheck(
  boxKeyPem: string,
  clock: Clock,
  revocations: () => ReadonlyMap<string, BoxRevocation> = () => new Map(),
): Promise<CheckBox> {
  // Most edges need it not, and start faster without it.
  const { errors, importSPKI, jwtVerify } = await import("jose");
  const key = await importSPKI(boxKeyPem, "EdDSA").catch((cause) => {
    throw new CuecastError(`Cannot read central's key for box tokens: ${errorMessage(cause)}`, {
      code: "box-key-refused",
      cause,
    });
  });
  return async (request, box) => {
    const match = /^Bearer +([A-Za-z0-9._~+/=-]+) *$/i.exec(request.header("authorization") ?? "");
    if (!match?.[1]) throw refuse("the request has no Authorization: Bearer token", 401);
    const { sub, iat = 0 } = await jwtVerify(match[1], key, {
      algorithms: ["EdDSA"],
      currentDate: new Date(clock.wallMs()),
      requiredClaims: ["sub"],
    }).then(
      ({ payload }) => payload,
      (cause) => {
        const state =
          cause instanceof errors.JWTExpired ? "its token has expired" : "its token does not hold";
        throw refuse(state, 401);
      },
    );
    if (sub !== box) throw refuse("its token is another box's", 403);
    const revoked = revocations();
    if (revoked.size === 0) return;
    const found = revoked.get(createHash("sha256").update(box).digest("hex"));
    if (found && iat * 1000 + TOKEN_ISSUED_EARLIER_MS <= found.revokedAtMs)
      throw refuse("its token was revoked", 401);
  };
}
