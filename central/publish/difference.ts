/**
 * What one content would change of another, in an editor's words: which placements, interactions and channels,
 * and which cues that makes in every region over the next days. Pure.
 */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import { guidePart, type RegionEntry, regionEntrySchema } from "../../shared/publication/entries.ts";
import type { Body, Content, Part } from "../../shared/publication/part.ts";
import { differences } from "../authoring/differences.ts";
import {
  CUE_CHANGES,
  type CueChange,
  type CueChangeKind,
  type CueChanges,
  cueChangeSchema,
  cueChanges,
} from "./cue-changes.ts";
import type { Work } from "./work.ts";

/** How far ahead cues are compared: what a guide reaches. */
export const DIFFERENCE_SPAN_MS = 8 * 86_400_000;
/** Things and cues told one by one; all are counted. */
const TOLD_MAX = 100;

const changeSchema = v.picklist(["added", "moved", "changed", "withdrawn"]);
export type Change = v.InferOutput<typeof changeSchema>;

const thingSchema = v.object({
  id: v.string(),
  change: changeSchema,
  /** What it is compared with where that has another name: the version before, of an interaction. */
  was: v.optional(v.string()),
  changes: v.array(
    v.object({ path: v.string(), from: v.optional(v.unknown()), to: v.optional(v.unknown()) }),
  ),
});
const countsSchema = v.object({
  added: countSchema,
  moved: countSchema,
  changed: countSchema,
  withdrawn: countSchema,
});
const cueCountsSchema = v.object(
  Object.fromEntries(CUE_CHANGES.map((change) => [change, countSchema])) as Record<
    CueChangeKind,
    typeof countSchema
  >,
);
export const differenceSchema = v.object({
  placements: v.array(thingSchema),
  interactions: v.array(thingSchema),
  regions: v.array(thingSchema),
  channels: v.array(thingSchema),
  channelGroups: v.array(thingSchema),
  channelRules: v.array(thingSchema),
  /** Programmes, by channel. */
  guide: v.array(v.object({ channel: idSchema, ...countsSchema.entries })),
  cues: v.array(
    v.object({
      region: idSchema,
      name: v.string(),
      ...cueCountsSchema.entries,
      /** When the first that viewers notice matters; absent when there is none. */
      firstAtMs: v.optional(instantSchema),
      told: v.array(cueChangeSchema),
    }),
  ),
  /** Channels whose cues differ and were not compared: there are too many cues. */
  uncompared: countSchema,
  /** False: publishing would change nothing. */
  any: v.boolean(),
});
export type Difference = v.InferOutput<typeof differenceSchema>;

const NO_PART: Part = new Map();
const parsed = (body: Body | undefined) => (body === undefined ? undefined : JSON.parse(String(body)));
const noCueCounts = () =>
  Object.fromEntries(CUE_CHANGES.map((change) => [change, 0])) as Record<CueChangeKind, number>;
const noCounts = () => ({ added: 0, moved: 0, changed: 0, withdrawn: 0 });

/** What a placement that comes shows, where and when: its id alone says nothing to who publishes it. */
function placementsOf(from: Part = NO_PART, to: Part = NO_PART): Difference["placements"] {
  return things(from, to).map((thing) => {
    if (thing.change !== "added") return thing;
    const { interaction, version, channels, groups, regions, when } = parsed(to.get(thing.id));
    return { ...thing, changes: differences({}, { interaction, version, channels, groups, regions, when }) };
  });
}

function things(from: Part = NO_PART, to: Part = NO_PART): Difference["placements"] {
  const found: Difference["placements"] = [];
  for (const key of [...new Set([...from.keys(), ...to.keys()])].sort()) {
    const [before, after] = [from.get(key), to.get(key)];
    if (before === after || found.length >= TOLD_MAX) continue;
    const change = before === undefined ? "added" : after === undefined ? "withdrawn" : "changed";
    const changes = change === "changed" ? differences(parsed(before), parsed(after)) : [];
    found.push({ id: key, change, changes });
  }
  return found;
}

const versionOf = (key: string) => Number(key.slice(key.lastIndexOf("@") + 1));
const idOf = (key: string) => key.slice(0, key.lastIndexOf("@"));
function newestById(part: Part): Map<string, string> {
  const newest = new Map<string, string>();
  for (const key of part.keys()) {
    const found = newest.get(idOf(key));
    if (found === undefined || versionOf(found) < versionOf(key)) newest.set(idOf(key), key);
  }
  return newest;
}

