/** What is to be on air: the drafts, or what is on air with one thing changed, or a past publication. */

import { CuecastError } from "../../shared/errors.ts";
import type { InteractionEntry } from "../../shared/publication/entries.ts";
import type { Content, Part } from "../../shared/publication/part.ts";
import type { Statement } from "../../shared/runtime/database.ts";
import { parseCueId } from "../../shared/schedule/cue-id.ts";
import { type Drafts, placementStatement } from "../store/drafts.ts";
import type { Fleet } from "../store/fleet.ts";
import type { Images } from "../store/images.ts";
import type { Past } from "../store/past.ts";
import { assembleDrafts, placementsOf, rolledBack, withGuide, withPlacements } from "./assemble.ts";
import type { OnAir } from "./on-air.ts";
import { inTurns } from "./work.ts";

export interface Wanted {
  /** Every part but `schedules` and `history`. */
  base: Content;
  /** Changes of the drafts that go with it. */
  also?: Statement[];
}

export interface WantedContent {
  fromDrafts(): Promise<Wanted>;
  /**
   * What is on air, with the stored guide of these channels; of channels that are not on air, nothing.
   *
   * @throws {CuecastError} 404 `not-on-air` before the first publication
   */
  withStoredGuide(channels: readonly string[]): Promise<Wanted>;
  /** @throws {CuecastError} 404 `not-on-air` */
  withdrawn(what: { placement: string } | { cue: string }): Promise<Wanted>;
  /** @throws {CuecastError} 404 `unknown-publication` */
  rolledBackTo(place: { epoch: number; revision: number }): Promise<Content>;
}

interface Ports {
  drafts: Drafts;
  past: Past;
  fleet: Fleet;
  images: Images;
  onAir: () => OnAir | undefined;
  /** Whoever else waits has a turn. */
  newBreather(): () => Promise<void>;
}

export function createWantedContent({
  drafts,
  past,
  fleet,
  images,
  onAir,
  newBreather,
}: Ports): WantedContent {
  /** Those that are on air already are not read again. */
  async function imagesOf(entries: readonly InteractionEntry[]): Promise<Map<string, Uint8Array>> {
    const found = new Map<string, Uint8Array>();
    for (const { interaction } of entries) {
      const sha256 = interaction.image?.sha256;
      if (sha256 === undefined || found.has(sha256)) continue;
      const there = onAir()?.content.get("images")?.get(sha256);
      const bytes = there instanceof Uint8Array ? there : (await images.get(sha256))?.bytes;
      if (bytes) found.set(sha256, bytes);
    }
    return found;
  }

  async function fromDrafts(): Promise<Wanted> {
    const breathe = newBreather();
    const guide = await drafts.guide(breathe);
    // Read at once, so that what one edit changed together is together; what takes long comes after.
    const every = await drafts.everyPlacement();
    const [regions, channels] = [await drafts.regions(), await drafts.channels()];
    const [groups, rules] = [await drafts.groups(), await drafts.rules()];
    const edges = await fleet.addresses();
    const placements = (await inTurns(every, breathe)).flatMap((draft) =>
      draft.state === "active" ? [draft.placement] : [],
    );
    const interactions = new Map<string, Awaited<ReturnType<Drafts["interaction"]>>>();
    for (const { interaction, version } of placements) {
      const key = `${interaction}@${version}`;
      if (interactions.has(key)) continue;
      interactions.set(key, await drafts.interaction(interaction, version));
      await breathe();
    }
    const entries = [...interactions.values()].filter((entry) => entry !== undefined);
    return {
      base: await inTurns(
        assembleDrafts({
          ...{ regions, channels, guide, placements, groups, rules, edges },
          interactions: entries,
          images: await imagesOf(entries),
        }),
        breathe,
      ),
    };
  }

  async function rolledBackTo(place: { epoch: number; revision: number }): Promise<Content> {
    const now = onAir();
    const target = await past.at(place.epoch, place.revision);
    if (target?.state !== "on-air" || !now) {
      throw new CuecastError(`Cannot roll back to ${place.epoch}/${place.revision}: it never was on air`, {
        code: "unknown-publication",
        status: 404,
      });
    }
    return rolledBack(await past.content(target), now.content);
  }

  async function withStoredGuide(channels: readonly string[]): Promise<Wanted> {
    const now = onAir();
    if (!now) {
      throw new CuecastError("Cannot put a guide on air: nothing was published yet", {
        code: "not-on-air",
        status: 404,
      });
    }
    const { content } = now;
    const guides = new Map<string, Part>();
    for (const channel of channels) {
      if (content.get("channels")?.has(channel)) guides.set(channel, await drafts.guideOf(channel));
    }
    return { base: withGuide(content, guides) };
  }

  async function withdrawn(what: { placement: string } | { cue: string }): Promise<Wanted> {
    const notThere = (name: string) =>
      new CuecastError(`Cannot withdraw ${name}: it is not on air`, { code: "not-on-air", status: 404 });
    const cue = "cue" in what ? parseCueId(what.cue) : undefined;
    const name = "cue" in what ? what.cue : what.placement;
    const id = "cue" in what ? cue?.placement : what.placement;
    const now = onAir();
    const placements = now ? placementsOf(now.content) : [];
    const found = placements.find((placement) => placement.id === id);
    if (!now || !found || (cue && cue.generation !== found.generation)) throw notThere(name);
    const rest = placements.filter((placement) => placement !== found);
    const draft = await drafts.placement(found.id);
    if (!cue) {
      return {
        base: withPlacements(now.content, rest),
        also: draft ? [placementStatement({ ...draft, state: "withdrawn" })] : [],
      };
    }
    const except = (placement: typeof found) => ({
      ...placement,
      except: [...new Set([...(placement.except ?? []), cue.occurrence])],
    });
    const sameAiring = draft?.placement.generation === found.generation;
    return {
      base: withPlacements(now.content, [...rest, except(found)]),
      also: draft && sameAiring ? [placementStatement({ ...draft, placement: except(draft.placement) })] : [],
    };
  }

  return { fromDrafts, withStoredGuide, withdrawn, rolledBackTo };
}
