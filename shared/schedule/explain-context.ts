/** What an explanation is made from. */
import type { ChannelGroups } from "./channel-group.ts";
import type { FindNearest } from "./nearest-moment.ts";
import type { Placement } from "./placement.ts";
import type { Planner } from "./planner.ts";
import type { ProgrammeIndex } from "./programme-index.ts";
import type { ProgrammeTimes } from "./programme-rule.ts";

export interface ExplainContext {
  /** Undefined when there is none of that id. */
  placement: Placement | undefined;
  /** The placement's id, as asked. */
  id: string;
  /** An editor took the whole placement off the air. */
  withdrawn: boolean;
  groups: ChannelGroups;
  planner: Planner;
  programmes: ProgrammeIndex;
  channel: string;
  region: string | undefined;
  /** Where a question is asked of many channels. */
  findNearest?: FindNearest;
  /** Whether the region's line-up has the channel; undefined where regions make no difference. */
  inLineUp: boolean | undefined;
}

export function programmeOf(
  { programmes, matching }: ProgrammeIndex,
  id: string,
): ProgrammeTimes | undefined {
  const [place] = matching({ programme: id });
  return place === undefined ? undefined : programmes[place];
}
