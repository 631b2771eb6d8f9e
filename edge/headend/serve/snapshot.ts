/**
 * A snapshot: a publication compiled for one region, immutable, in memory. Everything a box may pull comes
 * from here without touching a database; bodies are made when they are first asked for.
 */
import { CuecastError } from "../../../shared/errors.ts";
import type { LineUp } from "../../../shared/protocol/line-up.ts";
import type { Cue } from "../../../shared/protocol/schedule.ts";
import { interactionKey, schedulePlaceIn } from "../../../shared/publication/entries.ts";
import type { Position } from "../../../shared/publication/manifest.ts";
import type { Placement } from "../../../shared/schedule/placement.ts";
import type { Reason } from "../../../shared/schedule/reason.ts";
import { createTextRoom } from "../../../shared/schedule/text-room.ts";
import { type BodySettings, type CachedBody, createCachedBody, type Gzip } from "./cached-body.ts";
import { type ChannelSource, type ChannelView, createChannelView, type MakeBody } from "./channel-view.ts";
import { createEmbargo, type Embargo } from "./embargo.ts";
import { createGivenTags, type GivenTags } from "./given-tags.ts";
import type { Guide } from "./guide.ts";
import { createGuideIndexes, type GuideIndexes } from "./guide-index.ts";
import { CACHE_IMMUTABLE, CACHE_NONE, CACHE_SHARED, JSON_TYPE } from "./headers.ts";
import { createMoments } from "./moments.ts";
import {
  type Publication,
  type PublicationView,
  type PublishedInteraction,
  readPublication,
} from "./publication-view.ts";

/** What is left of the schedules of this region's line-up: nothing of what other regions carry. */
export interface ScheduleLeft {
  /** Whether some recurrence has no end. */
  recurrenceWithoutEnd: boolean;
  /** When each recurrence that has an end ends, the earliest first, past ones too; at most a thousand. */
  recurrenceEndsMs: readonly number[];
  /** Where the guide of the channel that ends first ends; absent when no channel has a guide. */
  guideUntilMs?: number;
  /** Channels without a programme, by id, as in the line-up. */
  withoutGuide: readonly string[];
}

export interface Snapshot {
  readonly position: Position;
  readonly publishedAtMs: number;
  readonly region: string;
  /** False when the publication has no such region: the line-up is then empty. */
  readonly regionKnown: boolean;
  /** Of what this region's line-up carries. Told at once after `survey`; before it, every guide is looked through. */
  readonly counts: { channels: number; placements: number; interactions: number; programmes: number };
  /** Likewise. */
  readonly left: ScheduleLeft;
  readonly view: PublicationView;
  readonly lineUp: CachedBody;
  /** For the next one. */
  readonly shared: SharedBySnapshots;
  /** Undefined when the line-up has no such channel. */
  channel(id: string): ChannelView | undefined;
  /**
   * @param version undefined for the newest published, which is not to be kept by caches
   * @returns undefined when there is none
   * @throws {CuecastError} 425 `embargo`
   */
  interaction(id: string, version: number | undefined, nowMs: number): CachedBody | undefined;
  image(sha256: string): CachedBody | undefined;
  /** A cue and its interaction, near or long past; undefined when this publication has it not. */
  cue(id: string, nowMs: number): { cue: Cue; published: PublishedInteraction } | undefined;
  published(id: string, version: number): PublishedInteraction | undefined;
  /** What was left out, in words. */
  troubles(): readonly string[];
  /**
   * Makes ahead what boxes will ask for at an instant, three turns a channel: at once for the instant now, and for
   * the next hour only of channels that are asked for in this one.
   *
   * @param pause lets replies go out between channels
   * @param stop ends it early
   */
  prepare(nowMs: number, atMs: number, pause: () => Promise<void>, stop: () => boolean): Promise<number>;
  /** Looks through every guide that nobody has looked through yet. The first reply of a start does not wait for it. */
  survey(pause: () => Promise<void>): Promise<void>;
  /** Cues of the windows being served that do not appear, by reason; of channels that were asked for or prepared. */
  suppressed(nowMs: number): Partial<Record<Reason, number>>;
}

export interface SnapshotSettings {
  region: string;
  gzip?: Gzip | undefined;
  /** Guides held as programmes at a time, 1 unless told. */
  guidesHeld?: number | undefined;
  /** Lets replies go out between turns of work. */
  pause: () => Promise<void>;
}

/**
 * What passes from snapshot to snapshot, and holds nothing of a publication: schedules that did not change are
 * taken over with it.
 */
interface SharedBySnapshots {
  indexes: GuideIndexes;
  makeScheduleBody: MakeBody;
  /** Of schedules and of the line-up, by address. */
  givenTags: GivenTags;
}

