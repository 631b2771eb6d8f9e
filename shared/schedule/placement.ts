/** What an editor authors: an interaction, its channels, and a rule for when. DESIGN.md section 4, docs/schedule.md. */
import * as v from "valibot";
import { titleKey } from "../guide/title-key.ts";
import {
  DURATION_MAX_MS,
  durationSchema,
  idSchema,
  instantSchema,
  ordinalSchema,
} from "../protocol/primitives.ts";
import { audienceSchema } from "../protocol/schedule.ts";
import { CRON_FIELDS, cronFault, cronFaultText, cronFields } from "./cron-fault.ts";
import { parseLocalDay, parseLocalTime } from "./local-time.ts";
import { PATTERN_MAX } from "./title-pattern.ts";

/** Closest that several cues of one programme may follow each other, ms. */
export const EVERY_LEAST_MS = 60_000;
/** Most cues of one programme. */
export const PER_PROGRAMME_MAX = 500;
/** Most exception dates of a recurrence. */
export const EXCEPT_DATES_MAX = 1000;
/** Most groups and regions that one placement names. */
export const NAMED_MAX = 200;

/** Earlier or later by up to 400 days. */
const offsetSchema = v.pipe(
  v.number(),
  v.safeInteger(),
  v.minValue(-DURATION_MAX_MS),
  v.maxValue(DURATION_MAX_MS),
);

/** Names found to be zones: finding out takes 30 µs, and an edge reads thousands of placements at its start. */
const zones = new Set<string>();
/** The data has some 600, which may be written in several ways. */
const ZONES_MAX = 1000;

/** An IANA name that this machine's time zone data knows. */
export const zoneSchema = v.pipe(
  v.string(),
  v.maxLength(64),
  v.check((zone) => {
    if (zones.has(zone)) return true;
    try {
      new Intl.DateTimeFormat("en", { timeZone: zone });
      if (zones.size < ZONES_MAX) zones.add(zone);
      return true;
    } catch {
      return false;
    }
  }, "Cannot use this zone: not an IANA time zone like Asia/Shanghai"),
);

const titleSchema = v.pipe(v.string(), v.minLength(1), v.maxLength(500));

/** Which programmes: one, those of a series, those of a title or of a pattern of titles. */
export const programmeMatchSchema = v.union(
  [
    v.strictObject({ programme: idSchema }),
    v.strictObject({ series: v.pipe(v.string(), v.minLength(1), v.maxLength(256)) }),
    /** The whole title in any language; case, width and blanks make no difference. */
    v.strictObject({ title: titleSchema }),
    /** The same with `*` and `?`: see title-pattern.ts. */
    v.strictObject({
      titlePattern: v.pipe(
        v.string(),
        v.maxLength(PATTERN_MAX),
        v.check((pattern) => titleKey(pattern) !== "", "Cannot use this pattern: it is empty"),
      ),
    }),
  ],
  'Cannot read which programmes: write one of {"programme": id}, {"series": key}, {"title": title} or {"titlePattern": "news*"}',
);

const programmeAtSchema = v.union(
  [
    /** From the start or the end. Outside the programme it is suppressed, unless `isMeantOutside()`. */
    v.strictObject({
      from: v.picklist(["start", "end"]),
      offsetMs: offsetSchema,
      outside: v.optional(v.boolean()),
    }),
    /** At a fraction of the length. */
    v.strictObject({ fraction: v.pipe(v.number(), v.minValue(0), v.maxValue(1)) }),
    /** At `offsetMs` from the start and then every `everyMs`, before the end, at most `most`. */
    v.strictObject({
      everyMs: v.pipe(durationSchema, v.minValue(EVERY_LEAST_MS)),
      offsetMs: v.optional(durationSchema, 0),
      most: v.optional(
        v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(PER_PROGRAMME_MAX)),
        PER_PROGRAMME_MAX,
      ),
    }),
  ],
  'Cannot read the moment: write {"from": "start" or "end", "offsetMs": 0}, {"fraction": 0.5} or {"everyMs": 900000}',
);

export const whenSchema = v.variant("kind", [
  v.object({
    kind: v.literal("programme"),
    match: programmeMatchSchema,
    /** `first-run`: only where the guide says that it is new; a guide that says nothing of it has none. */
    airing: v.optional(v.picklist(["any", "first-run"])),
    at: programmeAtSchema,
  }),
  v.object({ kind: v.literal("instant"), atMs: instantSchema }),
  v.object({
    kind: v.literal("cron"),
    /** Five fields: minute, hour, day of month, month, day of week. */
    rule: v.pipe(
      v.string(),
      v.maxLength(200),
      // What else a rule must be is looked at where it is saved: edges take what was published before.
      v.check(
        (rule) => cronFields(rule).length === CRON_FIELDS.length,
        ({ input }) => `Cannot use this rule: ${cronFaultText(cronFault(input))}`,
      ),
    ),
    zone: zoneSchema,
    /** Not before this instant. */
    fromMs: v.optional(instantSchema),
    /** Only before this instant. */
    untilMs: v.optional(instantSchema),
    /** Not on these local days (`YYYYMMDD`) and not at these nominal local times (`YYYYMMDDThhmm`). */
    exceptDates: v.optional(
      v.pipe(
        v.array(
          v.pipe(
            v.string(),
            v.check(
              (text) => (parseLocalDay(text) ?? parseLocalTime(text)) !== undefined,
              "Cannot use this date: write YYYYMMDD or YYYYMMDDThhmm of the calendar",
            ),
          ),
        ),
        v.maxLength(EXCEPT_DATES_MAX),
      ),
    ),
  }),
]);

const namesSchema = v.pipe(v.array(idSchema), v.maxLength(NAMED_MAX));

/** A check that also speaks while other fields are wrong: an editor is told of all at once. */
export const PLACED_SOMEWHERE = [
  [["channels"], ["groups"]],
  ({ channels, groups }: { channels: readonly string[]; groups?: readonly string[] | undefined }) =>
    channels.length + (groups?.length ?? 0) > 0,
  "Cannot take this placement: it is on no channel and in no group",
] as const;

export const placementSchema = v.pipe(
  v.object({
    /** 1 to 40 characters of the id alphabet without `:` and `.`, so that cue ids read back. */
    id: v.pipe(
      v.string(),
      v.regex(/^[A-Za-z0-9_~-]{1,40}$/, "Cannot take this placement id: 1 to 40 of A-Z a-z 0-9 _ ~ -"),
    ),
    /** Raised by "air again": every cue gets a new id. */
    generation: v.pipe(v.number(), v.safeInteger(), v.minValue(0), v.maxValue(9999)),
    interaction: idSchema,
    version: ordinalSchema,
    channels: v.pipe(v.array(idSchema), v.maxLength(5000)),
    /** Channel groups, beside `channels`. */
    groups: v.optional(namesSchema),
    /** Only in these regions; absent: everywhere. A cue's id is the same in each. */
    regions: v.optional(v.pipe(namesSchema, v.minLength(1))),
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
  }),
  v.partialCheck(...PLACED_SOMEWHERE),
);

export type When = v.InferOutput<typeof whenSchema>;
export type InstantWhen = Extract<When, { kind: "instant" }>;
export type ProgrammeWhen = Extract<When, { kind: "programme" }>;
export type CronWhen = Extract<When, { kind: "cron" }>;
export type ProgrammeMatch = v.InferOutput<typeof programmeMatchSchema>;
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
