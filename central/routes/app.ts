/**
 * The application made of the routes: one place that lets people and edges in, reads bodies within their
 * limits, checks them, writes the audit, and turns every failure into a problem.
 */
import { Hono } from "hono";
import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import type { Log } from "../../shared/log.ts";
import { CENTRAL_PART, PART_HEADER } from "../../shared/protocol/part-header.ts";
import { idSchema } from "../../shared/protocol/primitives.ts";
import type { ClientAddress } from "../../shared/runtime/client-address.ts";
import type { Audit } from "../people/audit.ts";
import type { Asker, People } from "../people/people.ts";
import { type Action, askerMayDo, mayDo } from "../people/roles.ts";
import type { EdgeRecord } from "../store/fleet.ts";
import { JSON_BYTES_MAX, parseWith, readJson, refuseHarmfulCharacters, refuseUnknownFields } from "./body.ts";
import { isKnown } from "./match.ts";
import { openApi } from "./openapi.ts";
import { asCuecastError, problemResponse } from "./problem.ts";
import { actionOf, type Route, Tagged } from "./route.ts";

export const SESSION_COOKIE = "cuecast_session";
/** Any value; a form on another site cannot send it. */
const OWN_HEADER = "x-cuecast";

interface Ports {
  people: People;
  audit: Audit;
  fleet: { byToken(token: string): Promise<EdgeRecord | undefined> };
  log: Log;
  /** After people changed something. */
  onChanged(path: string): void;
  /** Keyed: stands for a box in the audit. */
  hashBox(box: string): string;
  /** Of this program. */
  version: string;
  /** For the audit and the throttle. */
  clientAddress: ClientAddress;
}

/** What of an asker keeps an action from them. */
function whyNot({ role, scope, person, personRole }: Asker, action: Action): string {
  if (scope?.includes(action) === false) return "its scope";
  if (personRole !== undefined && role !== undefined && mayDo(role, action))
    return `${person}, who answers for it, has the role ${personRole}, which`;
  return `the role ${role}`;
}

const NOBODY: Asker = { kind: "nobody", name: "" };

function cookieOf(request: Request): string | undefined {
  for (const pair of (request.headers.get("cookie") ?? "").split(";")) {
    const [name, value] = pair.trim().split("=", 2);
    if (name === SESSION_COOKIE && value) return value;
  }
  return undefined;
}

const bearerOf = (request: Request) =>
  /^Bearer +(\S+)$/i.exec(request.headers.get("authorization") ?? "")?.[1];

/** Whether central's own page asks, or another; undefined: no page says so. */
function ownPage(request: Request): boolean | undefined {
  if (request.headers.has(OWN_HEADER)) return true;
  const origin = request.headers.get("origin");
  if (!origin) return undefined;
  return (
    URL.canParse(origin) &&
    new URL(origin).host === (request.headers.get("host") ?? new URL(request.url).host)
  );
}

const foreignOrigin = () =>
  new CuecastError("Cannot take this from another site: its origin is not central's", {
    code: "foreign-origin",
    status: 403,
  });