function createShared({ gzip, guidesHeld }: SnapshotSettings): SharedBySnapshots {
  const room = createTextRoom();
  const settings: BodySettings = { contentType: JSON_TYPE, cacheControl: CACHE_SHARED, gzip };
  const givenTags = createGivenTags();
  return {
    indexes: createGuideIndexes(guidesHeld),
    givenTags,
    makeScheduleBody(write, channel) {
      room.clear();
      write(room);
      const tagOf = (digest: string) => givenTags.give(channel, digest);
      return createCachedBody(room.take(), { ...settings, tagOf });
    },
  };
}

/** Bodies of interactions and images kept at once; a region airs far fewer at a time. */
const BODIES_MAX = 2_000;
/** Beside channels, of which none has such an id. */
const LINE_UP = "/";
const RECURRENCE_ENDS_MAX = 1_000;

function imageType(bytes: Uint8Array): string {
  if (bytes[0] === 0x89 && bytes[1] === 0x50) return "image/png";
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "image/jpeg";
  const tag = String.fromCharCode(...bytes.subarray(8, 12));
  return tag === "WEBP" ? "image/webp" : "application/octet-stream";
}

function makeLineUp(view: PublicationView, region: string): LineUp {
  const entry = view.regions.get(region);
  const listed =
    entry?.channels?.map((id) => view.channels.get(id)) ?? (entry ? [...view.channels.values()] : []);
  const channels = listed
    .filter((channel) => channel !== undefined)
    .sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
  return { region, edges: entry?.edges ?? [], channels };
}

/** @param guides of the line-up's channels; `carried`: what is placed on them */
function measureLeft(
  guides: ReadonlyMap<string, Guide | undefined>,
  carried: Iterable<Placement>,
): ScheduleLeft {
  const ends = [...guides].map(([id, guide]) => [id, guide?.endMs ?? 0] as const);
  const recurrenceEndsMs: number[] = [];
  let recurrenceWithoutEnd = false;
  for (const { when } of carried) {
    if (when.kind !== "cron") continue;
    if (when.untilMs === undefined) recurrenceWithoutEnd = true;
    else recurrenceEndsMs.push(when.untilMs);
  }
  const guideEnds = ends.filter(([, endMs]) => endMs > 0);
  return {
    recurrenceWithoutEnd,
    recurrenceEndsMs: recurrenceEndsMs.sort((one, other) => one - other).slice(-RECURRENCE_ENDS_MAX),
    withoutGuide: ends.filter(([, endMs]) => endMs === 0).map(([id]) => id),
    ...(guideEnds.length > 0 && {
      guideUntilMs: guideEnds.reduce((least, [, endMs]) => Math.min(least, endMs), Number.POSITIVE_INFINITY),
    }),
  };
}

/** A cache of bodies that forgets the oldest. */
function createBodies<Of>() {
  const bodies = new Map<Of, CachedBody>();
  return (key: Of, make: () => CachedBody): CachedBody => {
    let body = bodies.get(key);
    if (!body) {
      body = make();
      if (bodies.size >= BODIES_MAX) bodies.delete(bodies.keys().next().value as Of);
      bodies.set(key, body);
    }
    return body;
  };
}

