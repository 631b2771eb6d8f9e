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
  /** Takes no new connection, lets replies end for up to `graceMs`, then cuts. */
  close(graceMs?: number): Promise<void>;
}

async function serveOnDeno(handler: Handler, hostname: string, port: number, tls: ServeTls): Promise<Server> {
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
    async close(graceMs = 2000) {
      let timer: ReturnType<typeof setTimeout> | undefined;
      const grace = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([server.shutdown(), grace]);
      clearTimeout(timer);
    },
  };
}

async function serveOnNode(handler: Handler, hostname: string, port: number, tls: ServeTls): Promise<Server> {
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
    async close(graceMs = 2000) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      const timer = setTimeout(() => server.closeAllConnections(), graceMs);
      await closed;
      clearTimeout(timer);
    },
  };
}

/** @throws {CuecastError} `cannot-listen` when the port is taken or forbidden */
export function serve(
  handler: Handler,
  settings: { hostname: string; port: number; tls?: ServeTls },
): Promise<Server> {
  const start = "Deno" in globalThis ? serveOnDeno : serveOnNode;
  return start(handler, settings.hostname, settings.port, settings.tls);
}
