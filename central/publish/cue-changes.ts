/**
 * The cues that one content would change of another's, settled on both sides as edges settle them: a changed gap,
 * group or blackout shows what it keeps away and what it lets go. Pure.
 */
import * as v from "valibot";
import { idSchema, instantSchema, ordinalSchema } from "../../shared/protocol/primitives.ts";
import type { Content } from "../../shared/publication/part.ts";
import type { ChannelCues } from "../../shared/schedule/channel-cues.ts";
import { type Suppression, suppressionSchema } from "../../shared/schedule/reason.ts";
import { changedChannels } from "./changed-channels.ts";
import { type Plan, planOf } from "./plan.ts";
import type { Work } from "./work.ts";

/**
 * | change | the cue |
 * | --- | --- |
 * | `added` | is new and appears |
 * | `moved` | appears at another moment |
 * | `changed` | appears at its moment, and something else of it is another |
 * | `withdrawn` | appeared, and no rule gives it any more, or an editor withdrew it |
 * | `suppressed` | appeared, and something keeps it away now |
 * | `freed` | was kept away, and appears |
 * | `unshown` | is new, and something keeps it away: boxes see no difference |
 */
export const CUE_CHANGES = [
  "added",
  "moved",
  "changed",
  "withdrawn",
  "suppressed",
  "freed",
  "unshown",
] as const;
export type CueChangeKind = (typeof CUE_CHANGES)[number];

export const cueChangeSchema = v.object({
  id: idSchema,
  change: v.picklist(CUE_CHANGES),
  interaction: idSchema,
  version: ordinalSchema,
  /** As it would be; of a withdrawn one as it is. */
  atMs: instantSchema,
  /** As it is, where that is another moment. */
  wasMs: v.optional(instantSchema),
  channels: v.array(idSchema),
  /** What keeps a `suppressed` or `unshown` one away, or kept a `freed` one away; on the first of its channels. */
  why: v.optional(suppressionSchema),
});
export type CueChange = v.InferOutput<typeof cueChangeSchema>;
/** Where it holds: in one region, or (undefined) in all. */
export type PlacedCueChange = CueChange & { region: string | undefined };

export interface CueChanges {
  changes: PlacedCueChange[];
  uncompared: number;
}

/** Most cues compared, both sides together: half a second's work. */
export const COMPARED_MAX = 200_000;
/** Windows longer than this that began before the span are not looked for, ms. */
const BACK_MAX_MS = 8 * 86_400_000;

interface Settled {
  cues: ChannelCues;
  row: number;
  atMs: number;
  why: Suppression | undefined;
}

/** Cues that are open at `fromMs` or later, with moments before `untilMs`, by id. */
function settledOf(
  plan: Plan,
  region: string | undefined,
  channel: string,
  fromMs: number,
  untilMs: number,
): Map<string, Settled> {
  const found = new Map<string, Settled>();
  if (!plan.hasChannel(channel)) return found;
  const placed = plan.planner(region).on(channel);
  const longestMs = placed.reduce((most, { placement }) => Math.max(most, placement.windowMs), 0);
  const cues = plan.cues(region, channel, fromMs - Math.min(longestMs, BACK_MAX_MS), untilMs);
  for (let row = 0; row < cues.rows.count; row++) {
    if (cues.untilMs(row) < fromMs) continue;
    const atMs = cues.rows.atMs[row] as number;
    found.set(cues.id(row), { cues, row, atMs, why: cues.suppression(row) });
  }
  return found;
}

/** Undefined when there is nothing to tell. */
function kindOf(was: Settled | undefined, is: Settled | undefined): CueChangeKind | undefined {
  const appeared = was !== undefined && was.why === undefined;
  if (is === undefined) return appeared ? "withdrawn" : undefined;
  // What an editor withdrew by itself is as good as gone.
  if (is.why?.reason === "withdrawn") return appeared ? "withdrawn" : undefined;
  if (is.why) return appeared ? "suppressed" : was && was.why?.reason !== "withdrawn" ? undefined : "unshown";
  if (was === undefined || was.why?.reason === "withdrawn") return "added";
  if (was.why) return "freed";
  if (was.atMs !== is.atMs) return "moved";
  const bodies = [was, is].map(({ cues, row }) => JSON.stringify(cues.cue(row)));
  return bodies[0] === bodies[1] ? undefined : "changed";
}

/**
 * @param fromMs cues that are open then or later
 * @param untilMs and whose moments are before this
 * @returns by moment, then id; `uncompared` channels were left out, because there are too many cues
 */
export function* cueChanges(from: Content, to: Content, fromMs: number, untilMs: number): Work<CueChanges> {
  const old = planOf(from);
  yield;
  const now = planOf(to);
  yield;
  const told = new Map<string, PlacedCueChange>();
  const channels = changedChannels(from, to);
  let compared = 0;
  let done = 0;
  for (const channel of channels) {
    if (compared >= COMPARED_MAX) break;
    const limited = [old, now].some((plan) => plan.variants(channel)[0] !== undefined);
    for (const region of limited ? now.regions.keys() : [undefined]) {
      const before = settledOf(old, region, channel, fromMs, untilMs);
      const after = settledOf(now, region, channel, fromMs, untilMs);
      compared += before.size + after.size;
      for (const [id, is] of after) note(told, channel, region, id, before.get(id), is);
      for (const [id, was] of before) if (!after.has(id)) note(told, channel, region, id, was, undefined);
      yield;
    }
    done++;
  }
  const changes = [...told.values()].sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1));
  return { changes, uncompared: channels.length - done };
}

/** The same on several channels is told once. */
function note(
  told: Map<string, PlacedCueChange>,
  channel: string,
  region: string | undefined,
  id: string,
  was: Settled | undefined,
  is: Settled | undefined,
): void {
  const change = kindOf(was, is);
  const cue = is ?? was;
  if (!change || !cue) return;
  const why = change === "freed" ? was?.why : change === "withdrawn" ? undefined : is?.why;
  const key = `${change} ${id} ${cue.atMs} ${region ?? ""} ${why?.reason ?? ""} ${why?.rule ?? ""}`;
  const found = told.get(key);
  if (found) {
    found.channels.push(channel);
    return;
  }
  const moved = was !== undefined && is !== undefined && was.atMs !== is.atMs && !was.why;
  told.set(key, {
    ...{ id, change, region, atMs: cue.atMs, channels: [channel] },
    interaction: cue.cues.planned(cue.row).placement.interaction,
    version: cue.cues.planned(cue.row).placement.version,
    ...(moved && { wasMs: was.atMs }),
    ...(why && { why }),
  });
}