/**
 * Interactions as viewers see them change: a version that comes is compared with the newest of the same that was on
 * air, and one that goes with it is not told beside it.
 */
function interactionsOf(from: Part = NO_PART, to: Part = NO_PART): Difference["interactions"] {
  const newest = newestById(from);
  const found: Difference["interactions"] = [];
  const replaced = new Set<string>();
  for (const thing of things(from, to)) {
    const was = thing.change === "added" ? newest.get(idOf(thing.id)) : undefined;
    if (was === undefined) {
      found.push(thing);
      continue;
    }
    if (!to.has(was)) replaced.add(was);
    const changes = differences(parsed(from.get(was)), parsed(to.get(thing.id)));
    const shown = changes.filter(({ path }) => path !== "interaction.version");
    found.push({ id: thing.id, change: "changed", was, changes: shown });
  }
  return found.filter(({ id, change }) => change !== "withdrawn" || !replaced.has(id));
}

function sameTimes(before: Body, after: Body): boolean {
  const [a, b] = [parsed(before), parsed(after)];
  return a.startMs === b.startMs && a.endMs === b.endMs;
}

function* guideOf(from: Content, to: Content): Work<Difference["guide"]> {
  const names = [...new Set([...from.keys(), ...to.keys()])].filter((name) => name.startsWith("guide/"));
  const found: Difference["guide"] = [];
  for (const name of names.sort()) {
    const [before, after] = [from.get(name) ?? NO_PART, to.get(name) ?? NO_PART];
    if (before === after) continue;
    const counts = noCounts();
    for (const [id, body] of after) {
      const old = before.get(id);
      if (old === undefined) counts.added++;
      else if (old !== body) counts[sameTimes(old, body) ? "changed" : "moved"]++;
    }
    for (const id of before.keys()) if (!after.has(id)) counts.withdrawn++;
    if (Object.values(counts).some(Boolean))
      found.push({ channel: name.slice(guidePart("").length), ...counts });
    yield;
  }
  return found;
}

function regionsOf(content: Content): RegionEntry[] {
  return [...(content.get("regions") ?? NO_PART).values()].map((body) =>
    v.parse(regionEntrySchema, parsed(body)),
  );
}

/** Cues are compared from now on for DIFFERENCE_SPAN_MS, and those that began up to a minute before. */
export const comingCueChanges = (from: Content, to: Content, nowMs: number): Work<CueChanges> =>
  cueChanges(from, to, nowMs - 60_000, nowMs + DIFFERENCE_SPAN_MS);

/** @param coming when they were compared already */
export function* describeDifference(
  from: Content,
  to: Content,
  nowMs: number,
  coming?: CueChanges,
): Work<Difference> {
  const { changes, uncompared } = coming ?? (yield* comingCueChanges(from, to, nowMs));
  const cues: Difference["cues"] = [];
  for (const region of regionsOf(to)) {
    yield;
    const lineUp = region.channels && new Set(region.channels);
    const counts = noCueCounts();
    const told: CueChange[] = [];
    let firstAtMs: number | undefined;
    for (const { region: where, ...change } of changes) {
      if (where !== undefined && where !== region.id) continue;
      const channels = lineUp ? change.channels.filter((each) => lineUp.has(each)) : change.channels;
      if (channels.length === 0) continue;
      counts[change.change]++;
      if (change.change !== "unshown") {
        const mattersMs = Math.min(change.atMs, change.wasMs ?? change.atMs);
        firstAtMs = Math.min(firstAtMs ?? mattersMs, mattersMs);
      }
      if (told.length < TOLD_MAX) told.push({ ...change, channels });
    }
    cues.push({
      region: region.id,
      name: region.name,
      ...counts,
      ...(firstAtMs !== undefined && { firstAtMs }),
      told,
    });
  }
  yield;
  const part = (name: string) => things(from.get(name), to.get(name));
  const difference = {
    placements: placementsOf(from.get("placements"), to.get("placements")),
    interactions: interactionsOf(from.get("interactions"), to.get("interactions")),
    regions: part("regions"),
    channels: part("channels"),
    channelGroups: part("channel-groups"),
    channelRules: part("channel-rules"),
    guide: yield* guideOf(from, to),
  };
  return { ...difference, cues, uncompared, any: Object.values(difference).some((list) => list.length > 0) };
}
