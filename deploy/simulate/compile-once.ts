/** Compiles a publication once for all edges that come from the same one before it: what they would serve is the same. */
import type { Publication } from "../../edge/headend/serve/publication-view.ts";
import { compileSnapshot, type Snapshot } from "../../edge/headend/serve/snapshot.ts";

export type Compile = (publication: Publication, before: Snapshot | undefined) => Promise<Snapshot>;

/** A channel's guide is a new one each time that a programme overruns; the ones before stay among the held for a while. */
const GUIDES_A_CHANNEL = 8;

/** @param channels of its line-up: the guides of all are held, and never read a second time */
export function createCompile(region: string, channels: number): Compile {
  const settings = { region, guidesHeld: GUIDES_A_CHANNEL * channels, pause: () => Promise.resolve() };
  const made = new WeakMap<Publication, Map<Snapshot | undefined, Promise<Snapshot>>>();
  return (publication, before) => {
    let by = made.get(publication);
    if (!by) {
      by = new Map();
      made.set(publication, by);
    }
    let snapshot = by.get(before);
    if (!snapshot) {
      snapshot = compileSnapshot(publication, settings, before);
      by.set(before, snapshot);
    }
    return snapshot;
  };
}
