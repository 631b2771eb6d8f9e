/** What an editor authors: an interaction, its channels, and a rule for when. DESIGN.md section 4. */
import * as v from "valibot";
import {
  DURATION_MAX_MS,
  durationSchema,
  idSchema,
  instantSchema,
  ordinalSchema,
} from "../protocol/primitives.ts";
import { audienceSchema } from "../protocol/schedule.ts";

/** Earlier or later by up to 400 days. */
const offsetSchema = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(-DURATION_MAX_MS),
  v.maxValue(DURATION_MAX_MS),
);

/** An IANA name that this machine's time zone data knows. */
export const zoneSchema = v.pipe(
  v.string(),
  v.maxLength(64),
  v.check((zone) => {
    try {
      new Intl.DateTimeFormat("en", { timeZone: zone });
      return true;
    } catch {
      return false;
    }
  }, "Cannot use this zone: not an IANA time zone like Asia/Shanghai"),
);

export const whenSchema = v.variant("kind", [
  v.object({
    kind: v.literal("programme"),
    /** One programme, every programme of a series, or every one with exactly this title. */
    match: v.union([
      v.strictObject({ programme: idSchema }),
      v.strictObject({ series: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) }),
      v.strictObject({ title: v.pipe(v.string(), v.minLength(1), v.maxLength(500)) }),
    ]),
    /** From the start or the end by an offset, or at a fraction of the length. */
    at: v.union([
      v.strictObject({ from: v.picklist(["start", "end"]), offsetMs: offsetSchema }),
      v.strictObject({ fraction: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
    ]),
  }),
  v.object({ kind: v.literal("instant"), atMs: instantSchema }),
  v.object({
    kind: v.literal("cron"),
    /** Five fields: minute, hour, day of month, month, day of week. */
    rule: v.pipe(
      v.string(),
      v.maxLength(200),
      v.check((rule) => rule.trim().split(/\s+/).length === 5, "Cannot use this rule: it needs five fields"),
    ),
    zone: zoneSchema,
    fromMs: v.optional(instantSchema),
    untilMs: v.optional(instantSchema),
  }),
]);

export const placementSchema = v.object({
  /** 1 to 40 characters of the id alphabet without `:` and `.`, so that cue ids read back. */
  id: v.pipe(
    v.string(),
    v.regex(/^[A-Za-z0-9_~-]{1,40}$/, "Cannot take this placement id: 1 to 40 of A-Z a-z 0-9 _ ~ -"),
  ),
  /** Raised by "air again": every cue gets a new id. */
  generation: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(9999)),
  interaction: idSchema,
  version: ordinalSchema,
  channels: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(5000)),
  when: whenSchema,
  /** How long after its moment it may begin to be shown. */
  windowMs: durationSchema,
  lateJoin: v.boolean(),
  /** Boxes fetch between `leadMs` before the moment and `guardMs` before it. */
  prefetch: v.object({ leadMs: durationSchema, guardMs: durationSchema }),
  /** Released only at the moment; boxes then ask within `spreadMs`. */
  embargo: v.optional(v.object({ spreadMs: durationSchema })),
  priority: v.pipe(v.number(), v.safeInteger(), v.minValue(-1000), v.maxValue(1000)),
  audience: v.optional(audienceSchema),
  /** Occurrences that were withdrawn one by one. */
  except: v.optional(v.pipe(v.array(idSchema), v.maxLength(1000))),
});

export type When = v.InferOutput<typeof whenSchema>;
export type Placement = v.InferOutput<typeof placementSchema>;

/** What a placement gets when its editor does not say otherwise. */
export const PLACEMENT_DEFAULTS = {
  generation: 0,
  /** A minute: late enough for a slow box, early enough to still fit what is on the screen. */
  windowMs: 60_000,
  lateJoin: true,
  /** Five minutes to spread the asking, ten seconds to spare at its end. */
  prefetch: { leadMs: 300_000, guardMs: 10_000 },
  priority: 0,
};