/** @param before the snapshot served until now; what did not change is taken over */
export async function compileSnapshot(
  publication: Publication,
  settings: SnapshotSettings,
  before?: Snapshot,
): Promise<Snapshot> {
  const view = await readPublication(publication, settings.pause, before?.view);
  const { region, gzip } = settings;
  const { manifest, hash } = publication;
  const position: Position = { epoch: manifest.epoch, revision: manifest.revision, hash };
  const lineUp = makeLineUp(view, region);
  const shared = before?.shared ?? createShared(settings);
  const moments = createMoments(view, region, shared.indexes);
  const json = (content: string, cacheControl: string) =>
    createCachedBody(content, { contentType: JSON_TYPE, cacheControl, gzip });

  // By id and version apart: a reply makes no key.
  const versions = new Map<string, Map<number, PublishedInteraction>>();
  const newest = new Map<string, number>();
  for (const entry of view.interactions.values()) {
    const { id, version } = entry.interaction;
    const ofId = versions.get(id) ?? new Map();
    versions.set(id, ofId.set(version, entry));
    newest.set(id, Math.max(newest.get(id) ?? 0, version));
  }
  const published = (id: string, version: number) => versions.get(id)?.get(version);
  const placementsOf = new Map<string, Placement[]>();
  for (const placement of view.placements.values()) {
    const key = interactionKey(placement.interaction, placement.version);
    const list = placementsOf.get(key);
    if (list) list.push(placement);
    else placementsOf.set(key, [placement]);
  }

  const channels = new Map<string, ChannelView>();
  const carriedHere = new Set<Placement>();
  for (const { id } of lineUp.channels) {
    await settings.pause();
    const entry = view.schedules.get(id);
    const { epoch, revision } = entry ? schedulePlaceIn(entry, region) : position;
    const guide = view.guides.get(id);
    const carried = moments.planner.on(id).map(({ placement }) => placement);
    for (const placement of carried) carriedHere.add(placement);
    const source: ChannelSource = {
      channel: id,
      epoch,
      revision,
      programmes: () => moments.programmes(id),
      inputs: [
        guide,
        ...moments.planner.rulesOn(id),
        ...carried.flatMap((each) => [each, published(each.interaction, each.version)]),
      ],
      horizon: (nowMs) => moments.horizon(id, nowMs),
      durationMs: (interaction, version) => published(interaction, version)?.interaction.durationMs ?? 0,
    };
    const earlier = before?.region === region ? before.channel(id) : undefined;
    channels.set(id, earlier?.adopt(source) ? earlier : createChannelView(source, shared.makeScheduleBody));
  }

  const embargoes = new Map<PublishedInteraction, Embargo>();
  for (const [key, placements] of placementsOf) {
    const entry = view.interactions.get(key);
    if (!entry || !placements.some((placement) => placement.embargo)) continue;
    const cuesAt = (nowMs: number) => placements.flatMap((each) => [...moments.around(each, nowMs)]);
    embargoes.set(entry, createEmbargo(cuesAt, entry.interaction.durationMs));
  }
  const checkEmbargo = (entry: PublishedInteraction, nowMs: number) => {
    const untilMs = embargoes.get(entry)?.untilMs(nowMs);
    if (untilMs === undefined) return;
    const { id } = entry.interaction;
    throw new CuecastError(`Cannot give interaction ${id} yet: it is under embargo until its moment`, {
      code: "embargo",
      status: 425,
      retryable: true,
      retryAfterMs: untilMs - nowMs,
    });
  };

  const guides = lineUp.channels.flatMap(({ id }) => view.guides.get(id) ?? []);
  let left: ScheduleLeft | undefined;
  const oneVersion = createBodies<PublishedInteraction>();
  const newestVersion = createBodies<PublishedInteraction>();
  const images = createBodies<string>();
  return {
    position,
    publishedAtMs: manifest.publishedAtMs,
    region,
    regionKnown: view.regions.has(region),
    get counts() {
      return {
        channels: lineUp.channels.length,
        placements: carriedHere.size,
        interactions: new Set([...carriedHere].map((each) => interactionKey(each.interaction, each.version)))
          .size,
        programmes: guides.reduce((sum, { size }) => sum + size, 0),
      };
    },
    get left() {
      left ??= measureLeft(new Map(lineUp.channels.map(({ id }) => [id, view.guides.get(id)])), carriedHere);
      return left;
    },
    view,
    lineUp: createCachedBody(JSON.stringify(lineUp), {
      ...{ contentType: JSON_TYPE, cacheControl: CACHE_SHARED, gzip },
      tagOf: (digest) => shared.givenTags.give(LINE_UP, digest),
    }),
    shared,
    channel: (id) => channels.get(id),
    interaction(id, version, nowMs) {
      const entry = published(id, version ?? newest.get(id) ?? 0);
      if (!entry) return undefined;
      checkEmbargo(entry, nowMs);
      if (version === undefined) return newestVersion(entry, () => json(entry.json, CACHE_NONE));
      return oneVersion(entry, () => json(entry.json, CACHE_IMMUTABLE));
    },
    image(sha256) {
      const bytes = view.images.get(sha256);
      if (!bytes) return undefined;
      return images(sha256, () =>
        createCachedBody(bytes, { contentType: imageType(bytes), cacheControl: CACHE_IMMUTABLE }),
      );
    },
    cue(id, nowMs) {
      const cue = moments.cueOf(id, nowMs);
      const entry = cue && published(cue.interaction, cue.version);
      return cue && entry && { cue, published: entry };
    },
    published,
    troubles: () => [...view.skipped(), ...moments.troubles()],
    async prepare(nowMs, atMs, pause, stop) {
      let prepared = 0;
      for (const channel of channels.values()) {
        if (stop()) break;
        if (atMs !== nowMs && !channel.isAsked(nowMs)) continue;
        for (const turn of [channel.readGuide, channel.settle, channel.prepare]) {
          if (stop()) return prepared;
          turn(atMs);
          await pause();
        }
        prepared++;
      }
      return prepared;
    },
    async survey(pause) {
      for (const guide of guides) {
        guide.survey();
        await pause();
      }
    },
    suppressed(nowMs) {
      const counts: Partial<Record<Reason, number>> = {};
      for (const channel of channels.values()) {
        for (const [reason, count] of Object.entries(channel.suppressed(nowMs) ?? {})) {
          counts[reason as Reason] = (counts[reason as Reason] ?? 0) + count;
        }
      }
      return counts;
    },
  };
}
