/** What the viewers of an edge that is behind would see otherwise, and from which moment on that matters. */

import type { Position } from "../../shared/publication/manifest.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import type { Past } from "../store/past.ts";
import { type Difference, describeDifference } from "./difference.ts";
import type { OnAir } from "./on-air.ts";
import { inTurns } from "./work.ts";

/** Older publications compared at hand; a fleet serves few at a time. */
const REMEMBERED_MAX = 20;
/** Guides and rules move on: what matters next is found anew. */
const REMEMBERED_MS = 60_000;

export interface Landing {
  /** Cue changes in a region that an edge serving `position` has not got; undefined when that was never on air. */
  behind(position: Position, region: string, nowMs: number): Promise<Difference["cues"][number] | undefined>;
}

/** @param newBreather lets others have their turn between the steps of one comparison */
export function createLanding({
  onAir,
  past,
  newBreather,
}: {
  onAir(): OnAir | undefined;
  past: Past;
  newBreather(): () => Promise<void>;
}): Landing {
  const remembered = new Map<string, { atMs: number; difference: Promise<Difference | undefined> }>();

  async function compare(position: Position, now: OnAir, nowMs: number): Promise<Difference | undefined> {
    const served = await past.at(position.epoch, position.revision);
    if (!served || served.hash !== position.hash) return undefined;
    const content = new Map<string, Part>();
    for (const [name, hash] of Object.entries(served.manifest.parts)) {
      if (name === "history" || name === "images" || name === "schedules") continue;
      const same = now.manifest.parts[name] === hash ? now.content.get(name) : undefined;
      content.set(name, same ?? (await past.part(hash)));
    }
    return inTurns(describeDifference(content as Content, now.content, nowMs), newBreather());
  }

  return {
    async behind(position, region, nowMs) {
      const now = onAir();
      if (!now || now.hash === position.hash) return undefined;
      const key = `${position.hash} ${now.hash}`;
      let found = remembered.get(key);
      if (!found || nowMs - found.atMs > REMEMBERED_MS) {
        if (remembered.size >= REMEMBERED_MAX) remembered.clear();
        found = { atMs: nowMs, difference: compare(position, now, nowMs) };
        found.difference.catch(() => remembered.delete(key));
        remembered.set(key, found);
      }
      return (await found.difference)?.cues.find((each) => each.region === region);
    },
  };
}
