/** The admin port: `/status`, `/status.json`, `/metrics`. On loopback unless told otherwise; not for boxes. */
import { type Context, Hono } from "hono";
import type { Registry } from "prom-client";
import { PROBLEM_MEDIA_TYPE } from "../../../shared/protocol/problem.ts";
import type { StaticFiles } from "../serve/static-files.ts";
import { makePage } from "./page.ts";
import { PAGE_SCRIPT } from "./page-script.ts";
import { PAGE_STYLE, stateIcon } from "./page-style.ts";
import type { StatusReport } from "./report.ts";
import type { Tongue } from "./tongue.ts";
import { tongueOf, WORDS } from "./words.ts";

const HEADERS = {
  "cache-control": "no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "content-security-policy":
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** The page asks for itself every few seconds; the font does not change under it. */
const FONT_KEPT = "max-age=86400";
const FONT_NAME = /^[a-z0-9-]+\.(woff2|css)$/;
const STATES: readonly StatusReport["state"][] = ["good", "warning", "alarm"];

const problem = (context: Context, status: 404 | 405 | 500, code: string, detail: string) =>
  context.body(JSON.stringify({ type: `/problems/${code}`, title: "Cannot", status, detail }), status, {
    ...HEADERS,
    "content-type": PROBLEM_MEDIA_TYPE,
  });

/** @param ports `files`: with `tv/fonts/`, the Chinese font, in pieces that a browser asks for as it needs them */
export function createStatusApp(ports: {
  report(): StatusReport;
  /** Asked for by the first who wants them. */
  metrics(): Promise<Registry>;
  files: StaticFiles;
}): Hono {
  const app = new Hono();
  app.get("/", (context) => context.redirect("/status"));
  app.get("/status", (context) => {
    const asked = context.req.query("lang");
    const tongue: Tongue =
      asked === "zh" || asked === "en" ? asked : tongueOf(context.req.header("accept-language"));
    return context.body(makePage(ports.report(), WORDS[tongue]), 200, {
      ...HEADERS,
      "content-type": "text/html; charset=utf-8",
      vary: "Accept-Language",
    });
  });
  const show = (context: Context, text: string, contentType: string) =>
    context.body(text, 200, { ...HEADERS, "content-type": contentType });
  app.get("/status.css", (context) => show(context, PAGE_STYLE, "text/css; charset=utf-8"));
  app.get("/status.js", (context) => show(context, PAGE_SCRIPT, "text/javascript; charset=utf-8"));
  for (const state of STATES) {
    app.get(`/status-${state}.svg`, (context) => show(context, stateIcon(state), "image/svg+xml"));
  }
  app.get("/fonts/:name", (context) => {
    const name = context.req.param("name");
    const bytes = FONT_NAME.test(name) ? ports.files.get(`tv/fonts/${name}`) : undefined;
    if (!bytes) return context.notFound();
    return context.body(bytes as Uint8Array<ArrayBuffer>, 200, {
      ...HEADERS,
      "cache-control": FONT_KEPT,
      "content-type": name.endsWith(".css") ? "text/css; charset=utf-8" : "font/woff2",
    });
  });
  app.get("/status.json", (context) =>
    show(context, JSON.stringify(ports.report(), null, 2), "application/json; charset=utf-8"),
  );
  app.get("/metrics", async (context) => {
    const metrics = await ports.metrics();
    return show(context, await metrics.metrics(), metrics.contentType);
  });
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
