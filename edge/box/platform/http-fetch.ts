/** HTTP for Deno and Node: `fetch`, with conditional requests by our own hand, since it keeps no cache. */
import type { Clock } from "../../../shared/time/clock.ts";
import type { Timers } from "../../../shared/time/timers.ts";
import type { Http, HttpReply, HttpRequest } from "../ports.ts";

/** Largest reply taken; a schedule of 48 h has some hundred KB. */
const REPLY_BYTES_MAX = 8 * 1024 * 1024;

async function readText(response: Response): Promise<string> {
  if (!response.body) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const part of response.body) {
    bytes += part.byteLength;
    if (bytes > REPLY_BYTES_MAX) throw new Error("Cannot take the reply: it is too large");
    text += decoder.decode(part, { stream: true });
  }
  return text + decoder.decode();
}

function headersOf(request: HttpRequest): Record<string, string> {
  const headers: Record<string, string> = { accept: "application/json" };
  if (request.body !== null) headers["content-type"] = "application/json";
  if (request.etag) headers["if-none-match"] = request.etag;
  if (request.token) headers.authorization = `Bearer ${request.token}`;
  return headers;
}

export function createFetchHttp(clock: Clock, timers: Timers): Http {
  async function ask(request: HttpRequest): Promise<HttpReply> {
    const abort = new AbortController();
    const disarm = timers.after(request.timeoutMs, () => abort.abort());
    const sentMs = clock.monotonicMs();
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: headersOf(request),
        body: request.body,
        signal: abort.signal,
        redirect: "error",
      });
      const receivedMs = clock.monotonicMs();
      const text = await readText(response);
      const etag = response.headers.get("etag");
      const retryAfter = response.headers.get("retry-after");
      return { status: response.status, text, etag, retryAfter, sentMs, receivedMs };
    } catch {
      const receivedMs = clock.monotonicMs();
      return { status: 0, text: "", etag: null, retryAfter: null, sentMs, receivedMs };
    } finally {
      disarm();
    }
  }
  return {
    send(request, done) {
      ask(request).then(done);
    },
  };
}
