/**
 * Fetches a guide from its address: conditionally, within time and size, following few redirects. An operator
 * sets the address, so it may lie anywhere that central reaches; where a redirect leads, somebody else decides,
 * so it may not lead from a public host into a private network, nor from https to http.
 */
import { CuecastError } from "../../shared/errors.ts";

const REDIRECTS_MAX = 5;
const RETRY_AFTER_MAX_MS = 86_400_000;
/** Longest reason told in a runtime's words, characters. */
const REASON_MAX = 200;

export interface Validators {
  etag?: string | undefined;
  lastModified?: string | undefined;
}

export type Fetched =
  | { kind: "unchanged" }
  /** `length`: how many bytes there will be, where that was told. */
  | ({ kind: "guide"; bytes: AsyncIterable<Uint8Array>; length: number | undefined } & Validators);

export interface FetchLimits {
  /** As received. */
  bytesMax: number;
  /** Ends it at its time limit. */
  signal: AbortSignal;
  /** What to do where a certificate is not trusted; about central's `--ca` unless told. */
  trust?: string;
}

/** How replies are got: as they were sent, and without following redirects. */
export type GuideFetch = (
  url: URL,
  asked: { headers: Record<string, string>; signal: AbortSignal; redirect: "manual" },
) => Promise<Response>;

const failure = (state: string, more: { retryAfterMs?: number; cause?: unknown } = {}) =>
  new CuecastError(`Cannot fetch the guide: ${state}`, {
    code: "guide-not-fetched",
    status: 502,
    retryable: true,
    ...more,
  });

/** @throws {CuecastError} `guide-not-fetched`; the bytes throw it as well */
export async function fetchGuide(
  fetch: GuideFetch,
  address: string,
  known: Validators,
  limits: FetchLimits,
): Promise<Fetched> {
  const headers: Record<string, string> = {
    accept: "application/xml, text/xml, */*",
    // The reader unpacks it, as it does a file.
    "accept-encoding": "gzip",
    "user-agent": "cuecast",
  };
  if (known.etag !== undefined) headers["if-none-match"] = known.etag;
  if (known.lastModified !== undefined) headers["if-modified-since"] = known.lastModified;
  let url = new URL(address);
  for (let hop = 0; ; hop++) {
    const response = await ask(fetch, url, headers, limits);
    const { status } = response;
    const location = response.headers.get("location");
    if (status === 304) {
      await drop(response);
      return { kind: "unchanged" };
    }
    if (status >= 300 && status < 400 && location !== null) {
      await drop(response);
      if (hop >= REDIRECTS_MAX) throw failure(`it redirects more than ${REDIRECTS_MAX} times`);
      url = follow(url, location);
      continue;
    }
    if (status !== 200) {
      await drop(response);
      throw failure(`${url.host} answered ${status}`, { retryAfterMs: retryAfterMs(response) });
    }
    const encoding = response.headers.get("content-encoding")?.toLowerCase() ?? "";
    if (!["", "identity", "gzip", "x-gzip"].includes(encoding)) {
      await drop(response);
      throw failure(`${url.host} sends it as ${encoding.slice(0, 40)}; have it sent plain or as gzip`);
    }
    const length = lengthOf(response);
    if (length !== undefined && length > limits.bytesMax) {
      await drop(response);
      throw failure(`it has ${length} bytes, over the source's limit of ${limits.bytesMax}`);
    }
    return {
      kind: "guide",
      bytes: within(response.body, limits),
      length,
      etag: response.headers.get("etag") ?? undefined,
      lastModified: response.headers.get("last-modified") ?? undefined,
    };
  }
}

async function ask(
  fetch: GuideFetch,
  url: URL,
  headers: Record<string, string>,
  { signal, trust = "start central with --ca FILE, the authority that signed its certificate" }: FetchLimits,
): Promise<Response> {
  try {
    return await fetch(url, { headers, signal, redirect: "manual" });
  } catch (cause) {
    if (signal.aborted) throw failure("it did not answer within its time limit", { cause });
    throw failure(`${url.host} cannot be reached: ${whyUnreached(deepest(cause), url, trust)}`, { cause });
  }
}

