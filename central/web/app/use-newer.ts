/** What somebody else saved of the thing that is open: central tells as soon as it is there, before one saves. */
import { useRef } from "preact/hooks";
import type { Topic } from "../../live/events.ts";
import { Refused } from "../platform/http.ts";
import { useResource } from "./context.tsx";

interface Tagged {
  tag: string | undefined;
}

export interface Newer<T> {
  /** What somebody else saved. */
  newer: T | undefined;
  /** Somebody else removed it. */
  gone: boolean;
}

/** There is no such thing any more. */
export const isGone = (error: unknown): boolean => error instanceof Refused && error.status === 404;

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
): Newer<T> {
  // Those that were ours: a reply under way while we saved brings one of them.
  const own = useRef(new Set<string>());
  if (base.tag !== undefined) own.current.add(base.tag);
  const { value, error } = useResource(
    `newer ${key} ${base.tag === undefined}`,
    async () => (base.tag === undefined ? undefined : load()),
    topics,
  );
  if (busy || base.tag === undefined) return { newer: undefined, gone: false };
  if (isGone(error)) return { newer: undefined, gone: true };
  return { newer: value?.tag !== undefined && !own.current.has(value.tag) ? value : undefined, gone: false };
}
