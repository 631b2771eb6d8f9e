/**
 * Hot routes: those that pass by the router, and on Node by `Request` and `Response` too. Here is what they get
 * and give, and the way to it from each runtime's server; `serve.ts` runs the servers.
 *
 * Measured on Deno 2.9.6, µs of processor time each: a 304 takes 13.5 through `Deno.serve`, 9.9 when its
 * `Response` is made once, 23.6 through `node:http`; a post of one answer 21 against 37. So Deno has its own.
 * A `Response` with a body and eight headers costs 7 to make for 1.8 KB and 18 for 16.6 KB (headers are compared with
 * one another, and the body is copied); a clone of one that was made before shares the body, and costs next to nothing.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { headerOf } from "./request-header.ts";

/** A request as far as a hot route needs it. */
export interface HotRequest {
  method: string;
  /** Path and query, as sent. */
  url: string;
  /** The asker's. */
  address: string;
  /** @param name in lower case */
  header(name: string): string | undefined;
  /** The whole body; `too-large` beyond `bytesMax`, `broken` when it ended before its end. */
  body(bytesMax: number): Promise<Uint8Array | "too-large" | "broken">;
}

export interface HotReply {
  status: number;
  /** In lower case; the length of bytes among them. The same object may be sent many times. */
  headers: Record<string, string>;
  /** Text is sent as it is, in UTF-8, and its length told: making bytes of it first costs a post 5 of 45 µs on Deno. */
  body: Uint8Array<ArrayBuffer> | string | null;
  /** Sent many times as it is: worth to be made ready once. */
  kept?: true;
}

/** Undefined: not a hot route. Must not throw. */
export type HotHandler = (request: HotRequest) => HotReply | Promise<HotReply> | undefined;

const readBody = (request: IncomingMessage, bytesMax: number) =>
  new Promise<Uint8Array | "too-large" | "broken">((resolve) => {
    if (Number(request.headers["content-length"] ?? 0) > bytesMax) return resolve("too-large");
    let first: Uint8Array | undefined;
    let rest: Uint8Array[] | undefined;
    let length = 0;
    request.on("data", (chunk: Uint8Array) => {
      length += chunk.length;
      if (length > bytesMax) {
        request.pause();
        resolve("too-large");
      } else if (!first) first = chunk;
      else if (rest) rest.push(chunk);
      else rest = [chunk];
    });
    request.on("end", () => {
      if (!first) resolve(new Uint8Array());
      else resolve(rest ? Buffer.concat([first, ...rest]) : first);
    });
    request.on("error", () => resolve("broken"));
    request.on("close", () => resolve("broken"));
  });

/** A request of `node:http` as hot routes see it. */
export class IncomingRequest implements HotRequest {
  readonly #incoming: IncomingMessage;
  readonly method: string;
  readonly url: string;
  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
    this.method = incoming.method ?? "";
    this.url = incoming.url ?? "";
  }
  get address(): string {
    return this.#incoming.socket.remoteAddress ?? "";
  }
  header(name: string): string | undefined {
    const value = this.#incoming.headers[name];
    return typeof value === "object" ? value.join(", ") : value;
  }
  body(bytesMax: number) {
    return readBody(this.#incoming, bytesMax);
  }
}

export function sendHot(incoming: IncomingMessage, outgoing: ServerResponse, reply: HotReply): void {
  // A body that was not read to its end would be taken for the next request.
  if (!incoming.complete && incoming.method === "POST") outgoing.shouldKeepAlive = false;
  const { status, headers, body } = reply;
  if (typeof body === "string") {
    outgoing.writeHead(status, { ...headers, "content-length": String(Buffer.byteLength(body)) });
    outgoing.end(body);
    return;
  }
  outgoing.writeHead(status, headers);
  if (body === null) outgoing.end();
  else outgoing.end(body);
}

/** The body as it streams in: its length was not told. */
async function readStream(body: ReadableStream<Uint8Array>, bytesMax: number) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > bytesMax) return "too-large";
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A fetch request as hot routes see it: each part is read when it is asked for. */
export class FetchRequest implements HotRequest {
  readonly #request: Request;
  readonly #address: () => string;
  readonly method: string;
  readonly url: string;
  constructor(request: Request, address: () => string) {
    this.#request = request;
    this.#address = address;
    this.method = request.method;
    const { url } = request;
    const path = url.indexOf("/", url.indexOf("//") + 2);
    this.url = path < 0 ? "/" : url.slice(path);
  }
  get address(): string {
    return this.#address();
  }
  header(name: string): string | undefined {
    return headerOf(this.#request, name) ?? undefined;
  }
  body(bytesMax: number): Promise<Uint8Array | "too-large" | "broken"> {
    const length = headerOf(this.#request, "content-length");
    if (length !== null) {
      // Not `bytes()`: the request that Hono's adapter makes on Node has none.
      return Number(length) > bytesMax ? TOO_LARGE : this.#request.arrayBuffer().then(toBytes, toBroken);
    }
    const { body } = this.#request;
    return body ? readStream(body, bytesMax).catch(toBroken) : NOTHING;
  }
}

const TOO_LARGE = Promise.resolve("too-large" as const);
const NOTHING = Promise.resolve(new Uint8Array());
const toBytes = (buffer: ArrayBuffer) => new Uint8Array(buffer);
const toBroken = () => "broken" as const;

export function toResponse({ status, headers, body }: HotReply): Response {
  return new Response(body, { status, headers });
}

/**
 * As `toResponse`, but what is kept becomes a `Response` once. One without a body may be given any number of times,
 * one with a body is cloned: its bytes and headers are then shared and not read again.
 */
export function createResponder(): (reply: HotReply) => Response {
  const made = new WeakMap<HotReply, Response>();
  return (reply) => {
    if (!reply.kept) return toResponse(reply);
    let response = made.get(reply);
    if (!response) {
      response = toResponse(reply);
      made.set(reply, response);
    }
    return reply.body === null ? response : response.clone();
  };
}
