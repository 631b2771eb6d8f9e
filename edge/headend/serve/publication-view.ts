/**
 * A publication's entries, parsed once, but for guides (guide.ts), which are read when they are needed. A part
 * whose hash did not change is taken over from the publication before, and of what decides schedules every entry
 * whose body did not change: so a small change costs little, and what stayed is the same object. Reading pauses
 * between entries, so that replies go on.
 *
 * An entry that fails its schema is left out and named: it is signed by central, so it is most likely of a
 * newer release, and everything else must stay on air.
 */
import * as v from "valibot";
import { errorMessage } from "../../../shared/errors.ts";
import type { LineUpChannel } from "../../../shared/protocol/line-up.ts";
import {
  BOX_REVOCATIONS_PART,
  type BoxRevocation,
  boxRevocationSchema,
} from "../../../shared/publication/box-revocations.ts";
import { canonicalJson } from "../../../shared/publication/canonical.ts";
import {
  channelEntrySchema,
  type InteractionEntry,
  interactionEntrySchema,
  type RegionEntry,
  regionEntrySchema,
  type ScheduleEntry,
  scheduleEntrySchema,
} from "../../../shared/publication/entries.ts";
import type { Manifest } from "../../../shared/publication/manifest.ts";
import {
  type PackedEntry,
  type PackedPart,
  packPart,
  textOf,
} from "../../../shared/publication/packed-part.ts";
import type { Content } from "../../../shared/publication/part.ts";
import { type ChannelGroup, channelGroupSchema } from "../../../shared/schedule/channel-group.ts";
import { type ChannelRule, channelRuleSchema } from "../../../shared/schedule/channel-rule.ts";
import { type Placement, placementSchema } from "../../../shared/schedule/placement.ts";
import { createGuide, type Guide } from "./guide.ts";

/** What a synced and verified publication is. */
export interface Publication {
  manifest: Manifest;
  /** The manifest's hash. */
  hash: string;
  content: Content;
}

/** An interaction as it was published, and the bytes that boxes get: those of central's release, unchanged. */
export interface PublishedInteraction extends InteractionEntry {
  json: string;
}

export interface PublicationView {
  regions: ReadonlyMap<string, RegionEntry>;
  channels: ReadonlyMap<string, LineUpChannel>;
  placements: ReadonlyMap<string, Placement>;
  groups: ReadonlyMap<string, ChannelGroup>;
  rules: ReadonlyMap<string, ChannelRule>;
  /** By `<id>@<version>`. */
  interactions: ReadonlyMap<string, PublishedInteraction>;
  schedules: ReadonlyMap<string, ScheduleEntry>;
  images: ReadonlyMap<string, Uint8Array>;
  /** Which tokens of boxes are void, by SHA-256 of the box's pseudonym. */
  revocations: ReadonlyMap<string, BoxRevocation>;
  /** By channel id. */
  guides: ReadonlyMap<string, Guide>;
  /** Entries left out, in words. */
  skipped(): readonly string[];
  /** For the next publication's reading. */
  parsed: ReadonlyMap<string, ParsedPart>;
}

interface ParsedPart {
  hash: string;
  /** What the values were read from, where entries are taken over one by one. */
  packed?: PackedPart;
  values: ReadonlyMap<string, unknown>;
  guide?: Guide;
  skipped: readonly string[];
}

/** Most left-out entries named for one part. */
const SKIPPED_MAX = 20;
/** What is done between two pauses: entries passed over, some of them read. Half a millisecond. */
const ENTRIES_PER_TURN = 250;
/** Reading and checking one takes as long as passing over so many more. */
const READ_COST = 9;

type Read = (entry: PackedEntry) => unknown;

const jsonOf = ({ body }: PackedEntry): unknown => JSON.parse(textOf(body));

const withSchema =
  (schema: v.GenericSchema): Read =>
  (entry) =>
    v.parse(schema, jsonOf(entry));

const readInteraction: Read = (packed) => {
  const raw = jsonOf(packed) as { interaction: unknown };
  const entry = v.parse(interactionEntrySchema, raw);
  return { ...entry, json: canonicalJson(raw.interaction) } satisfies PublishedInteraction;
};

const readImage: Read = ({ body, isText }) => {
  if (isText) throw new TypeError("not bytes");
  return body;
};

