/** What somebody else saved of the thing that is open: central tells as soon as it is there, before one saves. */
import { useRef } from "preact/hooks";
import type { Topic } from "../../live/events.ts";
import { useResource } from "./context.tsx";

interface Tagged {
  tag: string | undefined;
}

/**
 * @param base what editing began with, or was saved last; without a tag while it is new
 * @param busy while one saves, what central tells of may be one's own
 */
export function useNewer<T extends Tagged>(
  key: string,
  base: Tagged,
  busy: boolean,
  load: () => Promise<T>,
  topics: readonly Topic[] = ["drafts"],
): T | undefined {
  // Those that were ours: a reply under way while we saved brings one of them.
  const own = useRef(new Set<string>());
  if (base.tag !== undefined) own.current.add(base.tag);
  const { value } = useResource(
    `newer ${key} ${base.tag === undefined}`,
    async () => (base.tag === undefined ? undefined : load()),
    topics,
  );
  const isNewer = value?.tag !== undefined && !own.current.has(value.tag);
  return isNewer && !busy ? value : undefined;
}
