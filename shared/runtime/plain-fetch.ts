/**
 * `fetch` by node:http, for what is too large for the runtimes' own ones (Deno 2.9):
 *
 * - Bodies arrive as they were sent. Deno's `fetch` unpacks `Content-Encoding: gzip` by itself, and cuts what several
 *   members make behind the first, without a word.
 * - A body goes with its length ahead where that is known. `fetch` sends a stream in chunks, and Deno's server moves
 *   what has arrived of these at each piece: 1 to 6 s of processor time for 100 MB.
 *
 * Redirects are not followed, and connections are not kept.
 */
import { once } from "node:events";
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { openSecureSocket } from "./secure-socket.ts";

/** Statuses whose replies have no body. */
const EMPTY = new Set([204, 205, 304]);

export interface PlainRequest {
  method?: string;
  headers?: Record<string, string>;
  /** Ends it, the body of its reply too. */
  signal?: AbortSignal;
  body?: AsyncIterable<Uint8Array>;
  /** How many bytes the body has; in chunks when that is not known. */
  length?: number | undefined;
}

/** @throws what the body and the line throw */
export async function plainFetch(url: URL, asked: PlainRequest = {}): Promise<Response> {
  const { method = "GET", headers = {}, signal, body, length } = asked;
  signal?.throwIfAborted();
  const socket = await openSecureSocket(url, signal);
  const request = (url.protocol === "https:" && !socket ? requestHttps : requestHttp)(url, {
    ...{ method, signal, agent: false },
    // Without an agent: none may give the socket to another request later.
    ...(socket && { protocol: "http:", defaultPort: 443, agent: undefined, createConnection: () => socket }),
    headers: { ...headers, ...(length !== undefined && { "content-length": length }) },
  });
  let over = false;
  const reply = new Promise<IncomingMessage>((resolve, reject) => {
    const end = () => {
      over = true;
      reject(new Error("the connection was closed"));
    };
    request.once("close", end);
    request.on("error", (error) => {
      over = true;
      reject(error);
    });
    request.once("response", (heard) => {
      over = true;
      resolve(heard);
    });
  });
  reply.catch(() => {});
  try {
    for await (const piece of body ?? []) {
      // Who refuses does not wait for the rest.
      if (over) break;
      if (!request.write(piece)) await Promise.race([once(request, "drain"), reply]);
    }
    request.end();
    const heard = await reply;
    return responseOf(heard);
  } catch (error) {
    request.destroy();
    throw error;
  }
}

function responseOf(heard: IncomingMessage): Response {
  const headers = new Headers();
  for (const [name, value] of Object.entries(heard.headers)) headers.set(name, String(value));
  const status = heard.statusCode ?? 0;
  if (EMPTY.has(status)) heard.resume();
  // Not `Readable.toWeb`, which copies each piece once more. The types of browsers have no `from` yet.
  const from = (ReadableStream as unknown as { from(bytes: AsyncIterable<Uint8Array>): ReadableStream }).from;
  const body = EMPTY.has(status) ? null : from(heard);
  return new Response(body, { status, headers });
}
