/**
 * Every route that boxes reach, on one page. What they give comes from the snapshot; what they take goes to
 * the outbox, which has it on disk before the reply. `/status` and `/metrics` stand elsewhere.
 */
import { type Context, Hono } from "hono";
import { CuecastError, errorMessage } from "../../../shared/errors.ts";
import type { Log } from "../../../shared/log.ts";
import { type Airing, airingsRequestSchema } from "../../../shared/protocol/airings.ts";
import { type Answer, answersRequestSchema, type Receipt } from "../../../shared/protocol/answers.ts";
import { readAnswers } from "../../../shared/protocol/read-answers.ts";
import { type HotHandler, type HotReply, type HotRequest, toResponse } from "../../../shared/runtime/hot.ts";
import type { Handler, Peer } from "../../../shared/runtime/serve.ts";
import type { Clock } from "../../../shared/time/clock.ts";
import type { Admission } from "./admission.ts";
import type { CheckBox } from "./box-token.ts";
import { type CachedBody, createCachedBody, type Gzip } from "./cached-body.ts";
import { type Counters, countReply } from "./counters.ts";
import type { FrontFiles } from "./front-files.ts";
import { CACHE_NONE, COMMON_HEADERS, JSON_TYPE, PREFLIGHT_HEADERS } from "./headers.ts";
import { makeOpenApi } from "./openapi.ts";
import type { Pressure } from "./pressure.ts";
import { errorReply, thrownReply } from "./problem-reply.ts";
import { freshJson, hotRequest } from "./reply.ts";
import { askBody, parseBody } from "./request-body.ts";
import { type CueTally, makeResults, resultsVisible } from "./results-view.ts";
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
  /** Turns schedule pulls away when more is asked than can be answered; absent: none. */
  pressure?: Pick<Pressure, "shed"> | undefined;
  /** Told what is sent that nginx in front may answer by itself; absent: nobody looks. */
  front?: Pick<FrontFiles, "sent"> | undefined;
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
  /** Schedules, interactions and answers, without a router; undefined for everything else. */
  hot: HotHandler;
  /** Everything: the hot routes, and the router for the rest. */
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

  const sendSchedule = (request: HotRequest, channel: string): HotReply => {
    counters.pulls++;
    const busy = ports.pressure?.shed();
    if (busy) {
      counters.shed++;
      return busy;
    }
    const view = snapshot().channel(channel);
    if (view) {
      const body = view.scheduleAt(clock.wallMs());
      counters.askedAgainMs += view.refreshMs();
      ports.front?.sent(
        `/v1/channels/${channel}/schedule`,
        body,
        request,
        (nowMs) => ports.snapshot()?.channel(channel)?.isCurrent(body, nowMs) ?? false,
      );
      return body.reply(request);
    }
    throw notFound(
      `the schedule of ${channel}: this region's line-up has no such channel`,
      "unknown-channel",
    );
  };

  const sendInteraction = (request: HotRequest, id: string, version: number | undefined): HotReply => {
    const body = snapshot().interaction(id, version, clock.wallMs());
    if (body && version !== undefined) {
      // Never changes: it is current for as long as it is published.
      const isPublished = () => ports.snapshot()?.published(id, version) !== undefined;
      ports.front?.sent(`/v1/interactions/${id}?version=${version}`, body, request, isPublished);
    }
    if (body) return body.reply(request);
    const name = version === undefined ? id : `${id}, version ${version}`;
    throw notFound(`interaction ${name}: it is not published`, "unknown-interaction");
  };

  const hotOf = (context: Context<EdgeEnv>) => hotRequest(context.req.raw, context.env);

  const send = (context: Context<EdgeEnv>, body: CachedBody | undefined, what: string, code: string) => {
    if (!body) throw notFound(what, code);
    return toResponse(body.reply(hotOf(context)));
  };

  const versionOf = (context: Context<EdgeEnv>): number | undefined => {
    const [text, ...more] = context.req.queries("version") ?? [];
    if (text === undefined) return undefined;
    if (more.length === 0 && /^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
    throw new CuecastError("Cannot read the version: it is not one whole number from 1", {
      code: "malformed-version",
      status: 400,
    });
  };

  const sendResults = async (context: Context<EdgeEnv>, id: string) => {
    const nowMs = clock.wallMs();
    const found = snapshot().cue(id, nowMs);
    // Central is asked for what boxes may see alone.
    const visible = found && resultsVisible(found.cue, found.published, nowMs);
    const tally = visible ? await ports.intake.tally(id) : undefined;
    const results = found && makeResults(found.cue, found.published, tally, nowMs);
    const what = `results of cue ${id}: there are none that may be seen`;
    return send(context, results && json(results), what, "no-results");
  };

  // One function that waits for what it calls, not a chain of them: a post holds little while it waits.
  const takeAnswers = async (request: HotRequest): Promise<HotReply> => {
    const leave = ports.admission.enter(request);
    try {
      const { box, answers } = parseBody(await askBody(request), answersRequestSchema, readAnswers);
      const checking = ports.checkBox(request, box);
      if (checking) await checking;
      const receipts = await ports.intake.answers(box, answers);
      for (const { status } of receipts) counters.receipts[status] = (counters.receipts[status] ?? 0) + 1;
      return freshJson({ receipts });
    } finally {
      leave();
    }
  };

  const takeAirings = async (request: HotRequest): Promise<HotReply> => {
    const leave = ports.admission.enter(request);
    try {
      const { box, airings } = parseBody(await askBody(request), airingsRequestSchema);
      await ports.checkBox(request, box);
      const accepted = await ports.intake.airings(box, airings);
      counters.airings += accepted;
      return freshJson({ accepted });
    } finally {
      leave();
    }
  };

  const app = new Hono<EdgeEnv>();

  app.get("/v1/time", () => toResponse(freshJson({ timeMs: clock.wallMs() })));
  app.get("/v1/channels", (context) => {
    const { lineUp } = snapshot();
    ports.front?.sent("/v1/channels", lineUp, hotOf(context), () => ports.snapshot()?.lineUp === lineUp);
    return send(context, lineUp, "the line-up", "unknown");
  });
  app.get("/v1/channels/:channel/schedule", (context) =>
    toResponse(sendSchedule(hotOf(context), context.req.param("channel"))),
  );
  app.get("/v1/interactions/:id", (context) =>
    toResponse(sendInteraction(hotOf(context), context.req.param("id"), versionOf(context))),
  );
  app.get("/v1/images/:sha256", (context) => {
    const sha256 = context.req.param("sha256");
    return send(context, snapshot().image(sha256), `image ${sha256}: it is not published`, "unknown-image");
  });
  app.get("/v1/cues/:id/results", (context) => sendResults(context, context.req.param("id")));
  app.post("/v1/answers", async (context) => toResponse(await takeAnswers(hotOf(context))));
  app.post("/v1/airings", async (context) => toResponse(await takeAirings(hotOf(context))));
  app.get("/healthz", (context) => send(context, json({ status: "ok" }), "", ""));
  app.get("/readyz", (context) => {
    const { epoch, revision } = snapshot().position;
    return send(context, json({ status: "ready", epoch, revision }), "", "");
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
  app.get("/openapi.json", (context) => toResponse(openApi.reply(hotOf(context))));

  // What is left at a known path is another method.
  const methods = new Map<string, string>();
  for (const { method, path } of app.routes) {
    methods.set(path, method === "GET" ? "GET, HEAD, OPTIONS" : "POST, OPTIONS");
  }
  for (const [path, allow] of methods) {
    app.all(path, (context) => {
      const what = `${context.req.method} ${context.req.path}: only ${allow} are possible here`;
      const error = new CuecastError(`Cannot ${what}`, { code: "method-not-allowed", status: 405 });
      return toResponse(errorReply(error, { allow }));
    });
  }
  app.notFound((context) =>
    toResponse(errorReply(notFound(`${context.req.path}: there is no such address`, "unknown-path"))),
  );
  app.onError((error) => toResponse(fail(error)));

  const fail = (thrown: unknown): HotReply => {
    const expected = thrown instanceof CuecastError;
    if (!expected || thrown.status >= 500) {
      if (!expected) {
        counters.failures++;
        log.error("request-failed", { why: errorMessage(thrown) });
      } else counters.shed++;
    } else if (thrown.status === 429) counters.shed++;
    return thrownReply(thrown);
  };

  const done = <T extends { status: number }>(reply: T, startMs: number): T => {
    countReply(counters, reply.status, clock.monotonicMs() - startMs);
    return reply;
  };

  const hot: HotHandler = (request) => {
    const { method, url } = request;
    const startMs = clock.monotonicMs();
    if (method === "POST") {
      if (url !== "/v1/answers") return undefined;
      return takeAnswers(request).then(
        (reply) => done(reply, startMs),
        (error) => done(fail(error), startMs),
      );
    }
    if (method !== "GET") return undefined;
    try {
      const channel = SCHEDULE_PATH.exec(url)?.[1];
      if (channel !== undefined) return done(sendSchedule(request, channel), startMs);
      const found = INTERACTION_PATH.exec(url);
      if (!found) return undefined;
      return done(sendInteraction(request, found[1] as string, Number(found[2])), startMs);
    } catch (error) {
      return done(fail(error), startMs);
    }
  };

  const route = (request: Request, peer: Peer): Response | Promise<Response> => {
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: PREFLIGHT_HEADERS });
    return app.fetch(request, peer);
  };

  return {
    hot,
    handle(request, peer) {
      const quick = hot(hotRequest(request, peer));
      if (quick !== undefined) return quick instanceof Promise ? quick.then(toResponse) : toResponse(quick);
      const startMs = clock.monotonicMs();
      const reply = route(request, peer);
      return reply instanceof Response ? done(reply, startMs) : reply.then((late) => done(late, startMs));
    },
    routes: app.routes.map(({ method, path }) => ({ method, path })),
  };
}

/** Hot addresses hold nothing to decode; those that do go through the router. */
const SCHEDULE_PATH = /^\/v1\/channels\/([A-Za-z0-9._:~-]+)\/schedule(?:\?|$)/;
const INTERACTION_PATH = /^\/v1\/interactions\/([A-Za-z0-9._:~-]+)\?version=([1-9][0-9]{0,14})$/;
