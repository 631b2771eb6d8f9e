/** The admin port: `/status`, `/status.json`, `/metrics`. On loopback unless told otherwise; not for boxes. */
import { type Context, Hono } from "hono";
import type { Registry } from "prom-client";
import { PROBLEM_MEDIA_TYPE } from "../../../shared/protocol/problem.ts";
import { makePage, PAGE_STYLE } from "./page.ts";
import type { StatusReport } from "./report.ts";
import { tongueOf, WORDS } from "./words.ts";

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

const problem = (context: Context, status: 404 | 405 | 500, code: string, detail: string) =>
  context.body(JSON.stringify({ type: `/problems/${code}`, title: "Cannot", status, detail }), status, {
    ...HEADERS,
    "content-type": PROBLEM_MEDIA_TYPE,
  });

export function createStatusApp(ports: { report(): StatusReport; metrics: Registry }): Hono {
  const app = new Hono();
  app.get("/", (context) => context.redirect("/status"));
  app.get("/status", (context) => {
    const words = WORDS[tongueOf(context.req.header("accept-language"))];
    return context.body(makePage(ports.report(), words), 200, {
      ...HEADERS,
      "content-type": "text/html; charset=utf-8",
      vary: "Accept-Language",
    });
  });
  app.get("/status.css", (context) =>
    context.body(PAGE_STYLE, 200, { ...HEADERS, "content-type": "text/css; charset=utf-8" }),
  );
  app.get("/status.json", (context) =>
    context.body(JSON.stringify(ports.report(), null, 2), 200, {
      ...HEADERS,
      "content-type": "application/json; charset=utf-8",
    }),
  );
  app.get("/metrics", async (context) =>
    context.body(await ports.metrics.metrics(), 200, {
      ...HEADERS,
      "content-type": ports.metrics.contentType,
    }),
  );
  app.on(["POST", "PUT", "PATCH", "DELETE"], "*", (context) =>
    problem(context, 405, "method-not-allowed", "Cannot change anything here: this port only shows"),
  );
  app.notFound((context) =>
    problem(
      context,
      404,
      "unknown-path",
      "Cannot find this address: /status, /status.json and /metrics are here",
    ),
  );
  app.onError((_, context) =>
    problem(context, 500, "internal", "Cannot show this: an error inside the edge"),
  );
  return app;
}
