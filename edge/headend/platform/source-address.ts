/** For which address a request counts: the box's own, where proxies stand in front that are trusted to tell it. */
import { createClientAddress } from "../../../shared/runtime/client-address.ts";
import type { Asked } from "../serve/admission.ts";

/**
 * @param trustedProxies addresses and ranges, with commas between; empty: who is connected, whatever it says
 * @throws {CuecastError} `usage`
 */
export function createSourceAddress(trustedProxies: string): (request: Asked) => string {
  const clientAddress = createClientAddress(trustedProxies);
  return (request) => clientAddress(request.address, request.header("x-forwarded-for") ?? null);
}
