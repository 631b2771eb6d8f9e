/** The web page: static files, held in memory, under a strict policy. */
import { createHash } from "node:crypto";
import type { Hono } from "hono";
import { CuecastError } from "../../shared/errors.ts";
import { problemResponse } from "./problem.ts";

export interface PageFile {
  /** `/`, `/page.js`, `/preview/` */
  path: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** Everything comes from here; nothing inline. Only our own page may frame the preview, nobody the page. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'self'";
const PREVIEW = "/preview/";
const YEAR_S = 31_536_000;

const headersOf = (path: string) => ({
  "content-security-policy": `${POLICY}; frame-ancestors ${path.startsWith(PREVIEW) ? "'self'" : "'none'"}`,
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  // A font's pieces never change under their names.
  "cache-control": path.endsWith(".woff2") ? `public, max-age=${YEAR_S}, immutable` : "no-cache",
});

export function servePage(app: Hono<{ Bindings: { address?: string } }>, files: readonly PageFile[]): void {
  for (const { path, type, bytes } of files) {
    const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 32)}"`;
    const headers = { ...headersOf(path), "content-type": type, etag };
    app.get(path, ({ req }) =>
      req.header("if-none-match") === etag
        ? new Response(null, { status: 304, headers })
        : new Response(bytes, { headers }),
    );
  }
  if (files.length === 0) {
    app.get("/", () =>
      problemResponse(
        new CuecastError("Cannot show the page: it was not built; run npm run build", {
          code: "no-page",
          status: 404,
        }),
      ),
    );
  }
}
