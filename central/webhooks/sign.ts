/** Signatures as Standard Webhooks 1.0 has them, so that receivers can use its libraries. */
import { createHmac, randomBytes } from "node:crypto";

/** As the receiver gets it: `whsec_` and 32 bytes in base64. */
export const drawSecret = (): string => `whsec_${randomBytes(32).toString("base64")}`;

/**
 * @param id of the message, the same in every try
 * @param atS when it is sent, s since the Unix epoch
 */
export function signatureHeaders(
  secret: string,
  id: string,
  atS: number,
  body: string,
): Record<string, string> {
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${atS}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(atS),
    "webhook-signature": `v1,${signature}`,
  };
}
