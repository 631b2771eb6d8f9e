/** The reference television and the box's bundle, from memory. They are read once, when the edge starts. */
import { type CachedBody, createCachedBody, type Gzip } from "./cached-body.ts";
import { CACHE_NONE, type HeaderRecord } from "./headers.ts";

/** Path below the site (`tv/index.html`) → content. */
export type StaticFiles = ReadonlyMap<string, Uint8Array>;

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json; charset=utf-8",
  map: "application/json; charset=utf-8",
  svg: "image/svg+xml",
  png: "image/png",
  jpg: "image/jpeg",
  webp: "image/webp",
  woff2: "font/woff2",
  txt: "text/plain; charset=utf-8",
};
/** A few files that never change: what every television loads is made as small as it can be. */
const GZIP_LEVEL = 9;
/** Compressed already. */
const PACKED = new Set(["png", "jpg", "webp", "woff2"]);

/**
 * A page here runs its own scripts only, may ask any edge, and may show pictures from the line-up's
 * addresses and the ones it draws itself.
 */
export const PAGE_HEADERS: HeaderRecord = {
  "content-security-policy":
    "default-src 'self'; connect-src 'self' http: https:; img-src 'self' data: blob: http: https:; " +
    "style-src 'self' 'unsafe-inline'; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'none'",
  "referrer-policy": "no-referrer",
};

/** @returns by request path, `/tv/` included for its index page */
export function createStaticSite(files: StaticFiles, gzip?: Gzip): ReadonlyMap<string, CachedBody> {
  const site = new Map<string, CachedBody>();
  for (const [path, bytes] of files) {
    const ending = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
    const body = createCachedBody(bytes, {
      contentType: TYPES[ending] ?? "application/octet-stream",
      cacheControl: CACHE_NONE,
      gzip: !gzip || PACKED.has(ending) ? undefined : (plain) => gzip(plain, GZIP_LEVEL),
      headers: ending === "html" ? PAGE_HEADERS : {},
    });
    site.set(`/${path}`, body);
    if (path.endsWith("/index.html")) site.set(`/${path.slice(0, -"index.html".length)}`, body);
  }
  return site;
}
