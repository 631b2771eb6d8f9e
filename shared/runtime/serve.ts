/** An HTTP or HTTPS server for a fetch handler: Deno's own, or Node's through Hono's adapter. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { errorMessage } from "../errors.ts";
import {
  createResponder,
  FetchRequest,
  type HotHandler,
  type HotReply,
  IncomingRequest,
  sendHot,
} from "./hot.ts";
import { cannotListen } from "./ports.ts";

/** What the connection tells of the asker. */
export interface Peer {
  address: string;
}
export type Handler = (request: Request, peer: Peer) => Response | Promise<Response>;

/** PEM, as `loadTlsFiles` gives them; absent for plain HTTP. */
export type ServeTls = { cert: string; key: string } | undefined;

export interface Server {
  /** The port that was really taken: useful when 0 was asked for. */
  port: number;
  /**
   * Takes no new request, lets replies end for up to `graceMs`, then cuts, and gives what still runs as long
   * again. Requests that are held open on purpose must be let go by whoever holds them.
   */
  close(graceMs?: number): Promise<void>;
}

/**
 * `HEAD` as `GET` without the body, its length told (RFC 9110, sections 8.6 and 9.3.2): the runtimes would say 0
 * of a body that a router has dropped.
 */
function withHead(handler: Handler): Handler {
  const head = async (request: Request, peer: Peer): Promise<Response> => {
    const { url, headers } = request;
    // Without its signal, which no handler looks at: Deno complains on stderr once somebody has taken it.
    const reply = await handler(new Request(url, { headers }), peer);
    const told = new Headers(reply.headers);
    if (reply.body && !told.has("content-length")) {
      told.set("content-length", String((await reply.arrayBuffer()).byteLength));
    } else await reply.body?.cancel();
    return new Response(null, { status: reply.status, headers: told });
  };
  return (request, peer) => (request.method === "HEAD" ? head(request, peer) : handler(request, peer));
}

/** What a kept-alive connection gets while the server ends: a new one is no longer taken. */
const ENDING: HotReply = {
  status: 503,
  headers: { connection: "close", "cache-control": "no-store", "retry-after": "1", "content-length": "0" },
  body: "",
};

/**
 * Knows which requests run: a runtime's own close ends connections, and what a handler does behind a connection
 * that was cut would find its databases closed.
 */
function createEnding() {
  let running = 0;
  let ending = false;
  let whenIdle = () => {};
  const leave = () => {
    running--;
    if (running === 0) whenIdle();
  };
  const track = <T extends object>(reply: T | Promise<T>): T | Promise<T> => {
    if (!(reply instanceof Promise)) return reply;
    running++;
    reply.then(leave, leave);
    return reply;
  };
  return {
    handler:
      (handler: Handler): Handler =>
      (request, peer) => {
        if (!ending) return track(handler(request, peer));
        return new Response(ENDING.body, { status: ENDING.status, headers: ENDING.headers });
      },
    hot:
      (hot: HotHandler): HotHandler =>
      (request) => {
        if (ending) return ENDING;
        const reply = hot(request);
        return reply === undefined ? undefined : track(reply);
      },
    end() {
      ending = true;
    },
    async idle(withinMs: number) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      const idle = new Promise<void>((resolve) => {
        whenIdle = resolve;
        if (running === 0) resolve();
      });
      await Promise.race([idle, late]);
      clearTimeout(timer);
    },
  };
}

/** Longer than the minute for which a proxy in front keeps its connections: it, not we, closes them. */
const KEEP_ALIVE_MS = 75_000;
/** For the headers, and for a whole request, of boxes: they send at most 64 KiB. Node's own limits elsewhere. */
const BOX_LIMITS = { keepAliveTimeout: KEEP_ALIVE_MS, headersTimeout: 15_000, requestTimeout: 30_000 };

interface Handlers {
  handler: Handler;
  hot: HotHandler | undefined;
}

