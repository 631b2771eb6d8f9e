/** A body that is made once and sent many times, with its headers: plain, gzip and 304. */
import { createHash } from "node:crypto";
import { acceptsGzip, matchesAny } from "./conditional.ts";
import { COMMON_HEADERS, type HeaderRecord } from "./headers.ts";

/** The runtime's gzip. */
export type Gzip = (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>;

export interface BodySettings {
  contentType: string;
  cacheControl: string;
  /** Absent: sent as it is (images are compressed already). */
  gzip?: Gzip | undefined;
  /** Beside those that every reply has. */
  headers?: HeaderRecord;
}

export interface CachedBody {
  /** Strong, quoted, made from the content alone: equal on every edge. */
  readonly etag: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** 200 with the body that suits the request, or 304. `HEAD` is the caller's affair. */
  reply(request: Request): Response;
}

/** 128 bits of SHA-256: enough that no two contents meet by chance. */
const ETAG_CHARACTERS = 22;

const encoder = new TextEncoder();

export function createCachedBody(content: string | Uint8Array, settings: BodySettings): CachedBody {
  const bytes = (typeof content === "string" ? encoder.encode(content) : content) as Uint8Array<ArrayBuffer>;
  const digest = createHash("sha256").update(bytes).digest("base64url").slice(0, ETAG_CHARACTERS);
  const etag = `"${digest}"`;
  const etagGzip = `"${digest}-gz"`;
  const etags = [etag, etagGzip];
  const { gzip } = settings;
  const shared: HeaderRecord = {
    ...COMMON_HEADERS,
    ...settings.headers,
    "cache-control": settings.cacheControl,
    vary: "Accept-Encoding",
  };
  const full = (tag: string, length: number, more: HeaderRecord = {}): ResponseInit => ({
    headers: {
      ...shared,
      "content-type": settings.contentType,
      "content-length": String(length),
      etag: tag,
      ...more,
    },
  });
  const plain = full(etag, bytes.length);
  const notModified: ResponseInit = { status: 304, headers: { ...shared, etag } };
  const notModifiedGzip: ResponseInit = { status: 304, headers: { ...shared, etag: etagGzip } };
  let compressed: { bytes: Uint8Array<ArrayBuffer>; init: ResponseInit } | undefined;

  return {
    etag,
    bytes,
    reply(request) {
      const compress = gzip !== undefined && acceptsGzip(request.headers.get("accept-encoding"));
      const known = request.headers.get("if-none-match");
      if (known !== null && matchesAny(known, etags)) {
        return new Response(null, compress ? notModifiedGzip : notModified);
      }
      if (!compress) return new Response(bytes, plain);
      if (!compressed) {
        const small = gzip(bytes);
        compressed = {
          bytes: small,
          init: full(etagGzip, small.length, { "content-encoding": "gzip" }),
        };
      }
      return new Response(compressed.bytes, compressed.init);
    },
  };
}
