/** Which channels' cues one content may make other than another: whose guide, placements or rules differ. Pure. */
import { guidePart } from "../../shared/publication/entries.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import { channelsOf } from "../../shared/schedule/channel-group.ts";
import { type Plan, planOf } from "./plan.ts";

const NO_PART: Part = new Map();
const NO_IDS: readonly string[] = [];

function placedBy({ placements, groups }: Plan): Map<string, string[]> {
  const byChannel = new Map<string, string[]>();
  for (const placement of placements.values()) {
    for (const channel of channelsOf(placement, groups)) {
      const ids = byChannel.get(channel);
      if (ids) ids.push(placement.id);
      else byChannel.set(channel, [placement.id]);
    }
  }
  return byChannel;
}

function sameEntries(before: Part = NO_PART, after: Part = NO_PART): boolean {
  if (before === after) return true;
  return before.size === after.size && [...after].every(([key, body]) => before.get(key) === body);
}

/** @returns whether a channel's cues may differ */
export function compareChannels(from: Content, to: Content): (channel: string) => boolean {
  const [old, now] = [planOf(from), planOf(to)];
  const same = (part: string) => sameEntries(from.get(part), to.get(part));
  const sameGroups = same("channel-groups");
  const samePlacements = same("placements") && sameGroups;
  const sameRules = same("channel-rules") && sameGroups;
  const [before, after] = samePlacements ? [new Map(), new Map()] : [placedBy(old), placedBy(now)];
  const bodyOf = (content: Content, id: string) => content.get("placements")?.get(id);
  const rulesOf = (plan: Plan, channel: string) => JSON.stringify(plan.planner(undefined).rulesOn(channel));

  return (channel) => {
    if (old.hasChannel(channel) !== now.hasChannel(channel)) return true;
    if (!same(guidePart(channel))) return true;
    const ids: readonly string[] = after.get(channel) ?? NO_IDS;
    const others: readonly string[] = before.get(channel) ?? NO_IDS;
    if (ids.length !== others.length) return true;
    const kept = new Set(others);
    if (ids.some((id) => !kept.has(id) || bodyOf(from, id) !== bodyOf(to, id))) return true;
    return !sameRules && rulesOf(old, channel) !== rulesOf(now, channel);
  };
}

/** @returns by id; a channel that neither content has makes no cues and is left out */
export function changedChannels(from: Content, to: Content): string[] {
  const all = new Set([from, to].flatMap((content) => [...planOf(content).channels()]));
  return [...all].sort().filter(compareChannels(from, to));
}
