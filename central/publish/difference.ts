/**
 * What one content would change of another, in an editor's words: which placements, interactions and channels,
 * and which cues that makes in every region over the next days. Pure.
 */
import * as v from "valibot";
import { countSchema, idSchema, instantSchema } from "../../shared/protocol/primitives.ts";
import { guidePart, type RegionEntry, regionEntrySchema } from "../../shared/publication/entries.ts";
import type { Body, Content, Part } from "../../shared/publication/part.ts";
import type { Placement } from "../../shared/schedule/placement.ts";
import { differences } from "../authoring/differences.ts";
import { firings, type PlacedCue, placementsIn, programmesOn } from "./on-air-view.ts";

/** How far ahead cues are compared: what a guide reaches. */
export const DIFFERENCE_SPAN_MS = 8 * 86_400_000;
/** Firings compared of one placement. */
const FIRINGS_MAX = 500;
/** Things and cues told one by one; all are counted. */
const TOLD_MAX = 100;

const changeSchema = v.picklist(["added", "moved", "changed", "withdrawn"]);
export type Change = v.InferOutput<typeof changeSchema>;

const thingSchema = v.object({
  id: v.string(),
  change: changeSchema,
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
const cueChangeSchema = v.object({
  id: idSchema,
  change: changeSchema,
  interaction: idSchema,
  /** As it would be; of a withdrawn one as it is. */
  atMs: instantSchema,
  /** Of a moved one: as it is. */
  wasMs: v.optional(instantSchema),
  channels: v.array(idSchema),
});
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
      ...countsSchema.entries,
      /** When the first of these matters; absent when there is none. */
      firstAtMs: v.optional(instantSchema),
      told: v.array(cueChangeSchema),
    }),
  ),
  /** False: publishing would change nothing. */
  any: v.boolean(),
});
export type Difference = v.InferOutput<typeof differenceSchema>;
type CueChange = v.InferOutput<typeof cueChangeSchema>;

const NO_PART: Part = new Map();
const parsed = (body: Body | undefined) => (body === undefined ? undefined : JSON.parse(String(body)));
const noCounts = () => ({ added: 0, moved: 0, changed: 0, withdrawn: 0 });

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

function sameTimes(before: Body, after: Body): boolean {
  const [a, b] = [parsed(before), parsed(after)];
  return a.startMs === b.startMs && a.endMs === b.endMs;
}

function guideOf(from: Content, to: Content): Difference["guide"] {
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
  }
  return found;
}

const cueKey = (cue: PlacedCue, channel: string) => `${cue.id}\n${channel}`;
const onEachChannel = (cues: readonly PlacedCue[]) =>
  new Map(cues.flatMap((cue) => cue.channels.map((channel) => [cueKey(cue, channel), cue] as const)));

/** The cues of a placement that differ, each with the channels where it does. */
function cueChanges(before: readonly PlacedCue[], after: readonly PlacedCue[]): CueChange[] {
  const [old, now] = [onEachChannel(before), onEachChannel(after)];
  const byCue = new Map<string, CueChange>();
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const [was, is] = [old.get(key), now.get(key)];
    const cue = (is ?? was) as PlacedCue;
    let change: Change;
    if (!was) change = "added";
    else if (!is) change = "withdrawn";
    else if (was.atMs !== is.atMs) change = "moved";
    else {
      const [{ channels: _a, ...a }, { channels: _b, ...b }] = [was, is];
      if (JSON.stringify(a) === JSON.stringify(b)) continue;
      change = "changed";
    }
    const channel = key.slice(key.indexOf("\n") + 1);
    const found = byCue.get(`${change}\n${cue.id}\n${cue.atMs}`);
    if (found) found.channels.push(channel);
    else {
      byCue.set(`${change}\n${cue.id}\n${cue.atMs}`, {
        id: cue.id,
        change,
        interaction: cue.interaction,
        atMs: cue.atMs,
        ...(change === "moved" && was && { wasMs: was.atMs }),
        channels: [channel],
      });
    }
  }
  return [...byCue.values()];
}

/**
 * Only what can differ is expanded: a placement whose body, whose channels or one of whose guides is another. Each
 * is taken for itself: what channel rules then suppress is told by its preview.
 */
function allCueChanges(from: Content, to: Content, fromMs: number, untilMs: number): CueChange[] {
  const index = (content: Content) => new Map(placementsIn(content).map((each) => [each.id, each]));
  const [old, now] = [index(from), index(to)];
  const guides = new Set(guideOf(from, to).map(({ channel }) => channel));
  const expand = (content: Content, placement: Placement | undefined) =>
    placement
      ? firings(placement, (channel) => programmesOn(content, channel), fromMs, untilMs, FIRINGS_MAX)
      : [];
  const found: CueChange[] = [];
  for (const id of new Set([...old.keys(), ...now.keys()])) {
    const [before, after] = [old.get(id), now.get(id)];
    const sameRule = from.get("placements")?.get(id) === to.get("placements")?.get(id);
    // Its channels are told with those of its groups, which may be others by now.
    const sameChannels = String(before?.channels) === String(after?.channels);
    const touched = after?.when.kind === "programme" && after.channels.some((channel) => guides.has(channel));
    if (sameRule && sameChannels && !touched) continue;
    found.push(...cueChanges(expand(from, before), expand(to, after)));
  }
  return found.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
}

function regionsOf(content: Content): RegionEntry[] {
  return [...(content.get("regions") ?? NO_PART).values()].map((body) =>
    v.parse(regionEntrySchema, parsed(body)),
  );
}

/** @param nowMs cues are compared from then on for DIFFERENCE_SPAN_MS, and those that began up to a minute before */
export function describeDifference(from: Content, to: Content, nowMs: number): Difference {
  const changes = allCueChanges(from, to, nowMs - 60_000, nowMs + DIFFERENCE_SPAN_MS);
  const cues = regionsOf(to).map((region) => {
    const lineUp = region.channels && new Set(region.channels);
    const counts = noCounts();
    const told: CueChange[] = [];
    let firstAtMs: number | undefined;
    for (const change of changes) {
      const channels = lineUp ? change.channels.filter((each) => lineUp.has(each)) : change.channels;
      if (channels.length === 0) continue;
      counts[change.change]++;
      const mattersMs = Math.min(change.atMs, change.wasMs ?? change.atMs);
      firstAtMs = Math.min(firstAtMs ?? mattersMs, mattersMs);
      if (told.length < TOLD_MAX) told.push({ ...change, channels });
    }
    return {
      region: region.id,
      name: region.name,
      ...counts,
      ...(firstAtMs !== undefined && { firstAtMs }),
      told,
    };
  });
  const part = (name: string) => things(from.get(name), to.get(name));
  const difference = {
    placements: part("placements"),
    interactions: part("interactions"),
    regions: part("regions"),
    channels: part("channels"),
    channelGroups: part("channel-groups"),
    channelRules: part("channel-rules"),
    guide: guideOf(from, to),
    cues,
  };
  const { cues: _, ...rest } = difference;
  return { ...difference, any: Object.values(rest).some((list) => list.length > 0) };
}
