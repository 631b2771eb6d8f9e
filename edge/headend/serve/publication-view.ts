/**
 * A publication's entries, parsed once. A part whose hash did not change is taken over from the publication
 * before, and of what decides schedules every entry whose body did not change: so a small change costs little,
 * and what stayed is the same object. Reading pauses between entries, so that replies go on.
 *
 * An entry that fails its schema is left out and named: it is signed by central, so it is most likely of a
 * newer release, and everything else must stay on air.
 */
import * as v from "valibot";
import { errorMessage } from "../../../shared/errors.ts";
import { type Programme, programmeSchema } from "../../../shared/guide/programme.ts";
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
import type { Body, Content, Part } from "../../../shared/publication/part.ts";
import { type ChannelGroup, channelGroupSchema } from "../../../shared/schedule/channel-group.ts";
import { type ChannelRule, channelRuleSchema } from "../../../shared/schedule/channel-rule.ts";
import { type Placement, placementSchema } from "../../../shared/schedule/placement.ts";

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
  /** Channel id → programme id → programme. */
  guides: ReadonlyMap<string, ReadonlyMap<string, Programme>>;
  /** Entries left out, in words. */
  skipped: readonly string[];
  /** For the next publication's reading. */
  parsed: ReadonlyMap<string, ParsedPart>;
}

interface ParsedPart {
  hash: string;
  /** What the values were read from, where entries are taken over one by one. */
  bodies?: Part;
  values: ReadonlyMap<string, unknown>;
  skipped: readonly string[];
}

/** Most left-out entries named for one part. */
const SKIPPED_MAX = 20;
/** Entries read between two pauses: about 10 ms. */
const ENTRIES_PER_TURN = 500;

type Read = (body: Body) => unknown;

const withSchema =
  (schema: v.GenericSchema): Read =>
  (body) =>
    v.parse(schema, JSON.parse(body as string));

const readInteraction: Read = (body) => {
  const raw = JSON.parse(body as string) as { interaction: unknown };
  const entry = v.parse(interactionEntrySchema, raw);
  return { ...entry, json: canonicalJson(raw.interaction) } satisfies PublishedInteraction;
};

const readImage: Read = (body) => {
  if (typeof body === "string") throw new TypeError("not bytes");
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
const GUIDE_PREFIX = "guide/";
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
const readProgramme = withSchema(programmeSchema);

/** Undefined for parts that this release does not serve (`history`, and those of newer ones). */
const readerOf = (name: string) => (name.startsWith(GUIDE_PREFIX) ? readProgramme : READERS[name]);

async function readPart(
  name: string,
  part: Part,
  read: Read,
  hash: string,
  pause: () => Promise<void>,
  earlier: ParsedPart | undefined,
): Promise<ParsedPart> {
  const values = new Map<string, unknown>();
  const skipped: string[] = [];
  let left = ENTRIES_PER_TURN;
  for (const [key, body] of part) {
    if (earlier?.bodies?.get(key) === body && earlier.values.has(key)) {
      values.set(key, earlier.values.get(key));
      continue;
    }
    try {
      values.set(key, read(body));
    } catch (error) {
      if (skipped.length < SKIPPED_MAX) skipped.push(`${name} ${key}: ${errorMessage(error).slice(0, 200)}`);
    }
    if (--left === 0) {
      left = ENTRIES_PER_TURN;
      await pause();
    }
  }
  return { hash, values, skipped, ...(BY_ENTRY.includes(name) && { bodies: part }) };
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
  for (const [name, part] of publication.content) {
    const read = readerOf(name);
    if (!read) continue;
    const hash = publication.manifest.parts[name] ?? "";
    const earlier = before?.parsed.get(name);
    parsed.set(
      name,
      earlier && hash !== "" && earlier.hash === hash
        ? earlier
        : await readPart(name, part, read, hash, pause, earlier),
    );
  }
  const values = <T>(name: string) => (parsed.get(name)?.values ?? new Map()) as ReadonlyMap<string, T>;
  const guides = new Map<string, ReadonlyMap<string, Programme>>();
  for (const name of parsed.keys()) {
    if (name.startsWith(GUIDE_PREFIX)) guides.set(name.slice(GUIDE_PREFIX.length), values<Programme>(name));
  }
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
    skipped: [...parsed.values()].flatMap((part) => part.skipped),
    parsed,
  };
}
