/**
 * Named groups of channels, that placements and channel rules name instead of the channels.
 *
 * A publication carries groups as they are, and whoever compiles resolves them: a changed group is one row on
 * the line to the edges however many placements name it, and a channel that neither joins nor leaves keeps
 * every byte of its schedule, because that is made from what the group means for it alone.
 */
import * as v from "valibot";
import { idSchema } from "../protocol/primitives.ts";

export const channelGroupSchema = v.object({
  id: idSchema,
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  channels: v.pipe(v.array(idSchema), v.maxLength(5000)),
});
export type ChannelGroup = v.InferOutput<typeof channelGroupSchema>;

export type ChannelGroups = ReadonlyMap<string, ChannelGroup>;

/** @returns each once, those named first and then by group; unknown groups are empty */
export function channelsOf(
  named: { channels?: readonly string[] | undefined; groups?: readonly string[] | undefined },
  groups: ChannelGroups,
): string[] {
  const channels = new Set(named.channels);
  for (const group of named.groups ?? []) {
    for (const channel of groups.get(group)?.channels ?? []) channels.add(channel);
  }
  return [...channels];
}
