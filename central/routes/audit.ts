/** Who did what. */
import * as v from "valibot";
import { countSchema } from "../../shared/protocol/primitives.ts";
import { type Audit, auditEntrySchema } from "../people/audit.ts";
import { type Route, route } from "./route.ts";

const ENTRIES_MAX = 200;
const ENTRIES_DEFAULT = 50;

const textParam = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(200)));
const countParam = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const listSchema = v.object({
  entries: v.array(auditEntrySchema),
  /** To be sent as `before` for the next page; absent at the end. */
  next: v.optional(countSchema),
});
export type AuditReply = v.InferOutput<typeof listSchema>;

export function auditRoutes({ audit }: { audit: Audit }): Route[] {
  return [
    route("GET", "/api/v1/audit", {
      summary: "What people and tools changed, the newest first",
      access: "people",
      action: "audit",
      query: v.object({
        who: textParam,
        subject: textParam,
        before: v.optional(countParam),
        limit: v.optional(v.pipe(countParam, v.minValue(1), v.maxValue(ENTRIES_MAX))),
      }),
      reply: listSchema,
      async handle({ query: { who, subject, before, limit = ENTRIES_DEFAULT } }) {
        const found = await audit.list({ who, subject, before, most: limit + 1 });
        const entries = found.slice(0, limit);
        return { entries, ...(found.length > limit && { next: entries.at(-1)?.id }) };
      },
    }),
  ];
}
