/** Cues of one channel that begin while another is on the screen. Pure. */
import type { TimelineCue } from "../../publish/timeline.ts";

const remembered = new WeakMap<readonly TimelineCue[], Map<string, string>>();

/** @returns by cue id, the placement of the one that is on the screen then */
export function overlapsOf(cues: readonly TimelineCue[]): Map<string, string> {
  const before = remembered.get(cues);
  if (before) return before;
  const found = new Map<string, string>();
  remembered.set(cues, found);
  const sorted = cues
    .filter(({ suppressed }) => !suppressed)
    .sort((a, b) => a.atMs - b.atMs || b.priority - a.priority);
  let last: TimelineCue | undefined;
  for (const cue of sorted) {
    if (last && cue.atMs < last.atMs + last.durationMs) found.set(cue.id, last.placement);
    if (!last || cue.atMs + cue.durationMs > last.atMs + last.durationMs) last = cue;
  }
  return found;
}