interface Place {
  hostname: string;
  port: number;
  tls?: ServeTls;
  /** Other processes of this user listen there too; the kernel deals connections out among them. */
  sharedPort?: boolean;
  /** Told when the server broke, and listens again soon. */
  onBroken?: (why: string) => void;
}

/** Until a server that broke listens again, ms. */
const LISTEN_AGAIN_MS = 250;

interface RuntimeServer {
  port: number;
  close(graceMs: number): Promise<void>;
}

async function serveOnDeno(
  { handler, hot }: Handlers,
  { hostname, port, tls, sharedPort = false, onBroken }: Place,
): Promise<RuntimeServer> {
  const respond = createResponder();
  const answer = (request: Request, info: Deno.ServeHandlerInfo): Response | Promise<Response> => {
    const address = () => (info.remoteAddr as Deno.NetAddr).hostname;
    const reply = hot?.(new FetchRequest(request, address));
    if (reply === undefined) return handler(request, { address: address() });
    return reply instanceof Promise ? reply.then(respond) : respond(reply);
  };
  const listen = (on: number) =>
    Deno.serve(
      {
        hostname,
        port: on,
        reusePort: sharedPort,
        ...(tls && { cert: tls.cert, key: tls.key }),
        onListen() {},
        onError: () => new Response(null, { status: 500 }),
      },
      answer,
    );
  let server: Deno.HttpServer;
  try {
    server = listen(port);
  } catch (cause) {
    throw cannotListen(hostname, port, cause);
  }
  const taken = (server.addr as Deno.NetAddr).port;
  let closing = false;
  // Deno's server ends, and its connections with it, when a connection cannot be taken: no file descriptor is left.
  const goOn = () => {
    server.finished.catch((error) => {
      if (closing) return;
      onBroken?.(errorMessage(error));
      again();
    });
  };
  const again = () =>
    setTimeout(() => {
      if (closing) return;
      try {
        server = listen(taken);
        goOn();
      } catch {
        again();
      }
    }, LISTEN_AGAIN_MS);
  goOn();
  return {
    port: taken,
    async close(graceMs) {
      closing = true;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([server.shutdown(), grace]);
      clearTimeout(timer);
    },
  };
}

async function serveOnNode(
  { handler, hot }: Handlers,
  { hostname, port, tls, sharedPort = false }: Place,
): Promise<RuntimeServer> {
  const [{ getRequestListener }, http, https] = await Promise.all([
    import("@hono/node-server"),
    import("node:http"),
    import("node:https"),
  ]);
  const listener = getRequestListener((request, env) =>
    handler(request, {
      address: "incoming" in env ? (env.incoming.socket.remoteAddress ?? "") : "",
    }),
  );
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    const reply = hot?.(new IncomingRequest(incoming));
    if (reply === undefined) void listener(incoming, outgoing);
    else if (reply instanceof Promise) void reply.then((late) => sendHot(incoming, outgoing, late));
    else sendHot(incoming, outgoing, reply);
  };
  const limits = hot ? BOX_LIMITS : {};
  const server = tls
    ? https.createServer({ cert: tls.cert, key: tls.key, ...limits }, answer)
    : http.createServer(limits, answer);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotListen(hostname, port, cause)));
    server.listen({ port, host: hostname, reusePort: sharedPort }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    async close(graceMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/**
 * @param settings `hot`: asked first; what it leaves is the handler's
 * @throws {CuecastError} `cannot-listen` when the port is taken or forbidden
 */
export async function serve(handler: Handler, settings: Place & { hot?: HotHandler }): Promise<Server> {
  const start = "Deno" in globalThis ? serveOnDeno : serveOnNode;
  const { hot, ...place } = settings;
  const ending = createEnding();
  const handlers = { handler: ending.handler(withHead(handler)), hot: hot && ending.hot(hot) };
  const server = await start(handlers, place);
  return {
    port: server.port,
    async close(graceMs = 2000) {
      ending.end();
      await server.close(graceMs);
      await ending.idle(graceMs);
    },
  };
}
