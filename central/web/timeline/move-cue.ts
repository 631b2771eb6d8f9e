/**
 * What dragging a cue means for its placement: every airing moves, or only this one, which then gets a
 * placement of its own. Pure.
 */

import { parseCueId } from "../../../shared/schedule/cue-id.ts";
import type { Placement } from "../../../shared/schedule/placement.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
const ID_MAX = 40;

export interface Moved {
  changed: Placement;
  /** Of the one airing that goes its own way. */
  added?: Placement;
}

/** A rule of one time a day, moved by whole minutes within the day. */
function movedRule(rule: string, deltaMs: number): string | undefined {
  const [minute = "", hour = "", ...rest] = rule.trim().split(/\s+/);
  if (!/^\d+$/.test(minute) || !/^\d+$/.test(hour) || deltaMs % MINUTE_MS !== 0) return undefined;
  const total = Number(hour) * 60 + Number(minute) + deltaMs / MINUTE_MS;
  if (total < 0 || total >= DAY_MINUTES) return undefined;
  return [total % 60, Math.floor(total / 60), ...rest].join(" ");
}

/** @returns undefined when the rule cannot say it */
export function moveEvery(placement: Placement, deltaMs: number): Placement | undefined {
  const { when } = placement;
  if (when.kind === "instant") return { ...placement, when: { ...when, atMs: when.atMs + deltaMs } };
  if (when.kind === "cron") {
    const rule = movedRule(when.rule, deltaMs);
    return rule === undefined ? undefined : { ...placement, when: { ...when, rule } };
  }
  const { at } = when;
  if ("fraction" in at) return undefined;
  const offsetMs = (at.offsetMs ?? 0) + deltaMs;
  if ("everyMs" in at && offsetMs < 0) return undefined;
  return { ...placement, when: { ...when, at: { ...at, offsetMs } } };
}

/**
 * @param channel of the cue: a programme's airing is on that one alone
 * @returns undefined for a single moment, which has no other airing
 */
export function moveOne(
  placement: Placement,
  cueId: string,
  channel: string,
  toMs: number,
): Moved | undefined {
  const { when, except: _, groups: _groups, ...rest } = placement;
  const cue = parseCueId(cueId);
  if (when.kind === "instant" || !cue) return undefined;
  const suffix = `-${Math.floor(toMs / 1000).toString(36)}`;
  return {
    changed: { ...placement, except: [...new Set([...(placement.except ?? []), cue.occurrence])] },
    added: {
      ...rest,
      id: `${placement.id.slice(0, ID_MAX - suffix.length)}${suffix}`,
      generation: 0,
      channels: when.kind === "programme" || placement.channels.length === 0 ? [channel] : placement.channels,
      when: { kind: "instant", atMs: toMs },
    },
  };
}
