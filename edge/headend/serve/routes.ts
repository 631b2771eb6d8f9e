/**
 * Every route that boxes reach, on one page. What they give comes from the snapshot; what they take goes to
 * the outbox, which has it on disk before the reply. `/status` and `/metrics` stand elsewhere.
 */
import { type Context, Hono } from "hono";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { type Airing, airingsRequestSchema } from "../../../shared/protocol/airings.ts";
import { type Answer, answersRequestSchema, type Receipt } from "../../../shared/protocol/answers.ts";
import type { Handler, Peer } from "../../../shared/runtime/serve.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Admission } from "./admission.ts";
import type { CheckBox } from "./box-token.ts";
import { type CachedBody, createCachedBody, type Gzip } from "./cached-body.ts";
import { type Counters, countReply } from "./counters.ts";
import { CACHE_NONE, COMMON_HEADERS, JSON_TYPE, PREFLIGHT_HEADERS } from "./headers.ts";
import { makeOpenApi } from "./openapi.ts";
import { errorReply, thrownReply } from "./problem-reply.ts";
import { readBody } from "./request-body.ts";
import { type CueTally, makeResults } from "./results-view.ts";
import type { Snapshot } from "./snapshot.ts";
import { createStaticSite, type StaticFiles } from "./static-files.ts";

/** Where answers and airings go, and where tallies come from. */
export interface Intake {
  /**
   * Resolves once all are on disk.
   *
   * @throws {CuecastError} 503 when they cannot be stored now; nothing of them was
   */
  answers(box: string, answers: readonly Answer[]): Promise<Receipt[]>;
  /** @returns how many were taken in */
  airings(box: string, airings: readonly Airing[]): Promise<number>;
  tally(cue: string): CueTally | undefined | Promise<CueTally | undefined>;
}

export interface EdgePorts {
  /** What is served now; undefined until there is one. Read anew by every request. */
  snapshot(): Snapshot | undefined;
  intake: Intake;
  checkBox: CheckBox;
  admission: Admission;
  counters: Counters;
  clock: Clock;
  log: Log;
  gzip?: Gzip | undefined;
  files: StaticFiles;
  /** This software's version. */
  software: string;
}

type EdgeEnv = { Bindings: Peer };

/** Boxes that ask before there is anything to serve come back after this, ms. */
const NOT_READY_RETRY_MS = 5_000;

const notFound = (what: string, code: string) =>
  new CuecastError(`Cannot find ${what}`, { code, status: 404 });

export interface EdgeApp {
  /** For a server: the hottest route straight, everything else through the router. */
  handle: Handler;
  routes: { method: string; path: string }[];
}

