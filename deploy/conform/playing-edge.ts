/** An edge that plays the script to one box, and writes down everything that the box sends. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { interactionOf } from "./interactions.ts";
import { judged } from "./judged-answers.ts";
import { AT, type Course, interactionId, RETRY_AFTER_S, scheduleAt, VERSION } from "./script.ts";

/** Its clock is this far ahead: a box that goes by its own clock cannot be on time. */
const AHEAD_MS = 3 * 3_600_000 + 17 * 60_000 + 11_400;
const BODY_BYTES_MAX = 65_536;

export interface Asked {
  /** Edge time. */
  atMs: number;
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  etag: string | null;
  /** The tag of the reply that the box got for this path last. */
  lastEtag: string | null;
  body: unknown;
  contentType: string;
  /** 0: the connection was cut instead. */
  status: number;
  /** Keys that the reply made final. */
  receipted: string[];
  /** How many of its receipts were duplicates. */
  duplicates: number;
  /** Of the schedule that the reply told of. */
  revision: number | null;
}

export interface PlayingEdge {
  port: number;
  /** null until a box pulled. */
  course(): Course | null;
  nowMs(): number;
  asked: readonly Asked[];
  close(): Promise<void>;
}

interface Reply {
  status: number;
  body?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

async function readText(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const part of request) {
    text += part;
    if (text.length > BODY_BYTES_MAX) break;
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const keysOf = (body: unknown, field: "answers" | "airings"): string[] => {
  const list = (body as Record<string, unknown> | undefined)?.[field];
  return Array.isArray(list) ? list.map((item) => String((item as { key?: unknown })?.key)) : [];
};

export async function startPlayingEdge(host: string, port: number): Promise<PlayingEdge> {
  const nowMs = () => Date.now() + AHEAD_MS;
  const asked: Asked[] = [];
  let course: Course | null = null;
  let busyTold = false;
  let malformedTold = false;
  let inCutFetched = false;
  let answerPosts = 0;
  /** Keys taken in by a post whose reply was cut. */
  const taken = new Set<string>();
  const etags = new Map<string, string>();

  const seconds = () => (course === null ? -1 : (nowMs() - course.fromMs) / 1000);
  const isBetween = (from: number, until: number) => seconds() >= from && seconds() < until;
  const isCut = () => isBetween(inCutFetched ? AT.cutFrom : AT.cutLatest, AT.cutUntil);

  function schedule(entry: Asked): Reply {
    course ??= { fromMs: nowMs(), returnedMs: null };
    if (seconds() >= AT.cutUntil) course.returnedMs ??= nowMs();
    if (seconds() >= AT.busy && !busyTold) {
      busyTold = true;
      return { status: 503, headers: { "retry-after": String(RETRY_AFTER_S) } };
    }
    if (isBetween(AT.malformedFrom, malformedTold ? AT.malformedUntil : AT.afterMalformed)) {
      malformedTold = true;
      return { status: 200, text: "<html>Please log in</html>", headers: { "content-type": "text/html" } };
    }
    const body = scheduleAt(course, nowMs());
    entry.revision = body.revision;
    const etag = `"r${body.revision}"`;
    if (entry.etag === etag) return { status: 304, headers: { etag } };
    return { status: 200, body: { ...body, later: { unknown: true } }, headers: { etag } };
  }

  function interaction(entry: Asked): Reply {
    const id = entry.path.slice("/v1/interactions/".length);
    if (id === interactionId("embargoed") && seconds() < AT.embargoed) {
      return { status: 425, headers: { "retry-after": "1" } };
    }
    if (entry.query.get("version") !== String(VERSION)) return { status: 404 };
    if (id === interactionId("in-cut")) inCutFetched = true;
    return { status: 200, body: { ...interactionOf(id), later: "unknown" } };
  }

  /** The first post is taken in and its reply lost; then one is refused for a while. */
  function answers(entry: Asked): Reply | null {
    const keys = keysOf(entry.body, "answers");
    answerPosts++;
    if (answerPosts === 1) {
      for (const key of keys) taken.add(key);
      return null;
    }
    if (answerPosts === 3) return { status: 503, headers: { "retry-after": String(RETRY_AFTER_S) } };
    entry.receipted = keys;
    const worth = new Map((course ? judged(entry, course) : []).map((one) => [one.answer.key, one]));
    const receipts = keys.map((key) => {
      if (taken.has(key)) {
        entry.duplicates++;
        return { key, status: "duplicate" };
      }
      const { status = "accepted", reason } = worth.get(key) ?? {};
      return { key, status, reason };
    });
    for (const key of keys) taken.add(key);
    return { status: 200, body: { receipts } };
  }

  /** @returns null to cut the connection */
  function route(entry: Asked): Reply | null {
    if (isCut()) return null;
    const { method, path } = entry;
    if (method === "OPTIONS") return { status: 204 };
    if (path === "/v1/time") return { status: 200, body: { timeMs: Math.floor(nowMs()) } };
    if (path === "/v1/channels") {
      return {
        status: 200,
        body: { region: "conform", edges: [], channels: [{ id: "conform", number: 1, name: "Conformance" }] },
      };
    }
    if (/^\/v1\/channels\/[^/]+\/schedule$/.test(path)) return schedule(entry);
    if (path.startsWith("/v1/interactions/")) return interaction(entry);
    if (path === "/v1/answers" && method === "POST") return answers(entry);
    if (path === "/v1/airings" && method === "POST") {
      entry.receipted = keysOf(entry.body, "airings");
      return { status: 200, body: { accepted: entry.receipted.length } };
    }
    return { status: 404 };
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const atMs = nowMs();
    const url = new URL(request.url ?? "/", "http://edge");
    const text = request.method === "POST" ? await readText(request) : "";
    const path = decodeURIComponent(url.pathname);
    const etag = request.headers["if-none-match"] ?? null;
    const entry: Asked = {
      atMs,
      method: request.method ?? "GET",
      path,
      query: url.searchParams,
      etag,
      lastEtag: etags.get(path) ?? null,
      body: text === "" ? undefined : parse(text),
      contentType: request.headers["content-type"] ?? "",
      status: 0,
      receipted: [],
      duplicates: 0,
      revision: null,
    };
    asked.push(entry);
    const reply = route(entry);
    if (!reply) {
      request.socket.destroy();
      return;
    }
    entry.status = reply.status;
    const tag = reply.headers?.etag;
    if (tag) etags.set(path, tag);
    response.writeHead(reply.status, {
      "content-type": reply.status >= 400 ? "application/problem+json" : "application/json",
      "cache-control": tag ? "max-age=0" : "no-store",
      "access-control-allow-origin": "*",
      "access-control-allow-headers": "content-type, authorization, if-none-match",
      "access-control-expose-headers": "etag, retry-after",
      ...reply.headers,
    });
    response.end(reply.text ?? (reply.body === undefined ? "" : JSON.stringify(reply.body)));
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    course: () => course,
    nowMs,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