/**
 * Ends at its time limit by itself: Deno 2.9 forgets to abort a body once its Response was collected as garbage, which
 * happens when only the body is read on.
 */
async function* within(
  body: ReadableStream<Uint8Array> | null,
  { bytesMax, signal }: FetchLimits,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  const stop = () => void reader.cancel().catch(() => {});
  signal.addEventListener("abort", stop);
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (signal.aborted) throw failure(`it was not whole within its time limit, after ${bytes} bytes`);
      if (done) return;
      bytes += value.length;
      if (bytes > bytesMax) throw failure(`it has over ${bytesMax} bytes, the source's limit`);
      yield value;
    }
  } catch (cause) {
    if (cause instanceof CuecastError) throw cause;
    const state = signal.aborted
      ? "it was not whole within its time limit"
      : `it broke off: ${deepest(cause).slice(0, REASON_MAX)}`;
    throw failure(`${state}, after ${bytes} bytes`, { cause });
  } finally {
    signal.removeEventListener("abort", stop);
    await reader.cancel().catch(() => {});
  }
}

function follow(from: URL, location: string): URL {
  if (!URL.canParse(location, from.href)) throw failure("it redirects to what is no address");
  const to = new URL(location, from);
  if (to.protocol !== "https:" && to.protocol !== "http:") {
    throw failure(`it redirects to a ${to.protocol} address; only http and https are fetched`);
  }
  if (from.protocol === "https:" && to.protocol === "http:") throw failure("it redirects from https to http");
  if (isPrivateHost(to.hostname) && !isPrivateHost(from.hostname)) {
    throw failure(`it redirects from a public host to ${to.hostname}, in a private network`);
  }
  return to;
}

/** Addresses written out and names that can mean nothing public; a name's own addresses are not looked up. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname
    .toLowerCase()
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "");
  if (/(^|\.)(localhost|local|internal|lan|home\.arpa)$/.test(host) || !/[.:]/.test(host)) return true;
  const mapped = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/.exec(host);
  if (mapped !== null) {
    const [high, low] = [Number.parseInt(mapped[1] ?? "", 16), Number.parseInt(mapped[2] ?? "", 16)];
    return isPrivateHost(`${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`);
  }
  if (host.includes(":")) return /^(::1?$|f[cd]|fe[89ab])/.test(host);
  const four = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(host);
  if (four === null) return false;
  const [a, b] = [Number(four[1]), Number(four[2])];
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168)
  );
}

function lengthOf(response: Response): number | undefined {
  const text = response.headers.get("content-length") ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Seconds only: a date would hold our clock against theirs. */
function retryAfterMs(response: Response): number {
  const text = response.headers.get("retry-after") ?? "";
  return /^\d{1,6}$/.test(text) ? Math.min(RETRY_AFTER_MAX_MS, Number(text) * 1000) : 0;
}

/** A connection that is not read to its end is not used again. */
async function drop(response: Response): Promise<void> {
  await response.body?.cancel().catch(() => {});
}

/** Deno puts the whole address before the reason, with what its query holds, which nobody is told. */
const BEFORE_REASON = /error sending request for url \(\S*\): (client error \(\w+\): )?/g;
const UNTRUSTED = /UnknownIssuer|self.signed|unable to (get|verify)|SELF_SIGNED|UNABLE_TO/i;

function whyUnreached(reason: string, url: URL, trust: string): string {
  const words = reason.replaceAll(BEFORE_REASON, "").replaceAll(url.href, url.host).slice(0, REASON_MAX);
  return UNTRUSTED.test(words) ? `${words}; ${trust}` : words;
}

/** The innermost cause: `fetch failed` says nothing. */
function deepest(thrown: unknown): string {
  let error = thrown;
  for (let depth = 0; depth < 8 && error instanceof Error && error.cause instanceof Error; depth++) {
    error = error.cause;
  }
  const { code } = (error ?? {}) as { code?: unknown };
  const message = error instanceof Error ? error.message : String(error);
  return message || String(code ?? "unknown");
}
