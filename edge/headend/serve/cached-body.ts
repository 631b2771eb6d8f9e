/** A body that is made once and sent many times, with its headers: plain, gzip and 304. */
import { hash } from "node:crypto";
import type { HotReply, HotRequest } from "../../../shared/runtime/hot.ts";
import { acceptsGzip, matchesAny } from "./conditional.ts";
import { COMMON_HEADERS, type HeaderRecord } from "./headers.ts";

/** The runtime's gzip. */
export type Gzip = (bytes: Uint8Array<ArrayBuffer>, level?: number) => Uint8Array<ArrayBuffer>;

export interface BodySettings {
  contentType: string;
  cacheControl: string;
  /** Absent: sent as it is (images are compressed already). */
  gzip?: Gzip | undefined;
  /** Beside those that every reply has. */
  headers?: HeaderRecord;
  /** Eight characters of the content's SHA-256 in base 16; the first eight unless told. */
  tagOf?: (digest: string) => string;
}

/** How a body crosses the network. */
export type Form = "plain" | "gzip";

/** A body in one form. */
export interface BodyForm {
  form: Form;
  etag: string;
  bytes: Uint8Array<ArrayBuffer>;
}

export interface CachedBody {
  /** Strong, quoted, made from the content alone: equal on every edge. */
  readonly etag: string;
  /** Of the compressed form. */
  readonly etagGzip: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The form that suits a request. */
  formFor(request: Pick<HotRequest, "header">): Form;
  /** Compresses what was not sent so before. */
  inForm(form: Form): BodyForm;
  /** 200 with the body that suits the request, or 304. `HEAD` is the caller's affair. */
  reply(request: Pick<HotRequest, "header">): HotReply;
}

/** 32 bits of SHA-256, as many as nginx in front can read in a file's time; what changes has tags of its own: `given-tags.ts`. */
const ETAG_CHARACTERS = 8;

const encoder = new TextEncoder();

export function createCachedBody(content: string | Uint8Array, settings: BodySettings): CachedBody {
  const bytes = (typeof content === "string" ? encoder.encode(content) : content) as Uint8Array<ArrayBuffer>;
  const { tagOf = (whole: string) => whole.slice(0, ETAG_CHARACTERS) } = settings;
  const digest = tagOf(hash("sha256", bytes, "hex"));
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
  const full = (tag: string, body: Uint8Array<ArrayBuffer>, more: HeaderRecord = {}): HotReply => ({
    status: 200,
    headers: {
      ...shared,
      "content-type": settings.contentType,
      "content-length": String(body.length),
      etag: tag,
      ...more,
    },
    body,
    kept: true,
  });
  const notModifiedAs = (tag: string): HotReply => ({
    status: 304,
    headers: { ...shared, etag: tag },
    body: null,
    kept: true,
  });
  const plain = full(etag, bytes);
  const notModified = notModifiedAs(etag);
  const notModifiedGzip = notModifiedAs(etagGzip);
  let compressed: HotReply | undefined;
  const packed = (compress: Gzip) =>
    (compressed ??= full(etagGzip, compress(bytes), { "content-encoding": "gzip" }));
  const formFor = (request: Pick<HotRequest, "header">): Form =>
    gzip !== undefined && acceptsGzip(request.header("accept-encoding")) ? "gzip" : "plain";

  return {
    etag,
    etagGzip,
    bytes,
    formFor,
    inForm: (form) =>
      form === "gzip" && gzip
        ? { form, etag: etagGzip, bytes: packed(gzip).body as Uint8Array<ArrayBuffer> }
        : { form: "plain", etag, bytes },
    reply(request) {
      const compress = formFor(request) === "gzip";
      const known = request.header("if-none-match");
      if (known !== undefined && matchesAny(known, etags)) return compress ? notModifiedGzip : notModified;
      return compress && gzip ? packed(gzip) : plain;
    },
  };
}
