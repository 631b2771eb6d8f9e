/** The headers that every reply to boxes carries, and the values that `Cache-Control` has. WIRE.md. */

/** A shared cache in front may answer for 2 s, and for a day when the edge does not. */
export const CACHE_SHARED = "max-age=0, s-maxage=2, stale-if-error=86400";
/** A year: the content never changes under this address. */
export const CACHE_IMMUTABLE = "public, max-age=31536000, immutable";
export const CACHE_NONE = "no-store";

export const JSON_TYPE = "application/json; charset=utf-8";

export type HeaderRecord = Record<string, string>;

/** Any origin may ask, and may read what it needs of the headers. */
export const COMMON_HEADERS: HeaderRecord = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "ETag, Retry-After",
  "x-content-type-options": "nosniff",
};

/** What `OPTIONS` says. Browsers cap the age themselves: two hours in Chromium, a day in Firefox. */
export const PREFLIGHT_HEADERS: HeaderRecord = {
  ...COMMON_HEADERS,
  "access-control-allow-methods": "GET, HEAD, POST, OPTIONS",
  "access-control-allow-headers": "Authorization, Content-Type, If-None-Match",
  "access-control-max-age": "86400",
  "cache-control": CACHE_NONE,
};
