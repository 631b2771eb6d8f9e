/** What names a region or a channel, so that it cannot be removed. Pure. */
import { CuecastError, type WrongPlace } from "../../shared/errors.ts";
import type { RegionEntry } from "../../shared/publication/entries.ts";
import type { ChannelGroup } from "../../shared/schedule/channel-group.ts";
import type { ChannelRule } from "../../shared/schedule/channel-rule.ts";
import type { Placement } from "../../shared/schedule/placement.ts";

/** Most told at once. */
const USES_MAX = 20;

const WORDS = {
  ...{ placement: "placement", group: "channel group", rule: "channel rule" },
  ...{ region: "line-up of region", edge: "edge" },
};
type User = keyof typeof WORDS;

function uses(by: User, all: readonly { id: string }[]): WrongPlace[] {
  const said = by === "edge" ? "is enrolled in it" : "names it";
  return all.map(({ id: name }) => ({
    path: "",
    message: `the ${WORDS[by]} ${name} ${said}`,
    code: `used-by-${by}`,
    facts: { name },
  }));
}

export function usesOfRegion(
  id: string,
  all: {
    placements: readonly Placement[];
    edges: readonly { id: string; region: string; revokedAtMs?: number | undefined }[];
  },
): WrongPlace[] {
  return [
    ...uses(
      "placement",
      all.placements.filter(({ regions }) => regions?.includes(id)),
    ),
    ...uses(
      "edge",
      all.edges.filter(({ region, revokedAtMs }) => region === id && revokedAtMs === undefined),
    ),
  ];
}

export function usesOfChannel(
  id: string,
  all: {
    placements: readonly Placement[];
    groups: readonly ChannelGroup[];
    rules: readonly ChannelRule[];
    regions: readonly RegionEntry[];
  },
): WrongPlace[] {
  const naming = <T extends { channels?: readonly string[] | undefined }>(things: readonly T[]) =>
    things.filter(({ channels }) => channels?.includes(id));
  return [
    ...uses("placement", naming(all.placements)),
    ...uses("group", naming(all.groups)),
    ...uses("rule", naming(all.rules)),
    ...uses("region", naming(all.regions)),
  ];
}

/** @throws {CuecastError} 409 `still-used`, naming what does */
export function refuseUsed(id: string, found: readonly WrongPlace[]): void {
  if (found.length === 0) return;
  const others = found.length > 1 ? ` and ${found.length - 1} more` : "";
  throw new CuecastError(`Cannot remove ${id}: ${found[0]?.message}${others}; take it out of there first`, {
    code: "still-used",
    status: 409,
    errors: found.slice(0, USES_MAX),
  });
}