/** Parts whose entries are taken over one by one: small, and one changed entry must not make all new. */
const BY_ENTRY: readonly string[] = [
  "placements",
  "channel-groups",
  "channel-rules",
  "interactions",
  BOX_REVOCATIONS_PART,
];
/** The parts `guide/<channel>`; parts that this release does not serve (`history`, newer ones) are passed over. */
const GUIDE_PREFIX = "guide/";
const NO_VALUES: ReadonlyMap<string, unknown> = new Map();
const READERS: Record<string, Read> = {
  regions: withSchema(regionEntrySchema),
  channels: withSchema(channelEntrySchema),
  placements: withSchema(placementSchema),
  "channel-groups": withSchema(channelGroupSchema),
  "channel-rules": withSchema(channelRuleSchema),
  interactions: readInteraction,
  images: readImage,
  schedules: withSchema(scheduleEntrySchema),
  [BOX_REVOCATIONS_PART]: withSchema(boxRevocationSchema),
};

/** Gives the entry of an earlier part under a key, as long as keys are asked for in the order of both parts. */
function alongside(part: PackedPart | undefined): (key: Uint8Array) => PackedEntry | undefined {
  const entries = part?.packed();
  let entry = entries?.next().value as PackedEntry | undefined;
  return (key) => {
    while (entry && Buffer.compare(entry.key, key) < 0) entry = entries?.next().value ?? undefined;
    return entry && Buffer.compare(entry.key, key) === 0 ? entry : undefined;
  };
}

async function readPart(
  name: string,
  part: PackedPart,
  read: Read,
  hash: string,
  pause: () => Promise<void>,
  earlier: ParsedPart | undefined,
): Promise<ParsedPart> {
  const values = new Map<string, unknown>();
  const skipped: string[] = [];
  const before = alongside(earlier?.packed);
  let left = ENTRIES_PER_TURN;
  for (const entry of part.packed()) {
    const key = textOf(entry.key);
    const known = before(entry.key);
    const kept = known && Buffer.compare(known.body, entry.body) === 0 ? earlier?.values.get(key) : undefined;
    if (kept !== undefined) {
      values.set(key, kept);
    } else {
      try {
        values.set(key, read(entry));
      } catch (error) {
        if (skipped.length < SKIPPED_MAX)
          skipped.push(`${name} ${key}: ${errorMessage(error).slice(0, 200)}`);
      }
      left -= READ_COST;
    }
    if (--left <= 0) {
      left = ENTRIES_PER_TURN;
      await pause();
    }
  }
  return { hash, values, skipped, ...(BY_ENTRY.includes(name) && { packed: part }) };
}

/**
 * @param pause lets replies go out between turns; resolves in a later turn of the event loop
 * @param before the view served until now: parts of the same hash are taken over
 */
export async function readPublication(
  publication: Publication,
  pause: () => Promise<void>,
  before?: PublicationView,
): Promise<PublicationView> {
  const parsed = new Map<string, ParsedPart>();
  const guides = new Map<string, Guide>();
  for (const [name, part] of publication.content) {
    const isGuide = name.startsWith(GUIDE_PREFIX);
    const read = READERS[name];
    if (!isGuide && !read) continue;
    const hash = publication.manifest.parts[name] ?? "";
    const earlier = before?.parsed.get(name);
    const same = earlier !== undefined && hash !== "" && earlier.hash === hash;
    if (isGuide) {
      const guide = (same && earlier.guide) || createGuide(name, packPart(part));
      guides.set(name.slice(GUIDE_PREFIX.length), guide);
      parsed.set(name, { hash, guide, values: NO_VALUES, skipped: [] });
      await pause();
    } else if (read) {
      parsed.set(name, same ? earlier : await readPart(name, packPart(part), read, hash, pause, earlier));
    }
  }
  const values = <T>(name: string) => (parsed.get(name)?.values ?? new Map()) as ReadonlyMap<string, T>;
  return {
    regions: values("regions"),
    channels: values("channels"),
    placements: values("placements"),
    groups: values("channel-groups"),
    rules: values("channel-rules"),
    interactions: values("interactions"),
    schedules: values("schedules"),
    images: values("images"),
    revocations: values(BOX_REVOCATIONS_PART),
    guides,
    skipped: () => [...parsed.values()].flatMap((part) => part.guide?.skipped() ?? part.skipped),
    parsed,
  };
}
