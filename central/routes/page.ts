/** The web page: static files, held in memory, under a strict policy. */

import type { Hono } from "hono";
import { CuecastError } from "../../shared/errors.ts";
import { problemResponse } from "./problem.ts";

export interface PageFile {
  /** `/`, `/page.js` */
  path: string;
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cross-origin-opener-policy": "same-origin",
  "cache-control": "no-cache",
};

export function servePage(app: Hono<{ Bindings: { address?: string } }>, files: readonly PageFile[]): void {
  for (const { path, type, bytes } of files) {
    app.get(path, () => new Response(bytes, { headers: { ...HEADERS, "content-type": type } }));
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
