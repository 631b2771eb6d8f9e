/** What judging needs of a cue, looked up in what is on air and then in what was. */
import * as v from "valibot";
import type { Cue } from "../../shared/protocol/schedule.ts";
import type { InteractionEntry } from "../../shared/publication/entries.ts";
import { guidePart, interactionEntrySchema, interactionKey } from "../../shared/publication/entries.ts";
import type { Part } from "../../shared/publication/part.ts";
import { channelsOf } from "../../shared/schedule/channel-group.ts";
import { parseCueId } from "../../shared/schedule/cue-id.ts";
import { locateCue } from "../../shared/schedule/expand.ts";
import { placementSchema } from "../../shared/schedule/placement.ts";
import type { ProgrammeTimes } from "../../shared/schedule/programme-rule.ts";
import { readGroups } from "../publish/assemble.ts";
import type { OnAir } from "../publish/on-air.ts";
import type { Drafts } from "../store/drafts.ts";
import type { Past, Publication } from "../store/past.ts";

/** How far back cues are looked for: publications with other placements or another guide. */
const LOOK_BACK_MAX = 60;
/** Answers remembered until the next publication. */
const REMEMBERED_MAX = 20_000;
/** Placements that ever were on air, remembered; then they are read anew. */
const PLACEMENTS_MAX = 1_000_000;

export interface CueFinder {
  /** The cue of an id; undefined when it was never on air, as far back as is looked. */
  cue(id: string): Promise<Cue | undefined>;
  entry(interaction: string, version: number): Promise<InteractionEntry | undefined>;
  /** After a publication: what was not known may be now. */
  forget(): void;
}

interface Ports {
  onAir(): OnAir | undefined;
  past: Past;
  drafts: Drafts;
}

export function createCueFinder({ onAir, past, drafts }: Ports): CueFinder {
  const cues = new Map<string, Cue | undefined>();
  const entries = new Map<string, InteractionEntry | undefined>();
  /** Until the next publication. */
  let earlier: Promise<Publication[]> | undefined;
  /** Ids, of whatever parts were read. */
  const everPlaced = new Set<string>();
  const partsRead = new Set<string>();

  /** Whoever reaches an edge can name any cue: one of a placement that never was on air is told from it by a look. */
  async function wasPlaced(placement: string, publications: readonly Publication[]): Promise<boolean> {
    if (everPlaced.has(placement)) return true;
    for (const { manifest } of publications) {
      const hash = manifest.parts.placements;
      if (hash === undefined || partsRead.has(hash)) continue;
      if (everPlaced.size > PLACEMENTS_MAX) {
        everPlaced.clear();
        partsRead.clear();
      }
      for (const id of (await past.part(hash)).keys()) everPlaced.add(id);
      partsRead.add(hash);
    }
    return everPlaced.has(placement);
  }

  async function locate(
    id: string,
    part: (name: string) => Promise<Part | undefined>,
  ): Promise<Cue | undefined> {
    const parts = parseCueId(id);
    const body = parts && (await part("placements"))?.get(parts.placement);
    if (!parts || body === undefined) return undefined;
    const placement = v.parse(placementSchema, JSON.parse(String(body)));
    let programme: ProgrammeTimes | undefined;
    if (placement.when.kind === "programme") {
      const name = parts.occurrence.slice(0, parts.occurrence.lastIndexOf("."));
      const groups = await part("channel-groups");
      for (const channel of channelsOf(placement, readGroups(groups))) {
        const found = (await part(guidePart(channel)))?.get(name);
        if (found === undefined) continue;
        programme = JSON.parse(String(found)) as ProgrammeTimes;
        break;
      }
    }
    return locateCue(
      id,
      () => placement,
      () => programme,
    );
  }

  async function search(id: string): Promise<Cue | undefined> {
    const now = onAir();
    const found = now && (await locate(id, async (name) => now.content.get(name)));
    if (found || !now) return found;
    const named = parseCueId(id);
    if (!named) return undefined;
    earlier ??= past.list(LOOK_BACK_MAX);
    const publications = await earlier;
    if (!(await wasPlaced(named.placement, publications))) return undefined;
    for (const { manifest } of publications) {
      const then = await locate(id, async (name) => {
        const hash = manifest.parts[name];
        return hash === undefined ? undefined : await past.part(hash);
      });
      if (then) return then;
    }
    return undefined;
  }

  const remember = <T>(map: Map<string, T>, key: string, value: T): T => {
    if (map.size >= REMEMBERED_MAX) map.clear();
    map.set(key, value);
    return value;
  };

  return {
    async cue(id) {
      if (cues.has(id)) return cues.get(id);
      return remember(cues, id, await search(id));
    },
    async entry(interaction, version) {
      const key = interactionKey(interaction, version);
      if (entries.has(key)) return entries.get(key);
      const body = onAir()?.content.get("interactions")?.get(key);
      const found =
        body === undefined
          ? await drafts.interaction(interaction, version)
          : v.parse(interactionEntrySchema, JSON.parse(String(body)));
      return remember(entries, key, found);
    },
    forget() {
      earlier = undefined;
      cues.clear();
      entries.clear();
    },
  };
}
