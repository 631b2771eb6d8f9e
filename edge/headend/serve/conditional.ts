/** Conditional requests and content negotiation: RFC 9110, sections 12.5.3 and 13.1.2. Pure. */

/** Distinct `Accept-Encoding` values remembered; browsers and boxes send a handful. */
const REMEMBERED_MAX = 256;
const remembered = new Map<string, boolean>();

/** An HTTP quality, 0 to 1; what cannot be read counts as 1, as if it were absent. */
function quality(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const match = /^\s*q\s*=\s*([0-9.]+)\s*$/i.exec(parameter);
    if (match) {
      const value = Number(match[1]);
      return Number.isFinite(value) ? Math.min(1, value) : 1;
    }
  }
  return 1;
}

function weighGzip(header: string): boolean {
  let gzip: number | undefined;
  let identity: number | undefined;
  let any: number | undefined;
  for (const item of header.split(",")) {
    const [coding = "", ...parameters] = item.split(";");
    const name = coding.trim().toLowerCase();
    const value = quality(parameters);
    if (name === "gzip" || name === "x-gzip") gzip = value;
    else if (name === "identity") identity = value;
    else if (name === "*") any = value;
  }
  const weight = gzip ?? any ?? 0;
  // `identity` needs no mention to be acceptable; only when it is preferred aloud does it win.
  return weight > 0 && weight >= (identity ?? 0);
}

/** Whether gzip is the better answer to an `Accept-Encoding`; absent means no. */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false;
  let accepts = remembered.get(header);
  if (accepts === undefined) {
    accepts = weighGzip(header);
    if (remembered.size >= REMEMBERED_MAX) remembered.clear();
    remembered.set(header, accepts);
  }
  return accepts;
}

/**
 * Whether an `If-None-Match` names one of the entity tags: weak comparison, so `W/"x"` names `"x"`.
 *
 * @param etags quoted, strong
 */
export function matchesAny(header: string, etags: readonly string[]): boolean {
  if (etags.includes(header)) return true;
  if (header.trim() === "*") return true;
  for (const match of header.matchAll(/"[^"]*"/g)) {
    if (etags.includes(match[0])) return true;
  }
  return false;
}
