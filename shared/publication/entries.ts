/**
 * The parts of a publication and what the bodies of their entries hold.
 *
 * | part | key | body |
 * | --- | --- | --- |
 * | `regions` | region id | RegionEntry |
 * | `channels` | channel id | ChannelEntry |
 * | `guide/<channel>` | programme id | Programme of `../guide/programme.ts` |
 * | `placements` | placement id | Placement of `../schedule/placement.ts` |
 * | `channel-groups` | group id | ChannelGroup of `../schedule/channel-group.ts`; absent without any |
 * | `channel-rules` | rule id | ChannelRule of `../schedule/channel-rule.ts`; absent without any |
 * | `interactions` | `<id>@<version>` | InteractionEntry |
 * | `box-revocations` | SHA-256 of a box's pseudonym | `box-revocations.ts`; absent without any |
 * | `images` | SHA-256 | the image's bytes |
 * | `schedules` | channel id | ScheduleEntry |
 * | `history` | `<epoch>/<revision>`, each padded to 10 digits | HistoryEntry of every earlier publication |
 */
import * as v from "valibot";
import { interactionSchema } from "../protocol/interaction.ts";
import { edgeAddressSchema, lineUpChannelSchema } from "../protocol/line-up.ts";
import { idSchema, instantSchema, ordinalSchema, sha256Schema } from "../protocol/primitives.ts";

/** Most earlier publications that a publication names; an edge further behind needs a new epoch. */
export const HISTORY_MAX = 5_000;

export const regionEntrySchema = v.object({
  id: idSchema,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** Where boxes of this region find its edges. */
  edges: v.pipe(v.array(edgeAddressSchema), v.maxLength(64)),
  /** The line-up: channel ids; absent: every channel. */
  channels: v.optional(v.pipe(v.array(idSchema), v.maxLength(5000))),
});
export type RegionEntry = v.InferOutput<typeof regionEntrySchema>;

/** What a line-up says of a channel. */
export const channelEntrySchema = lineUpChannelSchema;
export type ChannelEntry = v.InferOutput<typeof channelEntrySchema>;

export const interactionEntrySchema = v.object({
  interaction: interactionSchema,
  /** The right options of a quiz; boxes get them with the results, after the close. */
  correct: v.optional(v.array(idSchema)),
});
export type InteractionEntry = v.InferOutput<typeof interactionEntrySchema>;

const placeEntries = {
  epoch: ordinalSchema,
  revision: ordinalSchema,
  /** Hash of everything the schedule is made from; the same inputs keep their (epoch, revision). */
  inputs: sha256Schema,
};
const schedulePlaceSchema = v.object(placeEntries);
export type SchedulePlace = v.InferOutput<typeof schedulePlaceSchema>;

/** The last publication that changed a channel's schedule: computed by central, equal on every edge of a region. */
export const scheduleEntrySchema = v.object({
  ...placeEntries,
  /** Where some placement is or was limited to regions: theirs, instead of the above. */
  regions: v.optional(v.record(idSchema, schedulePlaceSchema)),
});
export type ScheduleEntry = v.InferOutput<typeof scheduleEntrySchema>;

/** What holds in a region. */
export const schedulePlaceIn = (entry: ScheduleEntry, region: string): SchedulePlace =>
  (Object.hasOwn(entry.regions ?? {}, region) ? entry.regions?.[region] : undefined) ?? entry;

export const historyEntrySchema = v.object({ hash: sha256Schema, publishedAtMs: instantSchema });
export type HistoryEntry = v.InferOutput<typeof historyEntrySchema>;

export const historyKey = (epoch: number, revision: number) =>
  `${String(epoch).padStart(10, "0")}/${String(revision).padStart(10, "0")}`;
export const interactionKey = (id: string, version: number) => `${id}@${version}`;
export const guidePart = (channel: string) => `guide/${channel}`;
