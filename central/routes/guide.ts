/** Importing guides: streamed in, taken whole or refused whole, held back for a person beyond the limits. */

import * as v from "valibot";
import { CuecastError } from "../../shared/errors.ts";
import { instantSchema } from "../../shared/protocol/primitives.ts";
import { zoneSchema } from "../../shared/schedule/placement.ts";
import { importReportSchema, importSummarySchema } from "../guide/import-report.ts";
import type { Importer } from "../guide/importer.ts";
import { GUIDE_LIMITS, guideLimitsSchema } from "../guide/limits.ts";
import { FEED_CLOCKS } from "../guide/zone-clock.ts";
import { askerMayDo } from "../people/roles.ts";
import { createLock } from "../publish/lock.ts";
import type { Settings } from "../store/settings.ts";
import { bodyBroken } from "./body.ts";
import { requireMatch, tagOf } from "./match.ts";
import { limitParam, nextSchema, onePage } from "./paging.ts";
import { type Route, route, Tagged } from "./route.ts";

/** @throws {CuecastError} 400 `body-broken` when the sender breaks off: to be expected of any line */
async function* chunks(stream: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  try {
    if (stream) yield* stream;
  } catch (cause) {
    throw bodyBroken(cause);
  }
}

const IMPORTS_A_PAGE_MAX = 100;
const importsSchema = v.object({
  running: v.array(
    v.object({
      source: v.optional(v.string()),
      startedAtMs: instantSchema,
      bytes: v.number(),
      plainBytes: v.number(),
      programmes: v.number(),
      megabytesPerSecond: v.number(),
    }),
  ),
  imports: v.array(importSummarySchema),
  next: nextSchema,
});
export type GuideImportsReply = v.InferOutput<typeof importsSchema>;

/** `?name`, `?name=1`, `?name=true`. */
const flag = v.optional(
  v.pipe(
    v.string(),
    v.transform((text) => text !== "0" && text !== "false"),
  ),
);

interface Ports {
  importer: Importer;
  settings: Settings;
}

export function guideRoutes({ importer, settings }: Ports): Route[] {
  const inTurn = createLock();
  return [
    route("POST", "/api/v1/guide", {
      summary:
        "Imports a guide (XMLTV, DVB-I, TV-Anytime; plain or gzip); dryRun=1 only tells what it would do; anyway=1 holds nothing back",
      access: "people",
      action: "guide",
      raw: true,
      query: v.object({
        dryRun: flag,
        anyway: flag,
        zone: v.optional(zoneSchema),
        clock: v.optional(v.picklist(FEED_CLOCKS)),
      }),
      reply: importReportSchema,
      async handle({ request, query, asker, unchanged }) {
        if (query.anyway && !askerMayDo(asker, "publish")) {
          throw new CuecastError("Cannot import this guide whatever it does: that takes who may publish", {
            code: "not-allowed",
            status: 403,
          });
        }
        if (query.dryRun) unchanged();
        return importer.take(chunks(request.body), query);
      },
    }),
    route("GET", "/api/v1/guide/imports", {
      summary: "Imports, the newest first, a page at a time; on the first one those under way too",
      access: "people",
      query: v.object({
        before: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,14}$/))),
        limit: limitParam(IMPORTS_A_PAGE_MAX),
      }),
      reply: importsSchema,
      async handle({ query: { before, limit = IMPORTS_A_PAGE_MAX } }) {
        const found = await importer.list(limit + 1, before);
        const { page, next } = onePage(found, limit, ({ id }) => id);
        return { running: before === undefined ? importer.running() : [], imports: page, next };
      },
    }),
    route("POST", "/api/v1/guide/imports/{id}/accept", {
      summary: "Takes what was held back of an import; what it changes goes on air",
      access: "people",
      action: "publish",
      reply: importReportSchema,
      handle: ({ params, asker }) => importer.accept(String(params.id), asker.name),
    }),
    route("POST", "/api/v1/guide/imports/{id}/refuse", {
      summary: "Throws away what was held back of an import",
      access: "people",
      action: "guide",
      reply: importSummarySchema,
      handle: ({ params, asker }) => importer.refuse(String(params.id), asker.name),
    }),
    route("GET", "/api/v1/guide/limits", {
      summary: "What a guide may do to cues on air with nobody at a desk",
      access: "people",
      tagged: true,
      reply: guideLimitsSchema,
      async handle() {
        const limits = await settings.guideLimits();
        return new Tagged(limits, tagOf(limits));
      },
    }),
    route("PUT", "/api/v1/guide/limits", {
      summary: "Changes these limits; what is left out gets its default",
      access: "people",
      action: "operate",
      tagged: true,
      body: v.object({
        publish: v.optional(guideLimitsSchema.entries.publish, GUIDE_LIMITS.publish),
        moveMaxMs: v.optional(guideLimitsSchema.entries.moveMaxMs, GUIDE_LIMITS.moveMaxMs),
        soonMs: v.optional(guideLimitsSchema.entries.soonMs, GUIDE_LIMITS.soonMs),
        movedMax: v.optional(guideLimitsSchema.entries.movedMax, GUIDE_LIMITS.movedMax),
        vanishedMax: v.optional(guideLimitsSchema.entries.vanishedMax, GUIDE_LIMITS.vanishedMax),
        appearedMax: v.optional(guideLimitsSchema.entries.appearedMax, GUIDE_LIMITS.appearedMax),
      }),
      reply: guideLimitsSchema,
      handle: ({ body, request, changed }) =>
        inTurn(async () => {
          const before = await settings.guideLimits();
          requireMatch(request, before, "the limits");
          await settings.putGuideLimits(body);
          changed("guide-limits", before, body);
          return new Tagged(body, tagOf(body));
        }),
    }),
  ];
}
