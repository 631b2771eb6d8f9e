/** What is kept for how long, and what was removed. */
import * as v from "valibot";
import { countSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import { createLock } from "../publish/lock.ts";
import { KINDS, RETENTION_DAYS, retentionSchema } from "../retention/kinds.ts";
import type { Retention } from "../retention/retention.ts";
import type { Settings } from "../store/settings.ts";
import { requireMatch, tagOf } from "./match.ts";
import { type Route, route, Tagged } from "./route.ts";

const counts = v.partial(
  v.object(
    Object.fromEntries(KINDS.map((kind) => [kind, countSchema])) as Record<
      (typeof KINDS)[number],
      typeof countSchema
    >,
  ),
);
const replySchema = v.object({
  /** In days. */
  days: retentionSchema,
  defaults: retentionSchema,
  running: v.boolean(),
  nextMs: instantSchema,
  /** The last run, and those before it that removed something; the newest first. */
  runs: v.array(
    v.object({
      startedMs: instantSchema,
      endedMs: instantSchema,
      /** Rows, by kind. */
      removed: counts,
      trouble: v.optional(v.string()),
      more: v.boolean(),
    }),
  ),
});
export type RetentionReply = v.InferOutput<typeof replySchema>;

export function retentionRoutes({
  retention,
  settings,
}: {
  retention: Retention;
  settings: Settings;
}): Route[] {
  const inTurn = createLock();
  /** Its tag is of what people change: when it runs says nothing. */
  async function reply() {
    const days = await settings.retention();
    return new Tagged({ days, defaults: RETENTION_DAYS, ...(await retention.view()) }, tagOf(days));
  }
  return [
    route("GET", "/api/v1/retention", {
      summary: "How many days each kind of data is kept, what was removed, and when the next run is",
      access: "people",
      action: "audit",
      tagged: true,
      reply: replySchema,
      handle: reply,
    }),
    route("PUT", "/api/v1/retention", {
      summary: "Changes these; what is left out stays. Removing begins within seconds",
      access: "people",
      action: "administer",
      tagged: true,
      body: v.partial(retentionSchema),
      reply: replySchema,
      handle: ({ body, request, changed }) =>
        inTurn(async () => {
          const before = await settings.retention();
          requireMatch(request, before, "the retention");
          const after = { ...before, ...body };
          await settings.putRetention(after);
          changed("retention", before, after);
          retention.hurry();
          return reply();
        }),
    }),
  ];
}