export function createEdgeApp(ports: EdgePorts): EdgeApp {
  const { clock, counters, log, gzip } = ports;
  const json = (value: unknown) =>
    createCachedBody(JSON.stringify(value), { contentType: JSON_TYPE, cacheControl: CACHE_NONE, gzip });

  const snapshot = (): Snapshot => {
    const current = ports.snapshot();
    if (current) return current;
    throw new CuecastError("Cannot serve yet: this edge has no publication, see its status page", {
      code: "no-snapshot",
      status: 503,
      retryable: true,
      retryAfterMs: NOT_READY_RETRY_MS,
    });
  };

  const sendSchedule = (request: Request, channel: string): Response => {
    counters.pulls++;
    const view = snapshot().channel(channel);
    if (view) {
      const body = view.scheduleAt(clock.wallMs());
      counters.askedAgainMs += view.refreshMs();
      return body.reply(request);
    }
    throw notFound(
      `the schedule of ${channel}: this region's line-up has no such channel`,
      "unknown-channel",
    );
  };

  const send = (context: Context<EdgeEnv>, body: CachedBody | undefined, what: string, code: string) => {
    if (!body) throw notFound(what, code);
    return body.reply(context.req.raw);
  };

  const versionOf = (context: Context<EdgeEnv>): number | undefined => {
    const text = context.req.query("version");
    if (text === undefined) return undefined;
    if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
    throw new CuecastError("Cannot read the version: it is not a whole number from 1", {
      code: "malformed-version",
      status: 400,
    });
  };

  const sendResults = async (context: Context<EdgeEnv>, id: string) => {
    const nowMs = clock.wallMs();
    const found = snapshot().cue(id, nowMs);
    const tally = found && (await ports.intake.tally(id));
    const results = found && makeResults(found.cue, found.published, tally, nowMs);
    const what = `results of cue ${id}: there are none that may be seen`;
    return send(context, results && json(results), what, "no-results");
  };

  /** Takes a post in, within the limits, and gives its bytes back to them whatever happens. */
  const admitted = async (context: Context<EdgeEnv>, take: () => Promise<object>): Promise<Response> => {
    const leave = ports.admission.enter(context.req.raw, context.env?.address ?? "");
    try {
      return new Response(JSON.stringify(await take()), {
        headers: { ...COMMON_HEADERS, "content-type": JSON_TYPE, "cache-control": CACHE_NONE },
      });
    } finally {
      leave();
    }
  };

  const app = new Hono<EdgeEnv>();

  app.get("/v1/time", () => {
    const headers = { ...COMMON_HEADERS, "content-type": JSON_TYPE, "cache-control": CACHE_NONE };
    return new Response(`{"timeMs":${clock.wallMs()}}`, { headers });
  });
  app.get("/v1/channels", (context) => send(context, snapshot().lineUp, "the line-up", "unknown"));
  app.get("/v1/channels/:channel/schedule", (context) =>
    sendSchedule(context.req.raw, context.req.param("channel")),
  );
  app.get("/v1/interactions/:id", (context) => {
    const id = context.req.param("id");
    const version = versionOf(context);
    const name = version === undefined ? id : `${id}, version ${version}`;
    const body = snapshot().interaction(id, version, clock.wallMs());
    return send(context, body, `interaction ${name}: it is not published`, "unknown-interaction");
  });
  app.get("/v1/images/:sha256", (context) => {
    const sha256 = context.req.param("sha256");
    return send(context, snapshot().image(sha256), `image ${sha256}: it is not published`, "unknown-image");
  });
  app.get("/v1/cues/:id/results", (context) => sendResults(context, context.req.param("id")));
  app.post("/v1/answers", (context) =>
    admitted(context, async () => {
      const { box, answers } = await readBody(context.req.raw, answersRequestSchema);
      await ports.checkBox(context.req.raw, box);
      const receipts = await ports.intake.answers(box, answers);
      for (const { status } of receipts) counters.receipts[status] = (counters.receipts[status] ?? 0) + 1;
      return { receipts };
    }),
  );
  app.post("/v1/airings", (context) =>
    admitted(context, async () => {
      const { box, airings } = await readBody(context.req.raw, airingsRequestSchema);
      await ports.checkBox(context.req.raw, box);
      const accepted = await ports.intake.airings(box, airings);
      counters.airings += accepted;
      return { accepted };
    }),
  );
  app.get("/healthz", (context) => json({ status: "ok" }).reply(context.req.raw));
  app.get("/readyz", (context) => {
    const { epoch, revision } = snapshot().position;
    return json({ status: "ready", epoch, revision }).reply(context.req.raw);
  });
  const site = createStaticSite(ports.files, gzip);
  const sendFile = (context: Context<EdgeEnv>) =>
    send(context, site.get(context.req.path), `${context.req.path}: there is no such file`, "unknown-file");
  app.get(
    "/tv",
    () =>
      new Response(null, {
        status: 308,
        headers: { ...COMMON_HEADERS, "cache-control": CACHE_NONE, location: "/tv/" },
      }),
  );
  app.get("/tv/*", sendFile);
  app.get("/box/*", sendFile);
  const openApi = json(makeOpenApi(ports.software));
  app.get("/openapi.json", (context) => openApi.reply(context.req.raw));

  // What is left at a known path is another method.
  const methods = new Map<string, string>();
  for (const { method, path } of app.routes) {
    methods.set(path, method === "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS");
  }
  for (const [path, allow] of methods) {
    app.all(path, (context) => {
      const what = `${context.req.method} ${context.req.path}: only ${allow} are possible here`;
      const error = new CuecastError(`Cannot ${what}`, { code: "method-not-allowed", status: 405 });
      return errorReply(error, { allow });
    });
  }
  app.notFound((context) =>
    errorReply(notFound(`${context.req.path}: there is no such address`, "unknown-path")),
  );
  app.onError((error) => fail(error));

  const fail = (thrown: unknown): Response => {
    const expected = thrown instanceof CuecastError;
    if (!expected || thrown.status >= 500) {
      if (!expected) {
        counters.failures++;
        log.error("request-failed", { why: errorMessage(thrown) });
      } else counters.shed++;
    } else if (thrown.status === 429) counters.shed++;
    return thrownReply(thrown);
  };

  const answer = (request: Request, peer: Peer): Response | Promise<Response> => {
    const { method } = request;
    if (method === "OPTIONS") return new Response(null, { status: 204, headers: PREFLIGHT_HEADERS });
    const channel = method === "GET" ? channelOfSchedule(request.url) : undefined;
    if (channel === undefined) return app.fetch(request, peer);
    try {
      return sendSchedule(request, channel);
    } catch (error) {
      return fail(error);
    }
  };

  return {
    handle(request, peer) {
      const startMs = clock.monotonicMs();
      const reply = answer(request, peer);
      if (reply instanceof Response) {
        countReply(counters, reply.status, clock.monotonicMs() - startMs);
        return reply;
      }
      return reply.then((late) => {
        countReply(counters, late.status, clock.monotonicMs() - startMs);
        return late;
      });
    },
    routes: app.routes.map(({ method, path }) => ({ method, path })),
  };
}

const SCHEDULE_PATH = /^[a-z]+:\/\/[^/]+\/v1\/channels\/([A-Za-z0-9._:~-]+)\/schedule(?:\?|$)/;

/** The channel, when the address is a schedule's without anything to decode; those with go through the router. */
function channelOfSchedule(url: string): string | undefined {
  return SCHEDULE_PATH.exec(url)?.[1];
}