export function createApp(routes: readonly Route[], ports: Ports): Hono<{ Bindings: { address?: string } }> {
  const { people, audit, fleet, log, onChanged, hashBox, version, clientAddress } = ports;
  const app = new Hono<{ Bindings: { address?: string } }>();
  const safe = (request: Request) => request.method === "GET" || request.method === "HEAD";

  /** With what names a box replaced by its hash: two entries on one box can be told to be so, and no more. */
  function masked(given: unknown, names: readonly string[]): unknown {
    if (names.length === 0 || typeof given !== "object" || given === null) return given;
    return Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        names.includes(name) ? hashBox(String(value)) : value,
      ]),
    );
  }

  async function letIn(
    route: Route,
    request: Request,
  ): Promise<{ asker: Asker; edge?: EdgeRecord | undefined; session?: string | undefined }> {
    if (route.access === "open") {
      // Signing in and out: no cookie is needed, so a tool that is no page may; a page of another site may not.
      if (!safe(request) && ownPage(request) === false) throw foreignOrigin();
      return { asker: NOBODY, session: cookieOf(request) };
    }
    const token = bearerOf(request);
    if (route.access === "edge") {
      const edge = token === undefined ? undefined : await fleet.byToken(token);
      if (edge) return { asker: { kind: "edge", name: edge.id }, edge };
      throw new CuecastError("Cannot let this edge in: its uplink token is missing, unknown or revoked", {
        code: "unknown-edge",
        status: 401,
      });
    }
    const session = token === undefined ? cookieOf(request) : undefined;
    const asker =
      token !== undefined
        ? await people.byToken(token)
        : session
          ? await people.bySession(session)
          : undefined;
    if (!asker) {
      throw new CuecastError("Cannot let you in: sign in, or send a valid API token", {
        code: "not-signed-in",
        status: 401,
      });
    }
    // A browser sends a session's cookie for any page.
    if (asker.kind === "person" && !safe(request) && !ownPage(request)) throw foreignOrigin();
    const action = actionOf(route);
    if (!askerMayDo(asker, action)) {
      const why = whyNot(asker, action);
      throw new CuecastError(`Cannot let ${asker.name} do this: ${why} may not ${action}; ask an admin`, {
        code: "not-allowed",
        status: 403,
      });
    }
    return { asker, session };
  }

  async function answer(route: Route, request: Request, raw: Record<string, string>, address: string) {
    const { asker, edge, session } = await letIn(route, request);
    const params: Record<string, string> = {};
    for (const [name, value] of Object.entries(raw)) params[name] = parseWith(idSchema, value, name);
    const query = Object.fromEntries(new URL(request.url).searchParams);
    const body = route.body && (await readJson(request, route.bodyBytesMax ?? JSON_BYTES_MAX));
    let change: { subject?: string; before?: unknown; after?: unknown } = {};
    let isUnchanged = false;
    const call = {
      params,
      query: route.query ? parseWith(route.query, query, "query") : undefined,
      body: route.body ? (route.read?.(body) ?? parseWith(route.body, body, "body")) : undefined,
      asker,
      edge,
      request,
      address,
      session,
      stillIn: () =>
        letIn(route, request).then(
          () => true,
          () => false,
        ),
      changed: (subject: string, before: unknown, after: unknown) => {
        change = { subject, before, after };
      },
      unchanged: () => {
        isUnchanged = true;
      },
    };
    // What is wrong comes first: it says more than that a field is not known.
    if (route.body && route.access !== "edge" && !route.path.startsWith("/uplink/")) {
      refuseUnknownFields(route.body, body, Object.keys(params));
      if (!route.secret) refuseHarmfulCharacters(body);
    }
    const reply = await route.handle(call as never);
    if (!isUnchanged && (route.audited ?? (route.access === "people" && !safe(request)))) {
      const { id: subject } = params;
      const kept = (given: unknown) => masked(given, route.pseudonyms ?? []);
      await audit.write({
        ...{ who: `${asker.kind}:${asker.name}`, what: `${route.method} ${route.path}`, address, subject },
        ...change,
        detail: { params: kept(params), query, ...(!route.secret && { body: kept(body) }) },
      });
      onChanged(route.path);
    }
    if (reply instanceof Response) return reply;
    const headers = { "content-type": "application/json", "cache-control": "no-store" };
    if (reply === undefined)
      return new Response(null, { status: 204, headers: { "cache-control": "no-store" } });
    const tagged = reply instanceof Tagged ? reply : undefined;
    if (tagged && !route.tagged) throw new Error(`Cannot tag ${route.path}: its route does not say so`);
    if (tagged && safe(request) && isKnown(request, tagged.tag)) {
      const { "content-type": _, ...rest } = headers;
      return new Response(null, { status: 304, headers: { ...rest, etag: tagged.tag } });
    }
    return new Response(JSON.stringify(tagged ? tagged.body : reply), {
      status: route.status ?? 200,
      headers: tagged ? { ...headers, etag: tagged.tag } : headers,
    });
  }

  app.use(async (c, next) => {
    await next();
    c.res.headers.set(PART_HEADER, CENTRAL_PART);
  });
  const byPath = new Map<string, Route[]>();
  for (const route of routes) byPath.set(route.path, [...(byPath.get(route.path) ?? []), route]);
  for (const [path, group] of byPath) {
    const pattern = path.replaceAll(/\{(\w+)\}/g, ":$1");
    for (const route of group) {
      app.on(route.method, pattern, (c) => {
        const address = clientAddress(c.env?.address ?? "", c.req.header("x-forwarded-for") ?? null);
        return answer(route, c.req.raw, c.req.param(), address);
      });
    }
    const allow = group.map((route) => route.method).join(", ");
    app.all(pattern, (c) => {
      const reply = problemResponse(
        new CuecastError(`Cannot ${c.req.method} here: this address takes ${allow}`, {
          code: "method-not-allowed",
          status: 405,
        }),
      );
      reply.headers.set("allow", allow);
      return reply;
    });
  }
  const document = JSON.stringify(openApi(routes, version));
  app.get("/openapi.json", () => new Response(document, { headers: { "content-type": "application/json" } }));
  app.notFound((c) =>
    problemResponse(
      new CuecastError(`Cannot find ${c.req.path.slice(0, 200)}: there is nothing at this address`, {
        code: "not-found",
        status: 404,
      }),
    ),
  );
  app.onError((error) => problemResponse(asCuecastError(error, log)));
  return app;
}

/** An instant in a query. */
export const instantParam = v.pipe(
  v.string(),
  v.regex(/^\d{1,15}$/, "Cannot take this: not a whole number of ms"),
  v.transform(Number),
);
