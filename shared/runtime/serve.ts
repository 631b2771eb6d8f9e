/** An HTTP or HTTPS server for a fetch handler: Deno's own, or Node's through Hono's adapter. */
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
    const { url, headers, signal } = request;
    const reply = await handler(new Request(url, { headers, signal }), peer);
    const told = new Headers(reply.headers);
    if (reply.body && !told.has("content-length")) {
      told.set("content-length", String((await reply.arrayBuffer()).byteLength));
    } else await reply.body?.cancel();
    return new Response(null, { status: reply.status, headers: told });
  };
  return (request, peer) => (request.method === "HEAD" ? head(request, peer) : handler(request, peer));
}

/**
 * A handler whose running requests can be waited for: a runtime's own close ends connections, and what a handler
 * does behind a connection that was cut would find its databases closed.
 */
function withEnd(handler: Handler): { handler: Handler; end(): void; idle(withinMs: number): Promise<void> } {
  const running = new Set<Promise<unknown>>();
  let ending = false;
  return {
    handler(request, peer) {
      if (ending) {
        // On a connection that was kept alive: a new one is no longer taken.
        const headers = { connection: "close", "cache-control": "no-store", "retry-after": "1" };
        return new Response(null, { status: 503, headers });
      }
      const reply = handler(request, peer);
      if (reply instanceof Response) return reply;
      running.add(reply);
      const leave = () => running.delete(reply);
      reply.then(leave, leave);
      return reply;
    },
    end() {
      ending = true;
    },
    async idle(withinMs) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, withinMs);
      });
      await Promise.race([Promise.allSettled([...running]), late]);
      clearTimeout(timer);
    },
  };
}

interface RuntimeServer {
  port: number;
  close(graceMs: number): Promise<void>;
}

async function serveOnDeno(
  handler: Handler,
  hostname: string,
  port: number,
  tls: ServeTls,
): Promise<RuntimeServer> {
  const server = (() => {
    try {
      return Deno.serve(
        {
          hostname,
          port,
          ...(tls && { cert: tls.cert, key: tls.key }),
          onListen() {},
          onError: () => new Response(null, { status: 500 }),
        },
        (request, info) => handler(request, { address: (info.remoteAddr as Deno.NetAddr).hostname }),
      );
    } catch (cause) {
      throw cannotListen(hostname, port, cause);
    }
  })();
  return {
    port: (server.addr as Deno.NetAddr).port,
    async close(graceMs) {
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
  handler: Handler,
  hostname: string,
  port: number,
  tls: ServeTls,
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
  const server = tls
    ? https.createServer({ cert: tls.cert, key: tls.key }, listener)
    : http.createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(cannotListen(hostname, port, cause)));
    server.listen(port, hostname, resolve);
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

/** @throws {CuecastError} `cannot-listen` when the port is taken or forbidden */
export async function serve(
  handler: Handler,
  settings: { hostname: string; port: number; tls?: ServeTls },
): Promise<Server> {
  const start = "Deno" in globalThis ? serveOnDeno : serveOnNode;
  const ending = withEnd(withHead(handler));
  const server = await start(ending.handler, settings.hostname, settings.port, settings.tls);
  return {
    port: server.port,
    async close(graceMs = 2000) {
      ending.end();
      await server.close(graceMs);
      await ending.idle(graceMs);
    },
  };
}
