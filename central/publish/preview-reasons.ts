/**
 * What keeps a placement's firings away before any channel judges them: no such channel, a guide that has nothing or
 * nothing of it, repeats where first runs are meant, a rule that is over. Told beside a preview's firings, for who
 * expected more of them, or any. Pure.
 */
import * as v from "valibot";
import { idSchema } from "../../shared/protocol/primitives.ts";
import { textOf } from "../../shared/schedule/explanation.ts";
import type { CronWhen, Placement, ProgrammeWhen, When } from "../../shared/schedule/placement.ts";
import { momentsIn, type ProgrammeTimes, takesAiring } from "../../shared/schedule/programme-rule.ts";
import type { Plan } from "./plan.ts";

export const previewReasonSchema = v.object({
  /** For programs, of those of an explanation where it means the same; docs/schedule.md lists them. */
  code: v.string(),
  /** For people, in English. */
  text: v.string(),
  /** How many programmes it is about. */
  programmes: v.optional(v.number()),
  channels: v.optional(v.array(idSchema)),
  regions: v.optional(v.array(idSchema)),
});
export type PreviewReason = v.InferOutput<typeof previewReasonSchema>;

export interface Previewed {
  placement: Placement;
  /** Its channels that there are. */
  channels: readonly string[];
  /** Of those, the ones that no region for which it is has in its line-up. */
  nowhere: readonly string[];
  /** What is looked at. */
  fromMs: number;
  untilMs: number;
  /** Whether anything fires at all, suppressed or not. */
  fires: boolean;
  /** Whether as many were found as were asked for. */
  enough: boolean;
  /** It was withdrawn, and this is what it would do. */
  withdrawn: boolean;
}

const DAY_MS = 86_400_000;
/** Ids named in a text; the data has them all. */
const NAMED = 5;
const list = (ids: readonly string[]) =>
  ids.length <= NAMED ? ids.join(", ") : `${ids.slice(0, NAMED).join(", ")} and ${ids.length - NAMED} more`;

const daysOf = ({ fromMs, untilMs }: Previewed) => Math.round((untilMs - fromMs) / DAY_MS);

export function previewReasons(plan: Plan, previewed: Previewed): PreviewReason[] {
  const { placement, channels, nowhere, withdrawn } = previewed;
  const reasons: PreviewReason[] = [];
  if (withdrawn) {
    reasons.push({ code: "withdrawn-placement", text: "It is withdrawn: this is what it would do" });
  }
  if (channels.length === 0) {
    const text = "It stands on no channel that there is: neither itself nor through its groups";
    reasons.push({ code: "not-on-channel", text });
  }
  const unknown = placement.regions?.filter((region) => !plan.regions.has(region)) ?? [];
  if (unknown.length > 0) {
    reasons.push({
      ...{ code: "not-in-region", regions: unknown },
      text: `It is only for regions of which some are not there: ${list(unknown)}`,
    });
  }
  if (nowhere.length > 0) {
    reasons.push({
      ...{ code: "not-in-line-up", channels: [...nowhere] },
      text: `No region that it is for has this in its line-up: ${list(nowhere)}`,
    });
  }
  return [...reasons, ...ofRule(plan, previewed)];
}

function ofRule(plan: Plan, previewed: Previewed): PreviewReason[] {
  const { when } = previewed.placement;
  if (when.kind === "programme") return ofProgrammes(plan, when, previewed);
  if (previewed.channels.length === previewed.nowhere.length) return [];
  if (previewed.fires) return previewed.enough ? [] : ofEnd(when, previewed);
  if (when.kind === "instant") {
    const passed = when.atMs < previewed.fromMs;
    const state = passed ? "has passed" : `is more than ${daysOf(previewed)} days ahead`;
    const text = `Its instant ${textOf(when.atMs)} ${state}`;
    return [{ code: passed ? "passed" : "too-far", text }];
  }
  return [ofCron(when, previewed)];
}

/** Why a rule gives no more than it does. */
function ofEnd(when: Exclude<When, ProgrammeWhen>, { untilMs }: Previewed): PreviewReason[] {
  if (when.kind === "instant" || when.untilMs === undefined || when.untilMs > untilMs) return [];
  return [{ code: "after-until", text: `Its rule ends at ${textOf(when.untilMs)}` }];
}

function ofCron({ rule, zone, fromMs, untilMs, exceptDates }: CronWhen, previewed: Previewed): PreviewReason {
  if (untilMs !== undefined && untilMs <= previewed.fromMs) {
    return { code: "after-until", text: `Its rule ended at ${textOf(untilMs)}` };
  }
  if (fromMs !== undefined && fromMs >= previewed.untilMs) {
    return { code: "before-from", text: `Its rule begins only at ${textOf(fromMs)}` };
  }
  const except = exceptDates?.length ? ", its exception dates left out" : "";
  const text = `The rule ${rule} in ${zone} names no time of the ${daysOf(previewed)} days ahead${except}`;
  return { code: "not-named", text };
}

/** What becomes of the programmes of the days that are looked at. */
function ofProgrammes(plan: Plan, when: ProgrammeWhen, previewed: Previewed): PreviewReason[] {
  const { fromMs, untilMs, fires } = previewed;
  const channels = previewed.channels.filter((channel) => !previewed.nowhere.includes(channel));
  const silent: string[] = [];
  const meant: ProgrammeTimes[] = [];
  let all = 0;
  for (const channel of channels) {
    const index = plan.programmes(channel);
    const isAhead = ({ startMs, endMs }: ProgrammeTimes) => endMs > fromMs && startMs < untilMs;
    const ahead = index.programmes.reduce((sum, programme) => sum + (isAhead(programme) ? 1 : 0), 0);
    if (ahead === 0) silent.push(channel);
    all += ahead;
    for (const place of index.matching(when.match)) {
      const programme = index.programmes[place];
      if (programme && isAhead(programme)) meant.push(programme);
    }
  }
  const reasons: PreviewReason[] = [];
  if (silent.length > 0) {
    const text = `The guide has nothing ahead on ${list(silent)}`;
    reasons.push({ code: "nothing-on", channels: silent, text });
  }
  if (all === 0) return reasons;
  const match = JSON.stringify(when.match);
  if (meant.length === 0) {
    const text = `The rule means ${match}, which is none of the ${all} programmes ahead`;
    return [...reasons, { code: "no-match", programmes: all, text }];
  }
  const taken = meant.filter((programme) => takesAiring(when, programme));
  const left = meant.length - taken.length;
  if (left > 0) {
    const unsaid = meant.filter(({ isNew }) => isNew === undefined).length;
    const ofThem = [
      left > unsaid && `${left - unsaid} are repeats`,
      unsaid > 0 && `the guide does not say of ${unsaid} whether they are`,
    ].filter(Boolean);
    const text = `It takes first runs only: of the ${meant.length} programmes ahead that it means, ${ofThem.join(", and ")}`;
    reasons.push({ code: "repeat", programmes: left, text });
  }
  if (fires || taken.length === 0) return reasons;
  const without = taken.filter((programme) => momentsIn(when, programme).length === 0).length;
  const text =
    without === taken.length
      ? `The ${taken.length} programmes ahead that it means are too short for it`
      : `In the ${taken.length} programmes ahead that it means, no moment of it is still to come`;
  return [...reasons, { code: "no-moment", programmes: taken.length, text }];
}
