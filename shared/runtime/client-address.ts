/**
 * From which address a request comes, where trusted proxies stand in front. What they say of it is the de-facto
 * `X-Forwarded-For`: each appends whom it was asked by, so only what trusted ones appended can be believed, and it is
 * read from the right (RFC 7239, section 8.1, says as much of `Forwarded`).
 */
import { BlockList, isIP } from "node:net";
import { CuecastError } from "../errors.ts";

/**
 * @param peer who is connected
 * @param forwarded the header, if there is one
 * @returns the right-most address that is no trusted proxy's; who is connected where nobody trusted is
 */
export type ClientAddress = (peer: string, forwarded: string | null) => string;

/** Proxies one behind the other; what stands further left is not looked at. */
const HOPS_MAX = 16;

const familyOf = (address: string) => (isIP(address) === 6 ? "ipv6" : "ipv4");

/** `::ffff:192.0.2.1` is how a socket of both families names `192.0.2.1`. */
const plain = (address: string) => (/^::ffff:\d+\./i.test(address) ? address.slice(7) : address);

/** Some proxies write a port behind the address. @returns undefined when it is no address */
function readHop(text: string): string | undefined {
  const trimmed = text.trim();
  const address = /^\[(.+)\](:\d+)?$/.exec(trimmed)?.[1] ?? /^([\d.]+):\d+$/.exec(trimmed)?.[1] ?? trimmed;
  return isIP(address) === 0 ? undefined : plain(address);
}

function addTo(list: BlockList, text: string): void {
  const [address = "", bits, ...rest] = text.split("/");
  const most = isIP(address) === 6 ? 128 : 32;
  const whole = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : -1;
  if (isIP(address) === 0 || rest.length > 0 || whole < 0 || whole > most) {
    throw new CuecastError(
      `Cannot take --trusted-proxies ${text}: it must be an address or a range like 192.0.2.0/24`,
      { code: "usage", status: 400 },
    );
  }
  list.addSubnet(address, whole, familyOf(address));
}

/**
 * @param trusted addresses and ranges of proxies, with commas between; empty: nobody is believed
 * @throws {CuecastError} `usage`
 */
export function createClientAddress(trusted: string): ClientAddress {
  const proxies = new BlockList();
  for (const each of trusted.split(",")) if (each.trim() !== "") addTo(proxies, each.trim());
  const isTrusted = (address: string) => isIP(address) !== 0 && proxies.check(address, familyOf(address));
  return (peer, forwarded) => {
    let address = plain(peer);
    const hops = (forwarded ?? "").split(",").slice(-HOPS_MAX);
    while (hops.length > 0 && isTrusted(address)) {
      const hop = readHop(hops.pop() ?? "");
      // No proxy writes this: whoever is known so far is as far as it can be told.
      if (hop === undefined) return address;
      address = hop;
    }
    return address;
  };
}
